#include "storage/annotations.hpp"

#include <fmt/format.h>

#include "storage/connection.hpp"
#include "storage/rows.hpp"

namespace hashprice::storage {
namespace {

constexpr std::string_view kAdd =
    "INSERT INTO annotations(time_s, text, recorded_at_s) VALUES(?, ?, ?)";
constexpr std::string_view kRemove =
    "UPDATE annotations SET removed_at_s = ? WHERE id = ? AND removed_at_s IS NULL";
constexpr std::string_view kBetween =
    "SELECT id, time_s, text, recorded_at_s FROM annotations "
    "WHERE time_s >= ? AND time_s < ? AND removed_at_s IS NULL ORDER BY time_s, id";

}  // namespace

Result<std::int64_t> add_annotation(Database& db, UtcSeconds time, const std::string& text,
                                    UtcSeconds now) {
    return guarded([&]() -> Result<std::int64_t> {
        run(db.connection(), kAdd, unix_s(time), text, unix_s(now));
        return db.connection().db.getLastInsertRowid();
    });
}

Status remove_annotation(Database& db, std::int64_t id, UtcSeconds now) {
    return guarded([&]() -> Status {
        if (run(db.connection(), kRemove, unix_s(now), id) == 1) return {};
        return fail(Errc::not_found,
                    fmt::format("there is no note {}; `hashprice annotate list` shows them", id));
    });
}

Result<std::vector<Annotation>> annotations_between(Database& db, UtcSeconds from, UtcSeconds to) {
    return guarded([&]() -> Result<std::vector<Annotation>> {
        return all_rows(ready(db.connection(), kBetween, unix_s(from), unix_s(to)),
                        [](Statement& row) {
                            return Annotation{row.getColumn(0).getInt64(), time_at(row, 1),
                                              row.getColumn(2).getString(), time_at(row, 3)};
                        });
    });
}

}  // namespace hashprice::storage
