#pragma once
#include <optional>
#include <string>

#include "domain/projection.hpp"
#include "service/answers/latest.hpp"

/// What the next retarget and the next halving will do to the hash price, all else equal.
namespace hashprice::service::answers {

struct ProjectionAnswer {
    std::optional<UtcSeconds> time;  ///< of the newest observation: price and fees are as of it
    std::optional<domain::ChainPosition> at;
    /// Both ends of the epoch's elapsed time are header times of stored blocks.
    bool from_blocks = false;
    std::optional<domain::Projection> projection;
    std::string missing;  ///< without a projection: what there is not
    std::string stale_reason;
};

Result<ProjectionAnswer> projection(storage::Database& db, const Freshness& freshness);
std::string projection_json(const ProjectionAnswer& answer);

}  // namespace hashprice::service::answers
