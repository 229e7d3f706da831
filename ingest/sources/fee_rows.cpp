#include "ingest/sources/fee_rows.hpp"

#include <algorithm>

#include "domain/consensus.hpp"

namespace hashprice::ingest {

using domain::Block;
using domain::Epoch;

void mark_exact(std::vector<BlockFees>& rows) {
    constexpr std::size_t kReach = 2;
    std::ranges::sort(rows, {}, [](const BlockFees& r) { return std::pair(r.height, r.time); });
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const bool inside = i >= kReach && i + kReach < rows.size();
        rows[i].exact = inside;
        for (std::size_t j = 1; inside && j <= kReach; ++j) {
            const auto step = static_cast<std::int64_t>(j);
            rows[i].exact = rows[i].exact && rows[i - j].height == rows[i].height - step &&
                            rows[i + j].height == rows[i].height + step;
        }
    }
}

std::vector<Block> blocks_of(std::span<const BlockFees> rows, std::span<const Epoch> epochs) {
    std::vector<Block> blocks;
    if (epochs.empty()) return blocks;
    const std::int64_t known_to = epochs.back().start_height + domain::kBlocksPerEpoch;
    for (const BlockFees& row : rows) {
        const auto next = std::ranges::upper_bound(epochs, row.height, {}, &Epoch::start_height);
        if (!row.exact || next == epochs.begin() || row.height >= known_to) continue;
        Block block;
        block.height = row.height;
        block.time = row.time;
        block.bits = std::prev(next)->bits;
        block.fees = row.fees;
        blocks.push_back(block);
    }
    return blocks;
}

}  // namespace hashprice::ingest
