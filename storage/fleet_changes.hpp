#pragma once
#include <optional>
#include <string>
#include <vector>

#include "domain/daily.hpp"
#include "storage/database.hpp"

namespace hashprice::storage {

/// A fleet goes under water, or comes up again.
struct FleetChange {
    std::int64_t id = 0;  ///< given by store_fleet
    std::string fleet;
    domain::Day day;  ///< from this day's close on
    bool under_water = false;
    double close_usd{};     ///< the close that did it, USD per PH/s and day
    double shutdown_usd{};  ///< the fleet's line then
    UtcSeconds recorded_at;
    std::optional<UtcSeconds> withdrawn_at;  ///< the past, or the fleet's settings, changed since
};

/// Makes what is stored of the fleet equal to `changes` (all of them, by day), as store_rule does
/// with episodes. Returns the new ones. Call within a Transaction.
Result<std::vector<FleetChange>> store_fleet(Database& db, const std::string& fleet,
                                             const std::vector<FleetChange>& changes,
                                             UtcSeconds now);

/// All of one fleet, by id, withdrawn ones included.
Result<std::vector<FleetChange>> fleet_changes(Database& db, const std::string& fleet);

}  // namespace hashprice::storage
