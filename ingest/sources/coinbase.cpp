#include "ingest/sources/coinbase.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "ingest/sources/candles.hpp"
#include "ingest/sources/json.hpp"
#include "ingest/sources/plausible.hpp"
#include "ingest/transport/url.hpp"

namespace hashprice::ingest {

using domain::Price;
using domain::Range;
using domain::Result;
using domain::seconds;
using domain::Status;
using domain::UtcSeconds;

namespace {

constexpr std::array<std::int64_t, 6> kSpans{60, 300, 900, 3600, 21'600, 86'400};
constexpr int kPerRequest = 300;
constexpr std::size_t kMostRows = 1000;  // it may send some before the start asked for
constexpr UtcSeconds kEarliest{seconds{1'437'350'400}};  // 2015-07-20

Candle candle_of(const Node& row, UtcSeconds now) {
    Candle candle;
    candle.start = row[0].time(now + kClockLead);
    candle.low = row[1].price();
    candle.high = row[2].price();
    candle.open = row[3].price();
    candle.close = row[4].price();
    (void)row[5].number(0.0, 1e12);
    return candle;
}

}  // namespace

Result<Price> decode_coinbase_ticker(std::string_view body, UtcSeconds now) {
    return decode_json(body, [now](const Node& root, Verdict&) {
        return Price{root["time"].time_iso(now + kClockLead), seconds{0},
                     root["price"].price_text()};
    });
}

Result<std::vector<Price>> decode_coinbase_candles(std::string_view body, seconds span,
                                                   UtcSeconds now) {
    auto candles = decode_json(body, [now](const Node& root, Verdict&) {
        std::vector<Candle> read;
        for (const Node& row : root.rows("candles", kMostRows)) read.push_back(candle_of(row, now));
        return read;
    });
    if (!candles) return tl::unexpected(candles.error());
    return closes_of(std::move(*candles), span, RowOrder::newest_first, now);
}

Result<Price> Coinbase::tick(Visit& visit) const {
    return fetch(visit, join_url(base_url(), "/products/BTC-USD/ticker"),
                 [&](std::string_view body) { return decode_coinbase_ticker(body, visit.now); });
}

std::optional<CandleOffer> Coinbase::candle_offer(seconds span) const {
    if (std::ranges::find(kSpans, span.count()) == kSpans.end()) return std::nullopt;
    return CandleOffer{kPerRequest, kEarliest, std::nullopt};
}

Result<std::vector<Price>> Coinbase::candles(Visit& visit, Range range, seconds span) const {
    const Status good = check_candle_range(candle_offer(span), range, span);
    if (!good) return tl::unexpected(good.error());
    // both ends are inclusive and name starts of candles
    const std::string path =
        fmt::format("/products/BTC-USD/candles?granularity={}&start={}&end={}", span.count(),
                    domain::format_time(range.from), domain::format_time(range.to - span));
    return within(range, fetch(visit, join_url(base_url(), path), [&](std::string_view body) {
                      return decode_coinbase_candles(body, span, visit.now);
                  }));
}

}  // namespace hashprice::ingest
