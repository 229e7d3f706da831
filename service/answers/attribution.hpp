#pragma once
#include <optional>
#include <string>
#include <vector>

#include "domain/observation.hpp"
#include "service/answers/decline_json.hpp"

/// What a change of the hash price between two instants was made of.
namespace hashprice::service::answers {

using domain::Result;
using domain::UtcSeconds;

struct AttributionAnswer {
    domain::Observation from;
    domain::Observation to;
    domain::Attribution parts;       ///< in USD
    std::vector<trend::Jump> steps;  ///< between the daily closes that lie within
};

/// `to` left out: the newest observation.
///   errors  nothing speaks for an instant -> Errc::not_found, saying which and what is near;
///   `from` not before `to` -> Errc::usage
Result<AttributionAnswer> attribution(storage::Database& db, UtcSeconds from,
                                      const std::optional<UtcSeconds>& to);
std::string attribution_json(const AttributionAnswer& answer);

}  // namespace hashprice::service::answers
