#pragma once
#include <string_view>

#include "ingest/sources/source.hpp"

/// Kraken, XBTUSD.
///
///   shape   decode_* are pure
///   source  api.kraken.com. Errors come with status 200 and a list of them: Errc::http_status.
///           Its ticker carries no time, so that a frozen one could not be told from a live one:
///           the tick is the newest closed minute that saw a trade.
namespace hashprice::ingest {

/// {"error":[],"result":{"XXBTZUSD":[[start,"o","h","l","c","vwap","volume",trades],...],"last":n}},
/// ascending, the last one still open. Spans without a trade are left out.
domain::Result<std::vector<domain::Price>> decode_kraken_candles(std::string_view body,
                                                                 domain::seconds span,
                                                                 domain::UtcSeconds now);

class Kraken final : public Source, public PriceSource {
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
