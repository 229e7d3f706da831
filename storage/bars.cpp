#include "storage/bars.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "storage/connection.hpp"
#include "storage/many_rows.hpp"
#include "storage/observations.hpp"
#include "storage/rows.hpp"

namespace hashprice::storage {
namespace {

using domain::Bar;
using domain::BarPiece;
using domain::Range;
using domain::Step;

/// One stored step: its table's statements, and what its bars are made of.
struct Ladder {
    Step step;
    Step finer;  ///< raw: made of observations; else those with a longer span come beside its bars
    std::string select;
    ManyRows upsert;
    std::string remove;
};

Ladder rung(Step step, Step finer) {
    constexpr std::string_view kColumns =
        "start_s, covered_s, usd_open, usd_high, usd_low, usd_close, usd_mean, "
        "sat_open, sat_high, sat_low, sat_close, sat_mean";
    const std::string table = fmt::format("bars_{}", step_name(step));
    return {step, finer,
            fmt::format("SELECT {} FROM {} WHERE start_s >= ? AND start_s < ? ORDER BY start_s",
                        kColumns, table),
            ManyRows(fmt::format("INSERT OR REPLACE INTO {}({}) VALUES", table, kColumns), 12),
            fmt::format("DELETE FROM {} WHERE start_s = ?", table)};
}

const std::array<Ladder, 4>& ladder() {
    static const std::array<Ladder, 4> rungs{
        rung(Step::hour, Step::raw), rung(Step::day, Step::hour), rung(Step::week, Step::day),
        rung(Step::month, Step::day)};
    return rungs;
}

const Ladder* rung_of(Step step) {
    const auto* const found = std::ranges::find(ladder(), step, &Ladder::step);
    return found == ladder().end() ? nullptr : &*found;
}

constexpr std::string_view kCoarse =
    "SELECT time_s, span_s, usd_per_ph_day, sat_per_ph_day FROM observations "
    "WHERE span_s > 3600 AND time_s > ? AND time_s <= ? ORDER BY time_s";
constexpr std::string_view kAll =
    "SELECT time_s, span_s, usd_per_ph_day, sat_per_ph_day FROM observations "
    "WHERE time_s > ? AND time_s <= ? ORDER BY time_s";

domain::Ohlc ohlc_at(Statement& row, int at) {
    return {row.getColumn(at).getDouble(), row.getColumn(at + 1).getDouble(),
            row.getColumn(at + 2).getDouble(), row.getColumn(at + 3).getDouble(),
            row.getColumn(at + 4).getDouble()};
}

std::vector<Bar> stored_bars(Connection& c, const Ladder& rung, const Range& range) {
    return all_rows(ready(c, rung.select, unix_s(range.from), unix_s(range.to)), [](Statement&
                                                                                        row) {
        return Bar{time_at(row, 0), row.getColumn(1).getInt64(), ohlc_at(row, 2), ohlc_at(row, 7)};
    });
}

std::vector<BarPiece> observed(Connection& c, std::string_view sql, const Range& range) {
    return all_rows(ready(c, sql, unix_s(range.from), unix_s(range.to)), [](Statement& row) {
        domain::Observation o;
        o.time = time_at(row, 0);
        o.span = domain::seconds{row.getColumn(1).getInt64()};
        o.usd_per_ph_day = row.getColumn(2).getDouble();
        o.sat_per_ph_day = row.getColumn(3).getDouble();
        return piece_of(o);
    });
}

/// What the bars over (from, to] are made of, in time order, a finer bar before an observation that
/// ends with it.
std::vector<BarPiece> pieces_of(Connection& c, const Ladder& rung, const Range& range) {
    if (rung.finer == Step::raw) return observed(c, kAll, range);
    std::vector<BarPiece> pieces = observed(c, kCoarse, range);
    const domain::seconds length = step_length(rung.finer);
    std::erase_if(pieces, [&](const BarPiece& p) { return p.span <= length; });
    const auto finer = stored_bars(c, *rung_of(rung.finer), range);
    std::vector<BarPiece> merged;
    merged.reserve(pieces.size() + finer.size());
    auto coarse = pieces.begin();
    for (const Bar& bar : finer) {
        const BarPiece piece = piece_of(bar, length);
        while (coarse != pieces.end() && coarse->end < piece.end) merged.push_back(*coarse++);
        merged.push_back(piece);
    }
    merged.insert(merged.end(), coarse, pieces.end());
    return merged;
}

std::vector<Bar> folded(const Ladder& rung, std::span<const BarPiece> pieces) {
    std::vector<Bar> bars;
    while (!pieces.empty()) {
        const UtcSeconds start = bar_start(rung.step, pieces.front().end);
        const UtcSeconds end = next_bar(rung.step, start);
        const auto stop =
            std::ranges::find_if(pieces, [&](const BarPiece& p) { return p.end > end; });
        const auto count = static_cast<std::size_t>(stop - pieces.begin());
        bars.push_back(fold_bar(start, end, pieces.first(count)));
        pieces = pieces.subspan(count);
    }
    return bars;
}

void bind_bar(Statement& statement, int at, const Bar& b) {
    bind_all(statement, at, unix_s(b.start), b.covered_s, b.usd.open, b.usd.high, b.usd.low,
             b.usd.close, b.usd.mean, b.sat.open, b.sat.high, b.sat.low, b.sat.close, b.sat.mean);
}

void rebuild(Connection& c, const Ladder& rung, const Range& range) {
    const std::vector<Bar> fresh = folded(rung, pieces_of(c, rung, range));
    const std::vector<Bar> stored = stored_bars(c, rung, range);
    std::vector<const Bar*> changed;
    auto old = stored.begin();
    for (const Bar& bar : fresh) {
        while (old != stored.end() && old->start < bar.start)
            run(c, rung.remove, unix_s((old++)->start));
        const bool known = old != stored.end() && old->start == bar.start;
        if (!known || *old != bar) changed.push_back(&bar);
        if (known) ++old;
    }
    while (old != stored.end()) run(c, rung.remove, unix_s((old++)->start));
    rung.upsert.write<Bar>(c, changed, bind_bar);
}

/// How many bars of either are not in the other as they are; both ascending.
std::int64_t differences(const std::vector<Bar>& fresh, const std::vector<Bar>& stored) {
    std::int64_t count = 0;
    auto old = stored.begin();
    for (const Bar& bar : fresh) {
        while (old != stored.end() && old->start < bar.start) ++old, ++count;
        const bool known = old != stored.end() && old->start == bar.start;
        if (!known || *old != bar) ++count;
        if (known) ++old;
    }
    return count + (stored.end() - old);
}

std::int64_t amiss(Connection& c, const Ladder& rung, const Range& range) {
    // 30 days of hours: more or fewer at once are counted the same
    constexpr int kBarsAtOnce = 720;  // no mutant
    std::int64_t count = 0;
    for (UtcSeconds at = range.from; at < range.to;) {
        Range part{at, at};
        for (int n = 0; n < kBarsAtOnce && part.to < range.to; ++n)
            part.to = next_bar(rung.step, part.to);
        count += differences(folded(rung, pieces_of(c, rung, part)), stored_bars(c, rung, part));
        at = part.to;
    }
    return count;
}

Range bars_over(Step step, UtcSeconds first, UtcSeconds last) {
    return {bar_start(step, first), next_bar(step, bar_start(step, last))};
}

}  // namespace

Result<std::vector<Bar>> bars_between(Database& db, Step step, const Range& range) {
    if (step == Step::six_hours) {  // too few hours each to be worth a table
        static const Ladder kSixHours = rung(Step::six_hours, Step::hour);
        return guarded([&]() -> Result<std::vector<Bar>> {
            const auto pieces = pieces_of(db.connection(), kSixHours, range);
            return folded(kSixHours, pieces);
        });
    }
    const Ladder* rung = rung_of(step);
    if (rung == nullptr)
        return fail(Errc::usage, fmt::format("bars of {} are not stored", step_name(step)));
    return guarded(
        [&]() -> Result<std::vector<Bar>> { return stored_bars(db.connection(), *rung, range); });
}

Status rebuild_bars(Database& db, UtcSeconds first, UtcSeconds last) {
    return guarded([&]() -> Status {
        for (const Ladder& rung : ladder()) {
            rebuild(db.connection(), rung, bars_over(rung.step, first, last));
        }
        return {};
    });
}

Result<std::int64_t> bars_amiss(Database& db, UtcSeconds first, UtcSeconds last) {
    return guarded([&]() -> Result<std::int64_t> {
        std::int64_t count = 0;
        for (const Ladder& rung : ladder())
            count += amiss(db.connection(), rung, bars_over(rung.step, first, last));
        return count;
    });
}

}  // namespace hashprice::storage
