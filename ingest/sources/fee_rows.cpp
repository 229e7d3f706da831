#include "ingest/sources/fee_rows.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "domain/consensus.hpp"

namespace hashprice::ingest {

using domain::Block;
using domain::Epoch;

void mark_exact(std::vector<BlockFees>& rows) {
    constexpr std::array<std::int64_t, 5> kNeighbourhood{-2, -1, 0, 1, 2};
    std::ranges::sort(rows, {}, [](const BlockFees& r) { return std::pair(r.height, r.time); });
    std::map<std::int64_t, int> rows_at;
    for (const BlockFees& row : rows) ++rows_at[row.height];
    for (BlockFees& row : rows) {
        row.exact = std::ranges::all_of(kNeighbourhood, [&](std::int64_t step) {
            const auto at = rows_at.find(row.height + step);
            return at != rows_at.end() && at->second == 1;
        });
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
