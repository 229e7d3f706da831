#include "storage/cool_downs.hpp"

#include "storage/connection.hpp"
#include "storage/rows.hpp"

namespace hashprice::storage {
namespace {

constexpr std::string_view kNote =
    "INSERT INTO cool_downs(host, until_s, reason, noted_at_s) VALUES(?, ?, ?, ?) "
    "ON CONFLICT(host) DO UPDATE SET until_s = excluded.until_s, reason = excluded.reason, "
    "noted_at_s = excluded.noted_at_s WHERE excluded.until_s > until_s";
// what was noted later than now comes from a clock that was wrong
constexpr std::string_view kOf =
    "SELECT host, until_s, reason FROM cool_downs WHERE host = ?1 AND until_s > ?2 AND noted_at_s "
    "<= ?2";
constexpr std::string_view kAll =
    "SELECT host, until_s, reason FROM cool_downs WHERE until_s > ?1 AND noted_at_s <= ?1 "
    "ORDER BY host";

CoolDown cool_down_in(Statement& row) {
    return {row.getColumn(0).getString(), time_at(row, 1), row.getColumn(2).getString()};
}

}  // namespace

Status note_cool_down(Database& db, const CoolDown& cool_down, UtcSeconds now) {
    return guarded([&]() -> Status {
        run(db.connection(), kNote, cool_down.host, unix_s(cool_down.until), cool_down.reason,
            unix_s(now));
        return {};
    });
}

Result<std::optional<CoolDown>> cool_down_of(Database& db, const std::string& host,
                                             UtcSeconds now) {
    return guarded([&]() -> Result<std::optional<CoolDown>> {
        return first_row(ready(db.connection(), kOf, host, unix_s(now)), cool_down_in);
    });
}

Result<std::vector<CoolDown>> cool_downs(Database& db, UtcSeconds now) {
    return guarded([&]() -> Result<std::vector<CoolDown>> {
        return all_rows(ready(db.connection(), kAll, unix_s(now)), cool_down_in);
    });
}

}  // namespace hashprice::storage
