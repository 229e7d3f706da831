#pragma once
#include <string_view>

#include "ingest/sources/source.hpp"

/// Gemini, btcusd: ticks, and candles of the recent past.
///
///   shape   decode_* are pure
///   source  api.gemini.com; times in milliseconds. Daily candles begin at New York's midnight and
///           are not offered.
namespace hashprice::ingest {

/// {"last":"977.65","volume":{"BTC":..,"USD":..,"timestamp":1483018200000},...}
domain::Result<domain::Price> decode_gemini_ticker(std::string_view body, domain::UtcSeconds now);

/// [[start, open, high, low, close, volume], ...] in numbers, newest first. Rows without volume are
/// left out.
domain::Result<std::vector<domain::Price>> decode_gemini_candles(std::string_view body,
                                                                 domain::seconds span,
                                                                 domain::UtcSeconds now);

class Gemini final : public Source, public PriceSource {
public:
    using Source::Source;
    [[nodiscard]] const PriceSource* price() const override { return this; }
    domain::Result<domain::Price> tick(Visit& visit) const override;
    [[nodiscard]] bool ticks_by_minute() const override { return true; }
    [[nodiscard]] std::optional<CandleOffer> candle_offer(domain::seconds span) const override;
    domain::Result<std::vector<domain::Price>> candles(Visit& visit, domain::Range range,
                                                       domain::seconds span) const override;
};

}  // namespace hashprice::ingest
