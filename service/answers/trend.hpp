#pragma once
#include <optional>
#include <string>
#include <vector>

#include "service/answers/declines.hpp"

/// Where the hash price stands, rule by rule.
namespace hashprice::service::answers {

/// What one rule says now.
struct RuleStanding {
    domain::Rule rule;
    std::optional<domain::DailyPoint> last;       ///< the newest close, in the rule's denomination
    std::optional<domain::DailyPoint> high;       ///< the highest close of its window up to it
    std::optional<Decline> decline;               ///< the one that is open
    std::optional<Decline> before;                ///< the newest one that is closed
    std::optional<storage::Evaluation> recorded;  ///< how far the daemon has followed it

    [[nodiscard]] bool declining() const;  ///< active or recovering
};

struct Trend {
    std::vector<RuleStanding> rules;
    std::optional<Day> last;              ///< of the newest close
    std::string stale_reason;             ///< "" when the newest complete day has its close
    std::vector<domain::DailyPoint> usd;  ///< every close, for a chart

    [[nodiscard]] bool declining() const;
};

/// `at`: as it stood when that instant's day was the newest complete one, by what is known today.
Result<Trend> trend(storage::Database& db, const std::vector<domain::Rule>& rules,
                    const std::optional<UtcSeconds>& at, UtcSeconds now);
std::string trend_json(const Trend& trend);

}  // namespace hashprice::service::answers
