#include "storage/conditions.hpp"

#include "storage/rows.hpp"

namespace hashprice::storage {
namespace {

constexpr std::string_view kGood = "SELECT good FROM conditions WHERE kind = ? AND subject = ?";
constexpr std::string_view kSet =
    "INSERT INTO conditions(kind, subject, good, reason, since_s) VALUES(?, ?, ?, ?, ?) "
    "ON CONFLICT(kind, subject) DO UPDATE SET good = excluded.good, reason = excluded.reason, "
    "since_s = excluded.since_s";
constexpr std::string_view kBad =
    "SELECT kind, subject, reason, since_s FROM conditions WHERE good = 0 ORDER BY kind, subject";

}  // namespace

Result<bool> note_condition(Database& db, const Condition& condition) {
    return guarded([&]() -> Result<bool> {
        Connection& c = db.connection();
        const auto before =
            first_row(ready(c, kGood, condition.kind, condition.subject),
                      [](Statement& row) { return row.getColumn(0).getInt() != 0; });
        if (before == condition.good) return false;
        run(c, kSet, condition.kind, condition.subject, condition.good ? 1 : 0, condition.reason,
            unix_s(condition.since));
        return before.has_value() || !condition.good;
    });
}

Result<std::vector<Condition>> bad_conditions(Database& db) {
    return guarded([&]() -> Result<std::vector<Condition>> {
        return all_rows(db.connection().prepared(kBad), [](Statement& row) {
            return Condition{row.getColumn(0).getString(), row.getColumn(1).getString(), false,
                             row.getColumn(2).getString(), time_at(row, 3)};
        });
    });
}

}  // namespace hashprice::storage
