#pragma once
#include <array>
#include <vector>

#include "ingest/sources/source.hpp"

/// What the exchanges' candle requests have in common.   shape  pure
namespace hashprice::ingest {

/// errors  the span is not offered, the range is empty, not aligned to the span or longer than
///         one request answers -> Errc::usage
domain::Status check_candle_range(const std::optional<CandleOffer>& offer, domain::Range range,
                                  domain::seconds span);

/// Only the candles that lie whole in `range`: some providers send more than was asked for.
domain::Result<std::vector<domain::Price>> within(
    domain::Range range, domain::Result<std::vector<domain::Price>> closes);

}  // namespace hashprice::ingest
