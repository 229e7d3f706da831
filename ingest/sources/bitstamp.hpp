#pragma once
#include <string_view>

#include "ingest/sources/source.hpp"

/// Bitstamp, btcusd: the longest history of hourly prices without a key.
///
///   shape   decode_* are pure
///   source  www.bitstamp.net/api/v2; every number is a string
namespace hashprice::ingest {

/// {"timestamp":"1763854710","last":"84921",...}
domain::Result<domain::Price> decode_bitstamp_ticker(std::string_view body, domain::UtcSeconds now);

/// {"data":{"pair":"BTC/USD","ohlc":[{"timestamp":"..","open":..,"volume":".."},...]}}, ascending.
/// Rows without volume are placeholders and left out.
domain::Result<std::vector<domain::Price>> decode_bitstamp_candles(std::string_view body,
                                                                   domain::seconds span,
                                                                   domain::UtcSeconds now);

class Bitstamp final : public Source, public PriceSource {
public:
    using Source::Source;
    [[nodiscard]] const PriceSource* price() const override { return this; }
    domain::Result<domain::Price> tick(Visit& visit) const override;
    [[nodiscard]] std::optional<CandleOffer> candle_offer(domain::seconds span) const override;
    domain::Result<std::vector<domain::Price>> candles(Visit& visit, domain::Range range,
                                                       domain::seconds span) const override;
};

}  // namespace hashprice::ingest
