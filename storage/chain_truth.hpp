#pragma once
// Private to storage/: whether a block can stand on what is stored.
#include <deque>
#include <optional>
#include <string>

#include "domain/facts.hpp"
#include "storage/connection.hpp"

namespace hashprice::storage {

/// A header may be 2 h ahead of the network's clock, and ours may be somewhat off.
constexpr domain::seconds kHeaderLead{2 * 3600 + 600};

/// Judges blocks in ascending order of height, as one source said them at one time.
///
///   rule    the parent is the stored block below, where both hashes are known; bits are those of
///           the epoch and change only at its first block, by a factor of 4 at most; the time is
///           after the median of the 11 blocks below and not in the future. What is not stored is
///           not held against a block, nor is the starter history, which any source outranks.
///   source  Bitcoin Core: validation.cpp ContextualCheckBlockHeader, pow.cpp
class ChainTruth {
public:
    ChainTruth(Connection& c, UtcSeconds heard_at) : c_(c), heard_at_(heard_at) {}

    /// Why it cannot be true; empty when it can. `next_follows`: the batch brings the one above,
    /// which will be judged by this one.
    std::string objection(const domain::Block& block, bool next_follows);
    /// Whether what lies below this height is known already; else objection() reads it.
    [[nodiscard]] bool stands_below(std::int64_t height) const { return next_ == height; }
    /// It is stored, since now or since long.
    void accepted(const domain::Block& block);

private:
    void look_below(std::int64_t height);
    std::string against_parent(const domain::Block& block) const;
    std::string against_epoch(const domain::Block& block);
    std::string against_next(const domain::Block& block);
    std::string against_times(const domain::Block& block) const;

    Connection& c_;
    UtcSeconds heard_at_;
    std::deque<domain::Block> below_;   ///< up to 11, without a gap, up to next_ - 1
    std::optional<std::int64_t> next_;  ///< none: what is below is to be looked up
    std::int64_t epoch_ = -1;           ///< whose bits are looked up
    std::optional<domain::Bits> epoch_bits_;
};

/// Why an epoch cannot stand beside its stored neighbours; empty when it can.
std::string objection_to(Connection& c, const domain::Epoch& epoch, UtcSeconds heard_at);

}  // namespace hashprice::storage
