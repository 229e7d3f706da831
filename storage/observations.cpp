#include "storage/observations.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "storage/connection.hpp"
#include "storage/many_rows.hpp"
#include "storage/rows.hpp"
#include "storage/sink_ranges.hpp"

namespace hashprice::storage {
namespace {

using domain::Observation;

// the columns in the order of row_of and bind_row
#define HP_COLUMNS                                                                   \
    "time_s, span_s, height, bits, fee_sat_sum, fee_blocks, fee_window, price_usd, " \
    "price_sources, "                                                                \
    "chain_source_id, fee_source_id, flags, usd_per_ph_day, sat_per_ph_day, recorded_at_s"

constexpr std::string_view kBetween =
    "SELECT " HP_COLUMNS " FROM observations WHERE time_s > ? AND time_s <= ? ORDER BY time_s";
constexpr std::string_view kBefore =
    "SELECT " HP_COLUMNS " FROM observations WHERE time_s <= ? ORDER BY time_s DESC LIMIT ?";
constexpr std::string_view kLatest =
    "SELECT " HP_COLUMNS " FROM observations ORDER BY time_s DESC LIMIT 1";
constexpr std::string_view kSuperseded =
    "SELECT " HP_COLUMNS " FROM observations_superseded WHERE time_s = ? ORDER BY id DESC";
constexpr std::string_view kRevisions =
    "SELECT time_s, COUNT(*) FROM observations_superseded WHERE time_s > ? AND time_s <= ? "
    "GROUP BY time_s ORDER BY time_s";
constexpr std::string_view kAsOf =
    "SELECT " HP_COLUMNS
    " FROM observations WHERE time_s > ?1 AND time_s <= ?2 AND recorded_at_s <= ?3 "
    "UNION ALL "
    "SELECT " HP_COLUMNS
    " FROM observations_superseded WHERE time_s > ?1 AND time_s <= ?2 "
    "AND recorded_at_s <= ?3 AND superseded_at_s > ?3 ORDER BY time_s";
constexpr std::string_view kDayCloses =
    "SELECT " HP_COLUMNS
    " FROM observations WHERE time_s IN (SELECT start_s + 86400 FROM bars_1d) ORDER BY time_s";
constexpr std::string_view kInsert = "INSERT INTO observations(" HP_COLUMNS ") VALUES";
constexpr std::string_view kSupersede =
    "INSERT INTO observations_superseded(" HP_COLUMNS
    ", superseded_at_s) "
    "SELECT " HP_COLUMNS ", ? FROM observations WHERE time_s = ?";
constexpr std::string_view kDelete = "DELETE FROM observations WHERE time_s = ?";
constexpr std::string_view kAfter =
    "SELECT time_s FROM observations WHERE time_s > ? ORDER BY time_s LIMIT 1";
constexpr std::string_view kSpan =
    "SELECT (SELECT MIN(time_s) FROM observations), (SELECT MAX(time_s) FROM observations)";
#undef HP_COLUMNS

KeptObservation row_of(Statement& row) {
    Observation o;
    o.time = time_at(row, 0);
    o.span = domain::seconds{row.getColumn(1).getInt64()};
    o.height = row.getColumn(2).getInt64();
    o.bits = bits_at(row, 3);
    o.fee_sum = domain::Satoshi{row.getColumn(4).getInt64()};
    o.fee_blocks = row.getColumn(5).getInt();
    o.fee_window = static_cast<domain::FeeWindow>(row.getColumn(6).getInt());
    o.price_usd = row.getColumn(7).getDouble();
    o.price_sources = static_cast<std::uint64_t>(row.getColumn(8).getInt64());
    o.chain_source = row.getColumn(9).getInt();
    o.fee_source = row.getColumn(10).getInt();
    o.flags = row.getColumn(11).getUInt();
    o.usd_per_ph_day = row.getColumn(12).getDouble();
    o.sat_per_ph_day = row.getColumn(13).getDouble();
    return {o, time_at(row, 14)};
}

void bind_row(Statement& statement, int at, const Observation& o, UtcSeconds now) {
    bind_all(statement, at, unix_s(o.time), o.span.count(), o.height,
             static_cast<std::int64_t>(o.bits.value), o.fee_sum.value, o.fee_blocks,
             static_cast<int>(o.fee_window), o.price_usd,
             static_cast<std::int64_t>(o.price_sources), o.chain_source, o.fee_source, o.flags,
             o.usd_per_ph_day, o.sat_per_ph_day, unix_s(now));
}

void supersede(Connection& c, UtcSeconds t, UtcSeconds now) {
    run(c, kSupersede, unix_s(now), unix_s(t));
    run(c, kDelete, unix_s(t));
}

/// Rows that give way to others, and the instants where they do.
struct Replacement {
    Connection& c;
    UtcSeconds now;
    std::vector<UtcSeconds> changed{};
    std::vector<const Observation*> fresh{};  ///< to be written, once the old ones are gone

