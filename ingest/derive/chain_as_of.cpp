#include "ingest/derive/chain_as_of.hpp"

#include <algorithm>
#include <tuple>

#include "domain/consensus.hpp"

namespace hashprice::ingest {

using domain::Block;
using domain::Epoch;
using domain::FeeMean;
using domain::FeeWindow;
using domain::UtcSeconds;
using storage::Sourced;

void ChainAsOf::push(const Sourced<Block>& block) {
    const Block& b = block.fact;
    const bool linked = b.height == block_tip_.height + 1;
    const UtcSeconds effective =
        block_tip_.height < 0 ? b.time : std::max(b.time, block_tip_.known_at);
    if (!linked || !b.fees) {
        run_ = 0;
        window_sum_ = 0;
    }
    block_tip_ = {b.height, b.bits, effective, block.fetched_at, block.source, true};
    if (!b.fees) return;
    std::int64_t& slot = window_[static_cast<std::size_t>(b.height % kWindow)];
    if (run_ >= kWindow) window_sum_ -= slot;
    slot = b.fees->value;
    window_sum_ += slot;
    if (++run_ < kWindow) return;
    complete_ = FeesAsOf{domain::Satoshi{window_sum_},
                         kWindow,
                         FeeWindow::blocks_144,
                         effective,
                         block.fetched_at,
                         block.source,
                         b.height};
}

/// Of two that end together: blocks before days, fetched before starter, then the lower id.
bool ChainAsOf::better(const Sourced<FeeMean>& a, const Sourced<FeeMean>& b) const {
    const auto key = [&](const Sourced<FeeMean>& f) {
        return std::tuple(-f.fact.end.time_since_epoch().count(), f.fact.window,
                          options_.starter == f.source, f.source);
    };
    return key(a) < key(b);
}

void ChainAsOf::advance(UtcSeconds t) {
    t_ = t;
    while (next_block_ < blocks_.size()) {
        const Sourced<Block>& next = blocks_[next_block_];
        if (std::max(next.fact.time, block_tip_.height < 0 ? next.fact.time : block_tip_.known_at) >
            t)
            break;
        push(next);
        ++next_block_;
    }
    for (; next_fee_mean_ < fee_means_.size() && fee_means_[next_fee_mean_].fact.end <= t;
         ++next_fee_mean_) {
        const Sourced<FeeMean>& next = fee_means_[next_fee_mean_];
        if (fee_mean_ == nullptr || better(next, *fee_mean_)) fee_mean_ = &next;
    }
    while (epochs_begun_ < epochs_.size() && epochs_[epochs_begun_].fact.start_time <= t)
        ++epochs_begun_;
}

const Sourced<Epoch>* ChainAsOf::epoch_of(std::int64_t height) const {
    const auto begun = epochs_.first(epochs_begun_);
    const auto found =
        std::ranges::lower_bound(begun, domain::epoch_start(height), {},
                                 [](const Sourced<Epoch>& e) { return e.fact.start_height; });
    if (found == begun.end() || found->fact.start_height != domain::epoch_start(height))
        return nullptr;
    return &*found;
}

std::optional<ChainTip> ChainAsOf::tip() const {
    if (block_tip_.height >= 0 && fresh(block_tip_.known_at)) return block_tip_;
    // no fresh block: whichever fact names the highest height
    ChainTip best = block_tip_;
    if (epochs_begun_ > 0) {
        const Sourced<Epoch>& e = epochs_[epochs_begun_ - 1];
        if (e.fact.start_height > best.height) {
            best = {e.fact.start_height, e.fact.bits, e.fact.start_time,
                    e.fetched_at,        e.source,    false};
        }
    }
    if (fee_mean_ != nullptr && fee_mean_->fact.tip_height > best.height) {
        const FeeMean& f = fee_mean_->fact;
        if (const Sourced<Epoch>* e = epoch_of(f.tip_height)) {
            best = {f.tip_height,          e->fact.bits,      f.end,
                    fee_mean_->fetched_at, fee_mean_->source, false};
        }
    }
    if (best.height < 0) return std::nullopt;
    return best;
}

std::optional<FeesAsOf> ChainAsOf::fee_mean() const {
    if (fee_mean_ == nullptr) return std::nullopt;
    const FeeMean& f = fee_mean_->fact;
    return FeesAsOf{f.fee_sum,         f.blocks,    f.window, f.end, fee_mean_->fetched_at,
                    fee_mean_->source, f.tip_height};
}

std::optional<FeesAsOf> ChainAsOf::fees() const {
    const bool at_the_tip = complete_ && complete_->last_height == block_tip_.height;
    if (at_the_tip && fresh(complete_->end)) return complete_;
    std::optional<FeesAsOf> newest = complete_;
    const std::optional<FeesAsOf> mean = fee_mean();
    if (mean && (!newest || mean->end > newest->end)) newest = mean;
    if (!newest || t_ - newest->end >= domain::kDay) return std::nullopt;
    return newest;
}

}  // namespace hashprice::ingest
