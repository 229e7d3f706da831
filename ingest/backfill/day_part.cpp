#include "ingest/backfill/day_part.hpp"

#include <algorithm>
#include <cstdlib>

#include "domain/consensus.hpp"

namespace hashprice::ingest {

using domain::Block;
using domain::FeeMean;
using domain::UtcSeconds;

namespace {

constexpr std::int64_t kDoubt = 40;  // blocks by which a height that was worked out may be off

/// The blocks above the mean of the first of two days that still belong to it.
std::int64_t half(const DayFees& a, const DayFees& b) {
    return std::max<std::int64_t>(0, (*b.mean_height - *a.mean_height + 1) / 2 - 1);
}

bool adjacent(const DayFees& a, const DayFees& b) { return b.end - a.end == domain::kDay; }

/// From the mean height up to the last block of the day.
std::int64_t upper_half(std::span<const DayFees> days, std::size_t i) {
    if (i + 1 < days.size() && adjacent(days[i], days[i + 1])) return half(days[i], days[i + 1]);
    if (i > 0 && adjacent(days[i - 1], days[i])) return half(days[i - 1], days[i]);
    return 0;
}

}  // namespace

std::vector<FeeMean> fee_means_of(std::span<const DayFees> days) {
    std::vector<DayFees> known;
    for (const DayFees& day : days) {
        if (day.mean && day.mean_height) known.push_back(day);
    }
    std::vector<FeeMean> means;
    means.reserve(known.size());
    for (std::size_t i = 0; i < known.size(); ++i) {
        const std::int64_t above = upper_half(known, i);
        FeeMean mean{.end = known[i].end, .window = domain::FeeWindow::utc_day};
        mean.tip_height = *known[i].mean_height + above;
        mean.blocks = static_cast<std::int32_t>(2 * above + 1);
        mean.fee_sum = domain::Satoshi{known[i].mean->value * mean.blocks};
        means.push_back(mean);
    }
    return means;
}

std::optional<std::int64_t> halving_near(const FeeMean& day) {
    const std::int64_t nearest = (day.tip_height + domain::kBlocksPerHalving / 2) /
                                 domain::kBlocksPerHalving * domain::kBlocksPerHalving;
    if (nearest == 0 || std::abs(day.tip_height - nearest) > kDoubt) return std::nullopt;
    return nearest;
}

std::int64_t height_at(UtcSeconds end, std::span<const Block> page, std::int64_t worked_out) {
    if (page.empty()) return worked_out;
    UtcSeconds effective = page.front().time;
    if (effective > end) return std::min(worked_out, page.front().height - 1);
    std::int64_t height = page.front().height;
    for (const Block& block : page) {
        effective = std::max(effective, block.time);
        if (effective > end) return height;
        height = block.height;
    }
    return std::max(worked_out, height);
}

}  // namespace hashprice::ingest
