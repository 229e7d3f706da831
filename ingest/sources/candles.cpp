#include "ingest/sources/candles.hpp"

#include <fmt/format.h>

namespace hashprice::ingest {

using domain::Errc;
using domain::fail;
using domain::Price;
using domain::Range;
using domain::Result;
using domain::seconds;
using domain::Status;

Status check_candle_range(const std::optional<CandleOffer>& offer, Range range, seconds span) {
    if (!offer) {
        return fail(Errc::usage,
                    fmt::format("no candles of {} are offered", domain::format_duration(span)));
    }
    const bool aligned = domain::unix_s(range.from) % span.count() == 0 &&
                         domain::unix_s(range.to) % span.count() == 0;
    if (range.empty() || !aligned || range.to - range.from > offer->per_request * span) {
        return fail(Errc::usage,
                    fmt::format("candles of {} come in aligned ranges of 1 to {} of them",
                                domain::format_duration(span), offer->per_request));
    }
    return {};
}

Result<std::vector<Price>> within(Range range, Result<std::vector<Price>> closes) {
    if (closes) {
        std::erase_if(*closes, [range](const Price& close) {
            return close.time - close.span < range.from || close.time > range.to;
        });
    }
    return closes;
}

}  // namespace hashprice::ingest
