#pragma once
#include <string_view>

#include "ingest/sources/source.hpp"

/// Coinbase Exchange, BTC-USD.
///
///   shape   decode_* are pure
///   source  api.exchange.coinbase.com; times of ticks in ISO, of candles in unix seconds
namespace hashprice::ingest {

/// {"price":"6268.48","time":"2020-03-20T00:22:57.833897Z",...}
domain::Result<domain::Price> decode_coinbase_ticker(std::string_view body, domain::UtcSeconds now);

/// [[start, low, high, open, close, volume], ...] in numbers, newest first, the newest still open;
/// no row for a span without a trade.
domain::Result<std::vector<domain::Price>> decode_coinbase_candles(std::string_view body,
                                                                   domain::seconds span,
                                                                   domain::UtcSeconds now);

class Coinbase final : public Source, public PriceSource {
public:
    using Source::Source;
    [[nodiscard]] const PriceSource* price() const override { return this; }
    domain::Result<domain::Price> tick(Visit& visit) const override;
    [[nodiscard]] std::optional<CandleOffer> candle_offer(domain::seconds span) const override;
    domain::Result<std::vector<domain::Price>> candles(Visit& visit, domain::Range range,
                                                       domain::seconds span) const override;
};

}  // namespace hashprice::ingest
