#include "storage/quarantine.hpp"

#include <fmt/format.h>

#include "storage/connection.hpp"
#include "storage/read_bodies.hpp"
#include "storage/record_blocks.hpp"
#include "storage/rows.hpp"
#include "storage/take_out.hpp"

namespace hashprice::storage {
namespace {

// what a payload speaks about is read only where it is a fact of ours: anything else is any text
constexpr std::string_view kList =
    "SELECT q.id, sources.name, kind, reason, payload, received_at_s, state, decided_at_s, "
    "CASE WHEN fact THEN COALESCE(json_extract(payload, '$.height'), "
    "json_extract(payload, '$.start_height'), json_extract(payload, '$.tip_height')) END, "
    "CASE WHEN fact THEN COALESCE(json_extract(payload, '$.time_s'), "
    "json_extract(payload, '$.start_time_s'), json_extract(payload, '$.end_s')) END "
    "FROM (SELECT *, CASE WHEN kind <> 'body' THEN json_valid(payload) ELSE 0 END AS fact "
    "FROM quarantine) AS q JOIN sources ON sources.id = q.source_id "
    "WHERE ?1 IN ('', state) ORDER BY q.id DESC LIMIT ?2";
constexpr std::string_view kOne =
    "SELECT source_id, kind, payload, received_at_s, state FROM quarantine WHERE id = ?";
constexpr std::string_view kDecide =
    "UPDATE quarantine SET state = ?, decided_at_s = ? WHERE id = ?";

struct Case {
    Speaker said;
    std::string kind;
    std::string payload;
};

std::optional<std::int64_t> integer_at(Statement& row, int column) {
    if (!row.getColumn(column).isInteger()) return std::nullopt;
    return row.getColumn(column).getInt64();
}

Quarantined quarantined_of(Statement& row) {
    Quarantined q{row.getColumn(0).getInt64(),  row.getColumn(1).getString(),
                  row.getColumn(2).getString(), row.getColumn(3).getString(),
                  row.getColumn(4).getString(), time_at(row, 5),
                  row.getColumn(6).getString()};
    if (const auto at = integer_at(row, 7)) q.decided_at = domain::utc(*at);
    q.height = integer_at(row, 8);
    if (const auto at = integer_at(row, 9)) q.time = domain::utc(*at);
    return q;
}

Result<Case> open_case(Connection& c, std::int64_t id) {
    std::string state;
    const auto found = first_row(ready(c, kOne, id), [&](Statement& row) {
        state = row.getColumn(4).getString();
        return Case{{row.getColumn(0).getInt(), time_at(row, 3)},
                    row.getColumn(1).getString(),
                    row.getColumn(2).getString()};
    });
    if (!found) {
        return fail(Errc::not_found,
                    fmt::format("nothing in quarantine has the number {}; `hashprice quarantine "
                                "list` shows what is there",
                                id));
    }
    if (state != "pending") {
        return fail(Errc::usage, fmt::format("number {} is {} already", id, state));
    }
    return *found;
}

}  // namespace

Result<std::vector<Quarantined>> quarantined(Database& db, std::string_view state, int most) {
    return guarded([&]() -> Result<std::vector<Quarantined>> {
        return all_rows(ready(db.connection(), kList, std::string(state), most), quarantined_of);
    });
}

Result<Recorded> release(Database& db, std::int64_t id, UtcSeconds now) {
    return guarded([&]() -> Result<Recorded> {
        Connection& c = db.connection();
        const auto found = open_case(c, id);
        if (!found) return tl::unexpected(found.error());
        const auto fact = fact_in(c, found->kind, found->payload);
        if (!fact) {
            return fail(fact.error().code,
                        fmt::format("number {} cannot be released: {}", id, fact.error().what));
        }
        Recorded done;
        overrule(c, *fact, found->said.source, now, done);
        record_released(c, *fact, found->said, done);
        run(c, kDecide, std::string("released"), unix_s(now), id);
        return done;
    });
}

Status reject(Database& db, std::int64_t id, UtcSeconds now) {
    return guarded([&]() -> Status {
        Connection& c = db.connection();
        const auto found = open_case(c, id);
        if (!found) return tl::unexpected(found.error());
        run(c, kDecide, std::string("rejected"), unix_s(now), id);
        return {};
    });
}

}  // namespace hashprice::storage
