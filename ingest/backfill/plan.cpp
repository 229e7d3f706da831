#include "ingest/backfill/plan.hpp"

#include <algorithm>

namespace hashprice::ingest {

UtcSeconds floor_to(UtcSeconds t, seconds step) {
    return UtcSeconds{t.time_since_epoch() / step * step};
}

UtcSeconds ceil_to(UtcSeconds t, seconds step) { return floor_to(t + step - seconds{1}, step); }

std::vector<Chunk> chunks_of(Range range) {
    std::vector<Chunk> chunks;
    UtcSeconds to = range.to;
    UtcSeconds blocks_to = range.to;
    while (to > range.from) {
        // the first chunk's blocks reach further back than its instants, so all others' do
        const UtcSeconds from = std::max(range.from, blocks_to - kChunk + kPrelude);
        chunks.push_back({{from, to}, {from - kPrelude, blocks_to}, from == range.from});
        to = from;
        blocks_to = from - kPrelude;
    }
    return chunks;
}

std::vector<Chunk> chunks_of(Range range, seconds step, UtcSeconds now) {
    if (step < domain::kDay) return chunks_of(range);
    const UtcSeconds by_day_to =
        std::clamp(floor_to(now - kByBlock, domain::kDay), range.from, range.to);
    std::vector<Chunk> chunks = chunks_of({by_day_to, range.to});
    for (UtcSeconds to = by_day_to; to > range.from;) {
        const UtcSeconds from = std::max(range.from, to - kDayChunk);
        chunks.push_back({{from, to}, {from, to}, from == range.from, true});
        to = from;
    }
    return chunks;
}

std::vector<Range> missing_stretches(std::span<const HeldBlock> held, Range wanted) {
    if (held.empty()) return {wanted};
    std::vector<Range> missing;
    const auto add = [&](UtcSeconds from, UtcSeconds to) {
        const Range part{std::max(from, wanted.from), std::min(to, wanted.to)};
        if (!part.empty()) missing.push_back(part);
    };
    if (held.front().time > wanted.from) add(wanted.from, held.front().time);
    for (std::size_t i = 1; i < held.size(); ++i) {
        if (held[i].height == held[i - 1].height + 1) continue;
        const auto [first, last] = std::minmax(held[i - 1].time, held[i].time);
        add(first, last);
    }
    if (held.back().time < wanted.to) add(held.back().time, wanted.to);
    return missing;
}

std::vector<Range> fee_windows(std::span<const Range> stretches, seconds longest) {
    std::vector<Range> windows;
    for (const Range& stretch : stretches) {
        if (stretch.to - stretch.from <= kPageStretch) continue;
        for (UtcSeconds at = stretch.from; at < stretch.to; at += longest) {
            windows.push_back({at, std::min(at + longest, stretch.to)});
        }
    }
    return windows;
}

std::vector<Heights> missing_heights_of(std::span<const HeldBlock> held) {
    std::vector<Heights> missing;
    for (std::size_t i = 1; i < held.size(); ++i) {
        if (held[i].height > held[i - 1].height + 1) {
            missing.push_back({held[i - 1].height + 1, held[i].height});
        }
    }
    return missing;
}

std::vector<UtcSeconds> instants_of(Range instants, seconds step) {
    std::vector<UtcSeconds> all;
    for (UtcSeconds t = floor_to(instants.from, step) + step; t <= instants.to; t += step) {
        all.push_back(t);
    }
    return all;
}

std::vector<Range> joined(std::span<const UtcSeconds> instants, seconds step) {
    std::vector<Range> stretches;
    for (const UtcSeconds t : instants) {
        if (!stretches.empty() && stretches.back().to + step == t) {
            stretches.back().to = t;
        } else {
            stretches.push_back({t - step, t});
        }
    }
    return stretches;
}

namespace {

constexpr int kQuietSpans = 3;

std::vector<Range> requests_for(std::span<const UtcSeconds> missing, const CandleQuestion& q) {
    std::vector<Range> requests;
    for (const UtcSeconds end : missing) {
        const bool fits =
            !requests.empty() && end - requests.back().from <= q.offer.per_request * q.span;
        if (fits) {
            requests.back().to = end;
        } else {
            requests.push_back({end - q.span, end});
        }
    }
    return requests;
}

}  // namespace

CandlePlan plan_candles(const CandleQuestion& q, std::span<const UtcSeconds> held) {
    const auto has = [&](UtcSeconds t) { return std::ranges::binary_search(held, t); };
    UtcSeconds earliest = ceil_to(q.offer.earliest, q.span);
    if (q.offer.reach) earliest = std::max(earliest, ceil_to(q.now - *q.offer.reach, q.span));
    std::vector<UtcSeconds> open;
    for (const UtcSeconds t : instants_of(q.instants, q.span)) {
        if (!has(t)) open.push_back(t);
    }
    CandlePlan plan;
    for (const Range& stretch : joined(open, q.span)) {
        const bool quiet = stretch.to - stretch.from <= kQuietSpans * q.span && has(stretch.from) &&
                           has(stretch.to + q.span);
        if (quiet) continue;
        for (const UtcSeconds t : instants_of(stretch, q.span)) {
            if (t - q.span < earliest) {
                plan.reaches_to = earliest;
            } else {
                plan.missing.push_back(t);
            }
        }
    }
    plan.requests = requests_for(plan.missing, q);
    return plan;
}

}  // namespace hashprice::ingest
