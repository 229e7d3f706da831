#pragma once
#include <string_view>

#include "ingest/sources/source.hpp"

/// mempool.space, or a mempool instance of one's own: the chain with fees, fee history.
///
///   shape   decode_* are pure; `now` only judges what lies in the future
///   source  mempool/mempool backend, /api/v1
namespace hashprice::ingest {

/// Up to 15 blocks, newest first in the body; ascending and linked out.
domain::Result<std::vector<domain::Block>> decode_mempool_blocks(std::string_view body,
                                                                 domain::UtcSeconds now);

/// [[time, height, difficulty, ratio], ...], newest first in the body, only where bits changed.
domain::Result<std::vector<domain::Epoch>> decode_mempool_epochs(std::string_view body,
                                                                 domain::UtcSeconds now);

/// Fees grouped by second: what a range of up to 3 days answers.
domain::Result<std::vector<BlockFees>> decode_mempool_block_fees(std::string_view body,
                                                                 domain::Range range);

/// Fees grouped by UTC day; days that end after `complete_to` are left out.
domain::Result<std::vector<DayFees>> decode_mempool_day_fees(std::string_view body,
                                                             domain::UtcSeconds complete_to);

/// A median over several exchanges, in whole USD, every five minutes.
domain::Result<domain::Price> decode_mempool_price(std::string_view body, domain::UtcSeconds now);

class Mempool final : public Source, public ChainSource, public FeeSource, public PriceSource {
public:
    using Source::Source;
    [[nodiscard]] const ChainSource* chain() const override { return this; }
    [[nodiscard]] const FeeSource* fees() const override { return this; }
    [[nodiscard]] const PriceSource* price() const override { return this; }

    domain::Result<std::int64_t> tip_height(Visit& visit) const override;
    domain::Result<std::vector<domain::Block>> blocks_to(Visit& visit,
                                                         std::int64_t top) const override;
    [[nodiscard]] int page_size() const override { return 15; }
    [[nodiscard]] bool has_fees() const override { return true; }
    domain::Result<std::vector<domain::Epoch>> epochs_from(Visit& visit,
                                                           std::int64_t from_height) const override;
    [[nodiscard]] int epochs_per_visit() const override { return 100'000; }

    [[nodiscard]] domain::seconds block_window() const override { return 3 * domain::kDay; }
    domain::Result<std::vector<BlockFees>> block_fees(Visit& visit,
                                                      domain::Range range) const override;
    domain::Result<std::vector<DayFees>> day_fees(Visit& visit, domain::Range range) const override;

    domain::Result<domain::Price> tick(Visit& visit) const override;
    [[nodiscard]] std::optional<CandleOffer> candle_offer(domain::seconds span) const override;
    domain::Result<std::vector<domain::Price>> candles(Visit& visit, domain::Range range,
                                                       domain::seconds span) const override;

private:
    [[nodiscard]] std::string url(std::string_view path) const;
};

}  // namespace hashprice::ingest
