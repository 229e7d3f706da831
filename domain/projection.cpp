#include "domain/projection.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "domain/consensus.hpp"
#include "domain/normal.hpp"

namespace hashprice::domain {
namespace {

constexpr std::int64_t kIntervals = kBlocksPerEpoch - 1;  // what a retarget measures
// beyond these the rule clamps, so no estimate is meant to leave them
constexpr double kFastest = static_cast<double>(kTargetTimespan.count()) / 4 / kIntervals;
constexpr double kSlowest = static_cast<double>(kTargetTimespan.count()) * 4 / kIntervals;

double block_seconds(const ChainPosition& at, std::int64_t intervals) {
    if (intervals == 0) return static_cast<double>(kTargetSpacing.count());
    const auto elapsed = static_cast<double>((at.tip_time - at.epoch_start).count());
    return std::clamp(elapsed / static_cast<double>(intervals), kFastest, kSlowest);
}

double relative_error(std::int64_t intervals) {
    if (intervals == 0) return 1;
    return std::sqrt(1 / static_cast<double>(intervals) - 1 / static_cast<double>(kIntervals));
}

UtcSeconds later(UtcSeconds t, double by_seconds) { return t + seconds{std::llround(by_seconds)}; }

/// The next epoch's bits if this one lasts so long, seconds.
Bits bits_after(const ChainPosition& at, double timespan) {
    return retarget(at.bits, at.epoch_start, later(at.epoch_start, timespan));
}

double change_between(Bits before, Bits after) {
    return difficulty_of(after)->value / difficulty_of(before)->value - 1;
}

HalvingProjection next_halving(const ChainPosition& at, const RetargetProjection& retarget) {
    HalvingProjection h;
    h.height = (at.height / kBlocksPerHalving + 1) * kBlocksPerHalving;
    h.blocks_left = h.height - at.height;
    h.subsidy = subsidy_at(h.height);
    const std::int64_t in_epoch = std::min(h.blocks_left, retarget.blocks_left);
    h.expected = later(at.tip_time, static_cast<double>(in_epoch) * retarget.block_seconds) +
                 (h.blocks_left - in_epoch) * kTargetSpacing;
    return h;
}

Difficulty scaled(Difficulty d, double change) { return Difficulty{d.value * (1 + change)}; }

}  // namespace

Result<RetargetProjection> project_retarget(const ChainPosition& at) {
    if (at.height < 0) return fail(Errc::out_of_range, fmt::format("height {}", at.height));
    const auto difficulty = difficulty_of(at.bits);
    if (!difficulty) return tl::unexpected(difficulty.error());

    RetargetProjection p;
    p.height = epoch_start(at.height) + kBlocksPerEpoch;
    p.blocks_left = p.height - at.height;
    p.intervals = kBlocksPerEpoch - p.blocks_left;
    p.block_seconds = block_seconds(at, p.intervals);
    p.relative_error = relative_error(p.intervals);
    p.exact = p.intervals == kIntervals;
    p.expected = later(at.tip_time, static_cast<double>(p.blocks_left) * p.block_seconds);

    const double timespan = p.block_seconds * kIntervals;
    const double off = kZ95 * p.relative_error;
    p.bits = p.exact ? retarget(at.bits, at.epoch_start, at.tip_time) : bits_after(at, timespan);
    p.change = change_between(at.bits, p.bits);
    p.change_low =
        p.exact ? p.change : change_between(at.bits, bits_after(at, timespan * (1 + off)));
    p.change_high =
        p.exact ? p.change : change_between(at.bits, bits_after(at, timespan * (1 - off)));
    return p;
}

Result<Projection> project(const ChainPosition& at, const HashpriceInputs& now) {
    const auto retarget = project_retarget(at);
    if (!retarget) return tl::unexpected(retarget.error());
    HashpriceInputs in = now;
    in.difficulty = *difficulty_of(at.bits);
    const auto today = hashprice_of(in);
    if (!today) return tl::unexpected(today.error());

    Projection p{.retarget = *retarget, .halving = next_halving(at, *retarget), .now = *today};
    // what holds for `in` holds for the same inputs at another valid difficulty or subsidy
    const auto with = [&](Difficulty difficulty, Satoshi subsidy) {
        return *hashprice_of({difficulty, subsidy, in.fee_sat_mean, in.price_usd});
    };
    const Difficulty next = *difficulty_of(retarget->bits);
    p.after_retarget = with(next, in.subsidy);
    p.after_retarget_low = with(scaled(in.difficulty, retarget->change_high), in.subsidy);
    p.after_retarget_high = with(scaled(in.difficulty, retarget->change_low), in.subsidy);
    p.halved = with(in.difficulty, p.halving.subsidy);
    p.halved_after_retarget = with(next, p.halving.subsidy);
    return p;
}

}  // namespace hashprice::domain