    void drop(const Observation& old) {
        supersede(c, old.time, now);
        changed.push_back(old.time);
    }
    void put(const Observation* old, const Observation& said) {
        if (old != nullptr && *old == said) return;
        if (old != nullptr) supersede(c, old->time, now);
        changed.push_back(said.time);
        fresh.push_back(&said);
    }
    void write() const {
        static const ManyRows kRows(kInsert, 15);
        kRows.write<Observation>(c, fresh,
                                 [this](Statement& statement, int at, const Observation& o) {
                                     bind_row(statement, at, o, now);
                                 });
    }
};

Result<std::vector<KeptObservation>> all(Connection& c, std::string_view sql, std::int64_t a,
                                         std::int64_t b) {
    return guarded([&]() -> Result<std::vector<KeptObservation>> {
        return all_rows(ready(c, sql, a, b), row_of);
    });
}

}  // namespace

Result<std::vector<KeptObservation>> observations_between(Database& db, UtcSeconds from,
                                                          UtcSeconds to) {
    return all(db.connection(), kBetween, unix_s(from), unix_s(to));
}

Result<std::vector<KeptObservation>> observations_as_of(Database& db, const domain::Range& range,
                                                        UtcSeconds then) {
    return guarded([&]() -> Result<std::vector<KeptObservation>> {
        return all_rows(
            ready(db.connection(), kAsOf, unix_s(range.from), unix_s(range.to), unix_s(then)),
            row_of);
    });
}

Result<std::vector<KeptObservation>> observations_before(Database& db, UtcSeconds t, int count) {
    return all(db.connection(), kBefore, unix_s(t), count);
}

Result<std::vector<KeptObservation>> day_closes(Database& db) {
    return guarded([&]() -> Result<std::vector<KeptObservation>> {
        return all_rows(db.connection().prepared(kDayCloses), row_of);
    });
}

Result<std::optional<UtcSeconds>> observation_after(Database& db, UtcSeconds t) {
    return guarded([&]() -> Result<std::optional<UtcSeconds>> {
        return first_row(ready(db.connection(), kAfter, unix_s(t)),
                         [](Statement& row) { return time_at(row, 0); });
    });
}

Result<std::optional<KeptObservation>> latest_observation(Database& db) {
    return guarded([&]() -> Result<std::optional<KeptObservation>> {
        return first_row(db.connection().prepared(kLatest), row_of);
    });
}

Result<std::vector<KeptObservation>> superseded_values(Database& db, UtcSeconds t) {
    return guarded([&]() -> Result<std::vector<KeptObservation>> {
        return all_rows(ready(db.connection(), kSuperseded, unix_s(t)), row_of);
    });
}

Result<std::map<UtcSeconds, std::int64_t>> revisions_between(Database& db, UtcSeconds from,
                                                             UtcSeconds to) {
    return guarded([&]() -> Result<std::map<UtcSeconds, std::int64_t>> {
        std::map<UtcSeconds, std::int64_t> revisions;
        Statement& rows = ready(db.connection(), kRevisions, unix_s(from), unix_s(to));
        while (rows.executeStep()) revisions[time_at(rows, 0)] = rows.getColumn(1).getInt64();
        rows.reset();
        return revisions;
    });
}

Result<std::optional<ObservationSpan>> observation_span(Database& db) {
    return guarded([&]() -> Result<std::optional<ObservationSpan>> {
        const auto span = first_and_last(db.connection().prepared(kSpan));
        if (!span) return std::optional<ObservationSpan>{};
        return ObservationSpan{span->from, span->to};
    });
}

Result<std::vector<UtcSeconds>> replace_observations(Database& db, UtcSeconds from, UtcSeconds to,
                                                     std::span<const Observation> derived,
                                                     UtcSeconds now) {
    const auto stored = observations_between(db, from, to);
    if (!stored) return tl::unexpected(stored.error());
    return guarded([&]() -> Result<std::vector<UtcSeconds>> {
        Replacement rows{db.connection(), now};
        auto old = stored->begin();
        for (const Observation& o : derived) {
            while (old != stored->end() && old->observation.time < o.time)
                rows.drop((old++)->observation);
            const bool known = old != stored->end() && old->observation.time == o.time;
            rows.put(known ? &(old++)->observation : nullptr, o);
        }
        while (old != stored->end()) rows.drop((old++)->observation);
        rows.write();
        note_changed(db.connection(), rows.changed);
        return std::move(rows.changed);
    });
}

}  // namespace hashprice::storage
