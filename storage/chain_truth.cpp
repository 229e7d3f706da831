#include "storage/chain_truth.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "domain/consensus.hpp"
#include "storage/rows.hpp"

namespace hashprice::storage {
namespace {

using domain::Bits;
using domain::Block;
using domain::format_time;

constexpr std::int64_t kMedianBlocks = 11;

constexpr std::string_view kBelow =
    "SELECT height, time_s, bits, fee_sat, hash, source_id, fetched_at_s FROM blocks "
    "WHERE height >= ? AND height < ? ORDER BY height";
constexpr std::string_view kBitsAt = "SELECT bits FROM blocks WHERE height = ?";
constexpr std::string_view kEpochBits =
    "SELECT bits FROM epochs WHERE start_height = ? AND source_id NOT IN "
    "(SELECT id FROM sources WHERE name = 'starter')";
constexpr std::string_view kNeighbours =
    "SELECT start_height, start_time_s, bits, source_id, fetched_at_s FROM epochs "
    "WHERE start_height IN (?, ?) ORDER BY start_height";

std::optional<Bits> bits_in(Statement& bound) {
    return first_row(bound, [](Statement& row) { return bits_at(row, 0); });
}

/// Bits of the block above `height`, against those of the one below it.
bool may_follow(std::int64_t height, Bits below, Bits above) {
    if (below == above) return true;
    return domain::is_retarget(height) && domain::within_retarget_clamp(below, above);
}

}  // namespace

void ChainTruth::look_below(std::int64_t height) {
    if (next_ == height) return;
    below_.clear();
    next_ = height;
    for (const auto& stored :
         all_rows(ready(c_, kBelow, height - kMedianBlocks, height), block_of)) {
        if (!below_.empty() && stored.fact.height != below_.back().height + 1) below_.clear();
        below_.push_back(stored.fact);
    }
    if (!below_.empty() && below_.back().height != height - 1) below_.clear();
}

void ChainTruth::accepted(const Block& block) {
    // what is not remembered is looked up again: only a question of speed
    if (next_ != block.height) return;  // no mutant
    below_.push_back(block);
    if (below_.size() > static_cast<std::size_t>(kMedianBlocks)) below_.pop_front();
    ++*next_;
}

std::string ChainTruth::objection(const Block& block, bool next_follows) {
    look_below(block.height);
    std::string why = against_parent(block);
    if (why.empty()) why = against_times(block);
    if (why.empty()) why = against_epoch(block);
    if (why.empty() && !next_follows) why = against_next(block);
    return why;
}

std::string ChainTruth::against_parent(const Block& block) const {
    if (below_.empty()) return {};
    const Block& parent = below_.back();
    if (block.parent && parent.hash && *block.parent != *parent.hash) {
        return fmt::format("block {}: previousblockhash {} is not the stored block {}",
                           block.height, format_hash(*block.parent), parent.height);
    }
    if (may_follow(block.height, parent.bits, block.bits)) return {};
    return fmt::format("block {}: bits 0x{:08x} cannot follow the 0x{:08x} of block {}",
                       block.height, block.bits.value, parent.bits.value, parent.height);
}

std::string ChainTruth::against_times(const Block& block) const {
    if (block.time > heard_at_ + kHeaderLead) {
        return fmt::format("block {}: time {} is in the future", block.height,
                           format_time(block.time));
    }
    if (below_.size() < static_cast<std::size_t>(kMedianBlocks)) return {};
    // after the median of 11: later than at least six of them
    const auto earlier =
        std::ranges::count_if(below_, [&](const Block& b) { return b.time < block.time; });
    if (earlier > kMedianBlocks / 2) return {};
    std::vector<UtcSeconds> times;
    for (const Block& b : below_) times.push_back(b.time);
    const auto median = times.begin() + kMedianBlocks / 2;
    std::ranges::nth_element(times, median);
    return fmt::format("block {}: time {} is not after {}, the median of the 11 blocks below",
                       block.height, format_time(block.time), format_time(*median));
}

std::string ChainTruth::against_epoch(const Block& block) {
    const std::int64_t epoch = domain::epoch_start(block.height);
    if (epoch != epoch_) {
        epoch_bits_ = bits_in(ready(c_, kEpochBits, epoch));
        epoch_ = epoch;
    }
    if (!epoch_bits_ || *epoch_bits_ == block.bits) return {};
    return fmt::format("block {}: bits 0x{:08x} are not the 0x{:08x} of its epoch", block.height,
                       block.bits.value, epoch_bits_->value);
}

std::string ChainTruth::against_next(const Block& block) {
    const auto above = bits_in(ready(c_, kBitsAt, block.height + 1));
    if (!above || may_follow(block.height + 1, block.bits, *above)) return {};
    return fmt::format("block {}: bits 0x{:08x} cannot stand below the 0x{:08x} of block {}",
                       block.height, block.bits.value, above->value, block.height + 1);
}

std::string objection_to(Connection& c, const domain::Epoch& epoch, UtcSeconds heard_at) {
    if (epoch.start_time > heard_at + kHeaderLead) {
        return fmt::format("epoch {}: its start {} is in the future", epoch.start_height,
                           format_time(epoch.start_time));
    }
    const auto neighbours =
        all_rows(ready(c, kNeighbours, epoch.start_height - domain::kBlocksPerEpoch,
                       epoch.start_height + domain::kBlocksPerEpoch),
                 epoch_of);
    for (const auto& other : neighbours) {
        const bool before = other.fact.start_height < epoch.start_height;
        const auto [low, high] = before ? std::pair(other.fact.bits, epoch.bits)
                                        : std::pair(epoch.bits, other.fact.bits);
        if (domain::within_retarget_clamp(low, high)) continue;
        return fmt::format(
            "epoch {}: bits 0x{:08x} are more than a factor of 4 from the 0x{:08x} "
            "of epoch {}",
            epoch.start_height, epoch.bits.value, other.fact.bits.value, other.fact.start_height);
    }
    return {};
}

}  // namespace hashprice::storage
