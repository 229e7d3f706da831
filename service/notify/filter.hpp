#pragma once
#include <algorithm>
#include <string>
#include <vector>

#include "domain/episode.hpp"

namespace hashprice::service::notify {

/// What one receiver is told of.   shape  a value
struct Filter {
    domain::Severity min_severity = domain::Severity::notice;
    std::vector<std::string> kinds;        ///< episode, fleet, source, readiness; empty: all
    std::vector<std::string> other_rules;  ///< those that name receivers, and not this one

    [[nodiscard]] bool wants(const std::string& kind, domain::Severity severity,
                             const std::string& rule) const {
        const auto among = [](const auto& all, const std::string& one) {
            return std::ranges::find(all, one) != all.end();
        };
        return severity >= min_severity && (kinds.empty() || among(kinds, kind)) &&
               !(kind == "episode" && among(other_rules, rule));
    }
};

}  // namespace hashprice::service::notify
