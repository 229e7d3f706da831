#include "storage/retract.hpp"

#include <fmt/format.h>

#include "storage/changed_heights.hpp"
#include "storage/connection.hpp"
#include "storage/read_bodies.hpp"
#include "storage/record_blocks.hpp"
#include "storage/retracted.hpp"
#include "storage/rows.hpp"
#include "storage/take_out.hpp"

namespace hashprice::storage {
namespace {

using domain::format_time;
using domain::Range;

constexpr std::string_view kStanding =
    "SELECT sources.name, from_s, to_s, retracted_at_s FROM retractions "
    "JOIN sources ON sources.id = retractions.source_id WHERE undone_at_s IS NULL "
    "ORDER BY sources.name, from_s";
constexpr std::string_view kAdd =
    "INSERT INTO retractions(source_id, from_s, to_s, retracted_at_s, undone_at_s) "
    "VALUES(?, ?, ?, ?, NULL)";
constexpr std::string_view kOverlapping =
    "SELECT id, from_s, to_s, retracted_at_s FROM retractions "
    "WHERE source_id = ? AND from_s < ? AND to_s > ? AND undone_at_s IS NULL ORDER BY id";
constexpr std::string_view kUndo = "UPDATE retractions SET undone_at_s = ? WHERE id = ?";
constexpr std::string_view kKnown = "SELECT id FROM sources WHERE name = ?";
constexpr std::string_view kAsideOf =
    "SELECT id, kind, body, fetched_at_s FROM facts_aside "
    "WHERE source_id = ? AND reason = 'retracted' ORDER BY fetched_at_s, id";
constexpr std::string_view kRestored = "UPDATE facts_aside SET reason = 'restored' WHERE id = ?";

struct Standing {
    std::int64_t id{};
    Range range;
    UtcSeconds at;
};
struct Aside {
    std::int64_t id{};
    std::string kind;
    std::string body;
    UtcSeconds fetched_at;
};

Result<SourceId> known_source(Connection& c, std::string_view name) {
    const auto id = first_row(ready(c, kKnown, std::string(name)),
                              [](Statement& row) { return row.getColumn(0).getInt(); });
    if (id) return *id;
    return fail(Errc::usage,
                fmt::format("no source named '{}' ever said anything; `hashprice sources` lists "
                            "those that did",
                            name));
}

/// Ends what stands within the range; what reaches beyond it stands on.
bool end_standing(Connection& c, SourceId source, const Range& range, UtcSeconds now) {
    const auto standing = all_rows(
        ready(c, kOverlapping, source, unix_s(range.to), unix_s(range.from)), [](Statement& row) {
            return Standing{
                row.getColumn(0).getInt64(), {time_at(row, 1), time_at(row, 2)}, time_at(row, 3)};
        });
    for (const Standing& s : standing) {
        run(c, kUndo, unix_s(now), s.id);
        for (const Range& rest : {Range{s.range.from, range.from}, Range{range.to, s.range.to}}) {
            if (rest.empty()) continue;
            run(c, kAdd, source, unix_s(rest.from), unix_s(rest.to), unix_s(s.at));
        }
    }
    return !standing.empty();
}

bool within(const domain::FactBatch& one, const Range& range) {
    const auto any = [&](const auto& facts) {
        if (facts.empty()) return false;
        const UtcSeconds t = speaks_until(facts.front());
        return t >= range.from && t < range.to;
    };
    return any(one.blocks) || any(one.epochs) || any(one.prices) || any(one.fee_means);
}

}  // namespace

Result<std::vector<Retraction>> retractions(Database& db) {
    return guarded([&]() -> Result<std::vector<Retraction>> {
        return all_rows(db.connection().prepared(kStanding), [](Statement& row) {
            return Retraction{
                row.getColumn(0).getString(), {time_at(row, 1), time_at(row, 2)}, time_at(row, 3)};
        });
    });
}

Result<Recorded> retract(Database& db, std::string_view source, const Range& range,
                         UtcSeconds now) {
    if (range.empty()) return fail(Errc::usage, "the range is empty");
    return guarded([&]() -> Result<Recorded> {
        Connection& c = db.connection();
        const auto id = known_source(c, source);
        if (!id) return tl::unexpected(id.error());
        run(c, kAdd, *id, unix_s(range.from), unix_s(range.to), unix_s(now));
        Recorded done;
        take_out_of(c, *id, range, now, done);
        return done;
    });
}

Result<Recorded> undo_retraction(Database& db, std::string_view source, const Range& range,
                                 UtcSeconds now) {
    return guarded([&]() -> Result<Recorded> {
        Connection& c = db.connection();
        const auto id = known_source(c, source);
        if (!id) return tl::unexpected(id.error());
        if (!end_standing(c, *id, range, now)) {
            return fail(Errc::not_found,
                        fmt::format("nothing of '{}' is retracted from {} to {}", source,
                                    format_time(range.from), format_time(range.to)));
        }
        const auto aside = all_rows(ready(c, kAsideOf, *id), [](Statement& row) {
            return Aside{row.getColumn(0).getInt64(), row.getColumn(1).getString(),
                         row.getColumn(2).getString(), time_at(row, 3)};
        });
        Recorded done;
        for (const Aside& a : aside) {
            auto fact = fact_in(c, a.kind, a.body);
            if (!fact) return tl::unexpected(fact.error());
            if (!within(*fact, range)) continue;
            run(c, kRestored, a.id);
            fact->source = source;
            fact->fetched_at = a.fetched_at;
            auto recorded = record(db, *fact);
            if (!recorded) return recorded;
            done += *recorded;
        }
        return done;
    });
}

}  // namespace hashprice::storage
