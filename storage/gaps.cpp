// Gaps, as the view v_gaps has them. The view reads every observation; here bars that are covered
// to their last second are passed over, days first and then hours, and only what is left is looked
// at.
#include <algorithm>

#include "storage/connection.hpp"
#include "storage/observations.hpp"
#include "storage/rows.hpp"

namespace hashprice::storage {
namespace {

using domain::kDay;
using domain::kHour;
using domain::Range;
using domain::seconds;

constexpr std::string_view kFullDays =
    "SELECT start_s FROM bars_1d WHERE start_s >= ? AND start_s < ? AND covered_s = 86400 "
    "ORDER BY start_s";
constexpr std::string_view kFullHours =
    "SELECT start_s FROM bars_1h WHERE start_s >= ? AND start_s < ? AND covered_s = 3600 "
    "ORDER BY start_s";
// In time order: the last one at or before ?1, those up to an hour after ?2, and of the later ones
// those that speak for more than an hour and begin by ?2 (the longest speak for a week).
constexpr std::string_view kAround =
    "SELECT time_s, span_s FROM observations WHERE time_s <= ?2 + 3600 AND time_s >= "
    "COALESCE((SELECT MAX(time_s) FROM observations WHERE time_s <= ?1), ?1) "
    "UNION ALL SELECT time_s, span_s FROM observations WHERE span_s > 3600 AND "
    "time_s > ?2 + 3600 AND time_s <= ?2 + 32 * 86400 AND time_s - span_s <= ?2 ORDER BY time_s";

/// What is left of `range` without the bars of `sql`; neighbours are one stretch.
std::vector<Range> without_full(Connection& c, std::string_view sql, seconds length,
                                const Range& range) {
    // with an earlier start more is left to be looked at, and the gaps are the same
    const auto start_of = [](Statement& row) { return time_at(row, 0); };  // no mutant
    const auto full = all_rows(ready(c, sql, unix_s(range.from), unix_s(range.to)), start_of);
    std::vector<Range> left;
    UtcSeconds at = range.from;
    for (const UtcSeconds start : full) {
        if (start > at) left.push_back({at, start});
        at = start + length;
    }
    if (at < range.to) left.push_back({at, range.to});
    return left;
}

/// The gaps that touch the stretch, the last one first. None reaches over its ends: the bars before
/// and after it are full.
std::vector<Gap> gaps_in(Connection& c, const Range& stretch) {
    struct Spoken {
        UtcSeconds time;
        seconds span;
    };
    const auto rows =
        all_rows(ready(c, kAround, unix_s(stretch.from), unix_s(stretch.to)), [](Statement& row) {
            return Spoken{time_at(row, 0), seconds{row.getColumn(1).getInt64()}};
        });
    std::vector<Gap> gaps;
    auto reach = UtcSeconds::max();
    for (std::size_t n = rows.size(); n > 1; --n) {
        reach = std::min(reach, rows[n - 1].time - rows[n - 1].span);
        const UtcSeconds previous = rows[n - 2].time;
        if (reach > previous && reach > stretch.from && previous < stretch.to)
            gaps.push_back({previous, reach});
    }
    return gaps;
}

UtcSeconds midnight_before(UtcSeconds t) { return bar_start(domain::Step::day, t); }

std::vector<Gap> gaps_of(Connection& c, const ObservationSpan& span, UtcSeconds from,
                         UtcSeconds to) {
    const Range days{midnight_before(std::max(span.first, from)),
                     midnight_before(std::min(span.last, to)) + kDay};
    std::vector<Gap> gaps;
    for (const Range& some_days : without_full(c, kFullDays, kDay, days)) {
        for (const Range& hours : without_full(c, kFullHours, kHour, some_days)) {
            std::vector<Gap> found = gaps_in(c, hours);
            std::erase_if(found, [&](const Gap& g) { return g.to <= from || g.from >= to; });
            gaps.insert(gaps.end(), found.rbegin(), found.rend());
        }
    }
    for (Gap& gap : gaps) gap = {std::max(from, gap.from), std::min(to, gap.to)};
    return gaps;
}

}  // namespace

Result<std::vector<Gap>> gaps_between(Database& db, UtcSeconds from, UtcSeconds to) {
    const auto span = observation_span(db);
    if (!span) return tl::unexpected(span.error());
    if (!*span) return std::vector<Gap>{};
    return guarded(
        [&]() -> Result<std::vector<Gap>> { return gaps_of(db.connection(), **span, from, to); });
}

}  // namespace hashprice::storage
