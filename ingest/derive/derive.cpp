#include "ingest/derive/derive.hpp"

#include <algorithm>
#include <optional>

#include "storage/bars.hpp"
#include "storage/facts.hpp"
#include "storage/observations.hpp"
#include "storage/upkeep.hpp"

namespace hashprice::ingest {
namespace {

using domain::kDay;
using domain::kHour;
using domain::Range;
using domain::Result;
using domain::Status;

constexpr seconds kChunk = 30 * kDay;
constexpr std::int64_t kFeeBlocks = 144;
constexpr std::int64_t kSlackBlocks =
    36;  // header times are out of order by at most some two hours
constexpr seconds kSlack = 3 * kHour;
constexpr seconds kNear = kDay;  // ranges closer than this are derived in one go

Result<std::vector<storage::Sourced<domain::Block>>> blocks_for(storage::Database& db,
                                                                UtcSeconds from, UtcSeconds to) {
    // a fee window may be a day old, and reaches 144 blocks further back
    const auto oldest = storage::height_near(db, from - kDay - kSlack);
    if (!oldest) return tl::unexpected(oldest.error());
    const auto first = storage::height_before(db, *oldest, kFeeBlocks + kSlackBlocks);
    const auto last = storage::height_near(db, to);
    if (!first || !last) return tl::unexpected(first ? last.error() : first.error());
    return storage::blocks_between(db, std::max<std::int64_t>(*first, 0), *last + 1 + kSlackBlocks);
}

/// Where there can be observations at all: between the first and last price, or where there are
/// some already.
Result<Range> clipped(storage::Database& db, UtcSeconds from, UtcSeconds to,
                      const DeriveOptions& options) {
    const auto prices = storage::price_span(db);
    const auto first = storage::observation_after(db, UtcSeconds{});
    const auto last = storage::latest_observation(db);
    if (const auto good = domain::all_good(prices, first, last); !good)
        return tl::unexpected(good.error());
    Range span{to, from};
    if (*prices) span = {(*prices)->from - seconds{1}, (*prices)->to + options.max_age};
    if (*first && *last) {
        const Range old{**first - seconds{1}, (*last)->observation.time};
        span = *prices ? Range{std::min(span.from, old.from), std::max(span.to, old.to)} : old;
    }
    return Range{std::max(from, span.from), std::min(to, span.to)};
}

Status derive_chunk(storage::Database& db, const Range& chunk, const DeriveOptions& options,
                    UtcSeconds now, Derived& done) {
    const auto facts = load_window(db, chunk.from, chunk.to, options);
    if (!facts) return tl::unexpected(facts.error());
    const auto observations = observe(*facts, chunk.from, chunk.to, options);
    const auto changed = storage::replace_observations(db, chunk.from, chunk.to, observations, now);
    if (!changed) return tl::unexpected(changed.error());
    if (changed->empty()) return {};
    if (done.changed == 0) done.first = changed->front();
    done.last = changed->back();
    done.changed += static_cast<std::int64_t>(changed->size());
    return storage::rebuild_bars(db, changed->front(), changed->back());
}

/// Observations whose prices were forgotten stay as they are.
std::vector<Range> without(const Range& range, const std::optional<Range>& frozen) {
    if (!frozen) return {range};
    return {{range.from, std::min(range.to, frozen->from)},
            {std::max(range.from, frozen->to), range.to}};
}

std::vector<Range> merged(std::span<const Range> touched) {
    std::vector<Range> ranges(touched.begin(), touched.end());
    std::ranges::sort(ranges, {}, &Range::from);
    std::vector<Range> merged;
    for (const Range& r : ranges) {
        if (!merged.empty() && r.from <= merged.back().to + kNear) {
            merged.back().to = std::max(merged.back().to, r.to);
        } else {
            merged.push_back(r);
        }
    }
    return merged;
}

}  // namespace

Result<FactsWindow> load_window(storage::Database& db, UtcSeconds from, UtcSeconds to,
                                const DeriveOptions& options) {
    FactsWindow facts;
    auto blocks = blocks_for(db, from, to);
    if (!blocks) return tl::unexpected(blocks.error());
    auto fee_means = storage::fee_means_between(db, from - kDay, to);
    if (!fee_means) return tl::unexpected(fee_means.error());
    auto epochs = storage::epochs(db);
    if (!epochs) return tl::unexpected(epochs.error());
    auto prices = storage::prices_between(db, from - options.max_age, to);
    if (!prices) return tl::unexpected(prices.error());
    return FactsWindow{std::move(*blocks), std::move(*fee_means), std::move(*epochs),
                       std::move(*prices)};
}

Result<Derived> derive(storage::Database& db, UtcSeconds from, UtcSeconds to,
                       const DeriveOptions& options, UtcSeconds now) {
    if (to <= from) return Derived{};
    const auto range = clipped(db, from, to, options);
    if (!range) return tl::unexpected(range.error());
    const auto frozen = storage::frozen(db);
    if (!frozen) return tl::unexpected(frozen.error());
    Derived done;
    for (const Range& part : without(*range, *frozen)) {
        for (UtcSeconds at = part.from; at < part.to; at += kChunk) {
            const Status step =
                derive_chunk(db, {at, std::min(at + kChunk, part.to)}, options, now, done);
            if (!step) return tl::unexpected(step.error());
        }
    }
    return done;
}

Result<Derived> derive_touched(storage::Database& db, std::span<const Range> touched,
                               UtcSeconds horizon, const DeriveOptions& options, UtcSeconds now) {
    Derived all;
    for (const Range& r : merged(touched)) {
        // the far end of an epoch that still speaks is beyond any calendar: cut before adding to it
        const UtcSeconds last = std::min(r.to, horizon);
        const auto done = derive(db, r.from - seconds{1}, std::min(last + options.max_age, horizon),
                                 options, now);
        if (!done) return tl::unexpected(done.error());
        if (done->changed == 0) continue;
        if (all.changed == 0) all.first = done->first;
        all.last = done->last;
        all.changed += done->changed;
    }
    return all;
}

}  // namespace hashprice::ingest
