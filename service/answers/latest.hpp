#pragma once
#include <optional>
#include <string>
#include <vector>

#include "service/answers/json.hpp"
#include "storage/facts.hpp"
#include "storage/observations.hpp"

/// What is asked most: the newest hash price.
namespace hashprice::service::answers {

using domain::Result;
using domain::seconds;
using domain::UtcSeconds;

/// How old an answer may be before it says so.
struct Freshness {
    UtcSeconds now;
    seconds max_age{300};  ///< of a price
    seconds interval{60};  ///< the live grid
};

/// Names by source id.
using SourceNames = std::vector<storage::SourceName>;
std::string name_of(const SourceNames& names, domain::SourceId id);
/// The names of a set of ids, as an observation keeps it.
std::vector<std::string> names_of(const SourceNames& names, std::uint64_t set);

/// "" when it may be taken at face value.
std::string stale_reason(const domain::Observation& o, const Freshness& freshness);
std::string degraded_reason(const domain::Observation& o);

struct Latest {
    std::optional<storage::KeptObservation> kept;  ///< none: nothing was ever observed
    bool stale = true;
    std::string stale_reason;
    std::string degraded_reason;
    SourceNames names;
};
Result<Latest> latest(storage::Database& db, const Freshness& freshness);
std::string latest_json(const Latest& latest);

/// The fields of one observation, as `latest`, `explain` and events share them.
void put_observation(Json& json, const domain::Observation& o, const SourceNames& names);

constexpr std::string_view kFormula =
    "usd_per_ph_day = 86400e15 * (subsidy_sat + fee_sat_mean) / (difficulty * 2^48 / 65535) / 1e8 "
    "* price_usd";

}  // namespace hashprice::service::answers
