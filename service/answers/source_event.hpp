#pragma once
#include <string>

#include "domain/time.hpp"

namespace hashprice::service::answers {

/// A source became unusable, or usable again.
struct SourceChange {
    std::string source;
    bool up{};
    std::string reason;  ///< why not; empty when up
    domain::UtcSeconds at;
};

/// The data of the server-sent event `source`: source, up, reason (null when up), time, time_s.
std::string source_change_json(const SourceChange& change);

}  // namespace hashprice::service::answers
