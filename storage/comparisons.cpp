#include "storage/comparisons.hpp"

#include "storage/connection.hpp"
#include "storage/facts.hpp"
#include "storage/rows.hpp"

namespace hashprice::storage {
namespace {

constexpr std::string_view kAdd =
    "INSERT INTO comparisons(time_s, source_id, usd_per_ph_day, ours_usd_per_ph_day, ours_time_s, "
    "fetched_at_s) VALUES(?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING";
constexpr std::string_view kBetween =
    "SELECT sources.name, time_s, usd_per_ph_day, ours_usd_per_ph_day, ours_time_s "
    "FROM comparisons JOIN sources ON sources.id = source_id "
    "WHERE time_s >= ? AND time_s < ? ORDER BY time_s, source_id";
constexpr std::string_view kNewest =
    "SELECT sources.name, MAX(time_s), usd_per_ph_day, ours_usd_per_ph_day, ours_time_s "
    "FROM comparisons JOIN sources ON sources.id = source_id "
    "GROUP BY source_id ORDER BY sources.name";

Comparison comparison_in(Statement& row) {
    return {row.getColumn(0).getString(), time_at(row, 1), row.getColumn(2).getDouble(),
            row.getColumn(3).getDouble(), time_at(row, 4)};
}

}  // namespace

Status note_comparison(Database& db, const Comparison& comparison, UtcSeconds fetched_at) {
    const auto id = source_id(db, comparison.source);
    if (!id) return tl::unexpected(id.error());
    return guarded([&]() -> Status {
        run(db.connection(), kAdd, unix_s(comparison.time), *id, comparison.usd_per_ph_day,
            comparison.ours_usd_per_ph_day, unix_s(comparison.ours_time), unix_s(fetched_at));
        return {};
    });
}

Result<std::vector<Comparison>> comparisons_between(Database& db, UtcSeconds from, UtcSeconds to) {
    return guarded([&]() -> Result<std::vector<Comparison>> {
        return all_rows(ready(db.connection(), kBetween, unix_s(from), unix_s(to)), comparison_in);
    });
}

Result<std::vector<Comparison>> newest_comparisons(Database& db) {
    return guarded([&]() -> Result<std::vector<Comparison>> {
        return all_rows(db.connection().prepared(kNewest), comparison_in);
    });
}

}  // namespace hashprice::storage
