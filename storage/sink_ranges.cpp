#include "storage/sink_ranges.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "storage/rows.hpp"

namespace hashprice::storage {
namespace {

constexpr std::int64_t kNear = 86'400;  // ranges closer than this are one
constexpr std::int64_t kEnd = 253'402'300'799;

constexpr std::string_view kNames = "SELECT name FROM sinks ORDER BY name";
constexpr std::string_view kSinks =
    "SELECT name, points, last_success_s, last_error, "
    "(SELECT COUNT(*) FROM sink_ranges WHERE sink = name), "
    "(SELECT MIN(from_s) FROM sink_ranges WHERE sink = name AND to_s >= newest), newest, first "
    "FROM sinks, (SELECT COALESCE(MAX(time_s), 0) AS newest, COALESCE(MIN(time_s), 0) AS first "
    "FROM observations) ORDER BY name";
constexpr std::string_view kAddSink =
    "INSERT INTO sinks(name, points, last_error) VALUES(?, 0, '') ON CONFLICT(name) DO NOTHING";
constexpr std::string_view kDropSink = "DELETE FROM sinks WHERE name = ?";
constexpr std::string_view kDropRanges = "DELETE FROM sink_ranges WHERE sink = ?";
constexpr std::string_view kOnTheWay =
    "SELECT id, from_s, to_s FROM sink_ranges WHERE sink = ? AND sending = 1 ORDER BY id";
constexpr std::string_view kNeighbours =
    "SELECT id, from_s, to_s FROM sink_ranges WHERE sink = ?1 AND sending = 0 AND to_s >= ?2 AND "
    "from_s <= ?3 ORDER BY id";
constexpr std::string_view kAddRange =
    "INSERT INTO sink_ranges(sink, from_s, to_s, sending) VALUES(?, ?, ?, ?)";
constexpr std::string_view kDropRange = "DELETE FROM sink_ranges WHERE id = ?";
constexpr std::string_view kNewestOwed =
    "SELECT id, from_s, to_s FROM sink_ranges WHERE sink = ? AND sending = 0 ORDER BY to_s DESC "
    "LIMIT 1";
constexpr std::string_view kNth =
    "SELECT time_s FROM observations WHERE time_s > ? AND time_s <= ? ORDER BY time_s DESC "
    "LIMIT 1 OFFSET ?";
constexpr std::string_view kSent =
    "UPDATE sinks SET points = points + ?, last_success_s = ?, last_error = '' WHERE name = ?";
constexpr std::string_view kFailed = "UPDATE sinks SET last_error = ? WHERE name = ?";

struct Row {
    std::int64_t id;
    std::int64_t from;
    std::int64_t to;
};
Row row_of(Statement& row) {
    return {row.getColumn(0).getInt64(), row.getColumn(1).getInt64(), row.getColumn(2).getInt64()};
}

std::vector<std::string> names(Connection& c) {
    return all_rows(c.prepared(kNames),
                    [](Statement& row) { return row.getColumn(0).getString(); });
}

/// Joined with what is owed already around it.
void add_range(Connection& c, const std::string& sink, std::int64_t from, std::int64_t to) {
    for (const Row& near :
         all_rows(ready(c, kNeighbours, sink, from - kNear, to + kNear), row_of)) {
        from = std::min(from, near.from);
        to = std::max(to, near.to);
        run(c, kDropRange, near.id);
    }
    run(c, kAddRange, sink, from, to, 0);
}

template <class Work>
Status transacted(Database& db, Work&& work) {
    return in_transaction(db, [&] {
        return guarded([&]() -> Status {
            work(db.connection());
            return {};
        });
    });
}

SinkState state_of(Statement& row) {
    SinkState s{.name = row.getColumn(0).getString(),
                .points = row.getColumn(1).getInt64(),
                .last_error = row.getColumn(3).getString(),
                .ranges = row.getColumn(4).getInt64()};
    if (!row.isColumnNull(2)) s.last_success = time_at(row, 2);
    if (!row.isColumnNull(5)) {
        const UtcSeconds newest = time_at(row, 6);
        s.waiting_from = std::max(time_at(row, 5), time_at(row, 7));
        s.lag = std::max(newest - *s.waiting_from, domain::seconds{0});
    }
    return s;
}

}  // namespace

Status register_sinks(Database& db, const std::vector<std::string>& wanted) {
    return guarded([&]() -> Status {
        Connection& c = db.connection();
        const auto known = names(c);
        for (const std::string& name : known) {
            if (std::ranges::find(wanted, name) == wanted.end()) {
                run(c, kDropSink, name);
                run(c, kDropRanges, name);
                continue;
            }
            for (const Row& part : all_rows(ready(c, kOnTheWay, name), row_of)) {
                run(c, kDropRange, part.id);
                add_range(c, name, part.from, part.to);
            }
        }
        for (const std::string& name : wanted) {
            if (run(c, kAddSink, name) > 0) add_range(c, name, -1, kEnd);
        }
        return {};
    });
}

Status owe(Database& db, const std::string& sink, UtcSeconds from, UtcSeconds to) {
    return guarded([&]() -> Status {
        Connection& c = db.connection();
        const auto known = names(c);
        if (std::ranges::find(known, sink) == known.end()) {
            return fail(Errc::not_found,
                        fmt::format("no daemon has served a sink '{}' from this database yet: "
                                    "when it does, it sends everything anyway",
                                    sink));
        }
        add_range(c, sink, unix_s(from), unix_s(to));
        return {};
    });
}

Result<std::vector<SinkState>> sinks(Database& db) {
    return guarded([&]() -> Result<std::vector<SinkState>> {
        return all_rows(db.connection().prepared(kSinks), state_of);
    });
}

Result<std::optional<SinkPart>> take_part(Database& db, const std::string& sink, int most) {
    const auto owed = guarded([&]() -> Result<std::optional<Row>> {
        return first_row(ready(db.connection(), kNewestOwed, sink), row_of);
    });
    if (!owed) return tl::unexpected(owed.error());
    if (!*owed) return std::optional<SinkPart>{};
    SinkPart part;
    const Status taken = transacted(db, [&](Connection& c) {
        const auto range = first_row(ready(c, kNewestOwed, sink), row_of);
        if (!range) return;
        const auto nth = first_row(ready(c, kNth, range->from, range->to, most - 1),
                                   [](Statement& row) { return row.getColumn(0).getInt64(); });
        const std::int64_t from = nth ? std::max(*nth - 1, range->from) : range->from;
        run(c, kDropRange, range->id);
        if (from > range->from) run(c, kAddRange, sink, range->from, from, 0);
        run(c, kAddRange, sink, from, range->to, 1);
        part = {c.db.getLastInsertRowid(), domain::utc(from), domain::utc(range->to)};
    });
    if (!taken) return tl::unexpected(taken.error());
    return part.id == 0 ? std::optional<SinkPart>{} : std::optional(part);
}

Status part_sent(Database& db, const std::string& sink, const SinkPart& part, std::int64_t points,
                 UtcSeconds now) {
    return transacted(db, [&](Connection& c) {
        run(c, kDropRange, part.id);
        if (points > 0) run(c, kSent, points, unix_s(now), sink);
    });
}

Status part_failed(Database& db, const std::string& sink, const SinkPart& part,
                   const std::string& error) {
    return transacted(db, [&](Connection& c) {
        run(c, kDropRange, part.id);
        add_range(c, sink, unix_s(part.from), unix_s(part.to));
        run(c, kFailed, error, sink);
    });
}

void note_changed(Connection& c, std::span<const UtcSeconds> instants) {
    if (instants.empty()) return;
    const auto all = names(c);
    if (all.empty()) return;
    auto begin = instants.begin();
    while (begin != instants.end()) {
        const auto end = std::adjacent_find(begin, instants.end(), [](UtcSeconds a, UtcSeconds b) {
            return b - a > domain::seconds{kNear};
        });
        const auto last = end == instants.end() ? std::prev(end) : end;
        for (const std::string& sink : all) add_range(c, sink, unix_s(*begin) - 1, unix_s(*last));
        begin = std::next(last);
    }
}

}  // namespace hashprice::storage
