#pragma once
#include <string_view>

#include "ingest/sources/source.hpp"

/// blockchain.com's charts: daily closes since August 2010 and total fees per day.
///
///   shape   decode_* are pure
///   source  api.blockchain.info/charts; always asked with sampled=false
namespace hashprice::ingest {

/// {"status":"ok","values":[{"x":unix_s,"y":usd},...]}: the point at 00:00 of day D is the close of
/// D-1. Zeros before the first market are left out.
domain::Result<std::vector<domain::Price>> decode_blockchain_prices(std::string_view body,
                                                                    domain::UtcSeconds now);

/// The same shape in BTC: the point at 00:00 of day D is the sum of the fees of D.
domain::Result<std::vector<DayFees>> decode_blockchain_fees(std::string_view body,
                                                            domain::UtcSeconds now);

class BlockchainCom final : public Source, public PriceSource, public FeeSource {
public:
    using Source::Source;
    [[nodiscard]] const PriceSource* price() const override { return this; }
    [[nodiscard]] const FeeSource* fees() const override { return this; }

    /// It has none: Errc::usage.
    domain::Result<domain::Price> tick(Visit& visit) const override;
    [[nodiscard]] bool is_exchange() const override { return false; }
    [[nodiscard]] std::optional<CandleOffer> candle_offer(domain::seconds span) const override;
    domain::Result<std::vector<domain::Price>> candles(Visit& visit, domain::Range range,
                                                       domain::seconds span) const override;

    [[nodiscard]] domain::seconds block_window() const override { return domain::seconds{0}; }
    /// It has none: Errc::usage.
    domain::Result<std::vector<BlockFees>> block_fees(Visit& visit,
                                                      domain::Range range) const override;
    domain::Result<std::vector<DayFees>> day_fees(Visit& visit, domain::Range range) const override;

private:
    [[nodiscard]] std::string chart_url(std::string_view chart, domain::UtcSeconds from,
                                        std::int64_t days) const;
};

}  // namespace hashprice::ingest
