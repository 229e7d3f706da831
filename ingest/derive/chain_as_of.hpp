#pragma once
#include <array>
#include <optional>
#include <span>

#include "ingest/derive/options.hpp"
#include "storage/facts.hpp"

namespace hashprice::ingest {

/// The highest block that any fact dated up to the instant speaks of.
struct ChainTip {
    std::int64_t height = -1;
    domain::Bits bits;
    domain::UtcSeconds
        known_at;  ///< effective time of the block, or the date of the fact that names the height
    domain::UtcSeconds fetched_at;
    domain::SourceId source{};
    bool is_block = false;  ///< a stored block; else an epoch or a fee mean names the height
};

struct FeesAsOf {
    domain::Satoshi sum;
    std::int32_t blocks{};
    domain::FeeWindow window{};
    domain::UtcSeconds
        end;  ///< effective time of the window's last block, or the end of the fee mean
    domain::UtcSeconds fetched_at;
    domain::SourceId source{};
    std::int64_t last_height = -1;
};

/// The chain as of one instant after the other, from facts in ascending order.
///
///   shape   no I/O; instants must ascend
///   rule    a block counts from max(its header time, its parent's effective time) on; the fee
///   window is the 144
///           blocks up to the tip; if it is incomplete, the newest complete one less than 24 h old
///   source  METHOD section 2
class ChainAsOf {
public:
    ChainAsOf(std::span<const storage::Sourced<domain::Block>> blocks,
              std::span<const storage::Sourced<domain::FeeMean>> fee_means,
              std::span<const storage::Sourced<domain::Epoch>> epochs, const DeriveOptions& options)
        : blocks_(blocks), fee_means_(fee_means), epochs_(epochs), options_(options) {}

    void advance(domain::UtcSeconds t);
    [[nodiscard]] std::optional<ChainTip> tip() const;
    /// nullopt when nothing less than 24 h old is known.
    [[nodiscard]] std::optional<FeesAsOf> fees() const;

private:
    static constexpr std::int64_t kWindow = 144;

    void push(const storage::Sourced<domain::Block>& block);
    [[nodiscard]] bool better(const storage::Sourced<domain::FeeMean>& a,
                              const storage::Sourced<domain::FeeMean>& b) const;
    [[nodiscard]] const storage::Sourced<domain::Epoch>* epoch_of(std::int64_t height) const;
    [[nodiscard]] std::optional<FeesAsOf> fee_mean() const;
    [[nodiscard]] bool fresh(domain::UtcSeconds at) const {
        return t_ - at <= options_.tip_max_age;
    }

    std::span<const storage::Sourced<domain::Block>> blocks_;
    std::span<const storage::Sourced<domain::FeeMean>> fee_means_;
    std::span<const storage::Sourced<domain::Epoch>> epochs_;
    const DeriveOptions& options_;

    domain::UtcSeconds t_{};
    std::size_t next_block_ = 0;
    std::size_t next_fee_mean_ = 0;
    std::size_t epochs_begun_ = 0;
    ChainTip block_tip_;                          ///< height -1: no block yet
    std::array<std::int64_t, kWindow> window_{};  ///< fees by height modulo 144
    std::int64_t run_ = 0;  ///< contiguous blocks with known fees up to the tip
    std::int64_t window_sum_ = 0;
    std::optional<FeesAsOf> complete_;  ///< the newest complete window
    const storage::Sourced<domain::FeeMean>* fee_mean_ =
        nullptr;  ///< the newest, of equals the best
};

}  // namespace hashprice::ingest
