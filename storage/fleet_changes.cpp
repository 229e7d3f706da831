#include "storage/fleet_changes.hpp"

#include <algorithm>

#include "storage/connection.hpp"
#include "storage/rows.hpp"

namespace hashprice::storage {
namespace {

constexpr std::string_view kOfFleet =
    "SELECT id, fleet, day_s, under_water, close_usd_per_ph_day, shutdown_usd_per_ph_day, "
    "recorded_at_s, withdrawn_at_s FROM fleet_changes WHERE fleet = ? ORDER BY id";
constexpr std::string_view kAdd =
    "INSERT INTO fleet_changes(fleet, day_s, under_water, close_usd_per_ph_day, "
    "shutdown_usd_per_ph_day, recorded_at_s) VALUES(?, ?, ?, ?, ?, ?)";
constexpr std::string_view kWithdraw = "UPDATE fleet_changes SET withdrawn_at_s = ? WHERE id = ?";

FleetChange row_of(Statement& row) {
    FleetChange c{.id = row.getColumn(0).getInt64(),
                  .fleet = row.getColumn(1).getString(),
                  .day = std::chrono::floor<domain::Days>(time_at(row, 2)),
                  .under_water = row.getColumn(3).getInt() != 0,
                  .close_usd = row.getColumn(4).getDouble(),
                  .shutdown_usd = row.getColumn(5).getDouble(),
                  .recorded_at = time_at(row, 6)};
    if (!row.isColumnNull(7)) c.withdrawn_at = time_at(row, 7);
    return c;
}

bool same(const FleetChange& a, const FleetChange& b) {
    return a.day == b.day && a.under_water == b.under_water && a.shutdown_usd == b.shutdown_usd;
}

bool among(const FleetChange& wanted, const std::vector<FleetChange>& all) {
    return std::ranges::any_of(all, [&](const FleetChange& c) { return same(c, wanted); });
}

}  // namespace

Result<std::vector<FleetChange>> store_fleet(Database& db, const std::string& fleet,
                                             const std::vector<FleetChange>& changes,
                                             UtcSeconds now) {
    auto stored = fleet_changes(db, fleet);
    if (!stored) return tl::unexpected(stored.error());
    std::erase_if(*stored, [](const FleetChange& c) { return c.withdrawn_at.has_value(); });
    return guarded([&]() -> Result<std::vector<FleetChange>> {
        Connection& c = db.connection();
        for (const FleetChange& old : *stored) {
            if (!among(old, changes)) run(c, kWithdraw, unix_s(now), old.id);
        }
        std::vector<FleetChange> added;
        for (FleetChange change : changes) {
            if (among(change, *stored)) continue;
            run(c, kAdd, fleet, unix_s(change.day), change.under_water ? 1 : 0, change.close_usd,
                change.shutdown_usd, unix_s(now));
            change.id = c.db.getLastInsertRowid();
            change.fleet = fleet;
            change.recorded_at = now;
            added.push_back(std::move(change));
        }
        return added;
    });
}

Result<std::vector<FleetChange>> fleet_changes(Database& db, const std::string& fleet) {
    return guarded([&]() -> Result<std::vector<FleetChange>> {
        return all_rows(ready(db.connection(), kOfFleet, fleet), row_of);
    });
}

}  // namespace hashprice::storage
