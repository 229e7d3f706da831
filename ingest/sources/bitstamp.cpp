#include "ingest/sources/bitstamp.hpp"

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

constexpr std::array<std::int64_t, 12> kSpans{60,   180,    300,    900,    1800,   3600,
                                              7200, 14'400, 21'600, 43'200, 86'400, 259'200};
constexpr int kPerRequest = 1000;
constexpr UtcSeconds kEarliest{seconds{1'315'872'000}};  // 2011-09-13; asked for earlier it has []

Candle candle_of(const Node& row, UtcSeconds now) {
    Candle candle;
    candle.start = row["timestamp"].time_text(now + kClockLead);
    candle.traded = row["volume"].decimal_text(8) > 0;
    if (!candle.traded) return candle;  // its prices are 0, or those of an earlier trade
    candle.open = row["open"].price_text();
    candle.high = row["high"].price_text();
    candle.low = row["low"].price_text();
    candle.close = row["close"].price_text();
    return candle;
}

}  // namespace

Result<Price> decode_bitstamp_ticker(std::string_view body, UtcSeconds now) {
    return decode_json(body, [now](const Node& root, Verdict&) {
        return Price{root["timestamp"].time_text(now + kClockLead), seconds{0},
                     root["last"].price_text()};
    });
}

Result<std::vector<Price>> decode_bitstamp_candles(std::string_view body, seconds span,
                                                   UtcSeconds now) {
    auto candles = decode_json(body, [now](const Node& root, Verdict&) {
        std::vector<Candle> read;
        const Node data = root["data"];
        if (data["pair"].text(20) != "BTC/USD") {
            data["pair"].refuse(domain::Errc::out_of_range, "is not BTC/USD");
        }
        for (const Node& row : data["ohlc"].rows("ohlc", kPerRequest)) {
            read.push_back(candle_of(row, now));
        }
        return read;
    });
    if (!candles) return tl::unexpected(candles.error());
    return closes_of(std::move(*candles), span, RowOrder::oldest_first, now);
}

Result<Price> Bitstamp::tick(Visit& visit) const {
    return fetch(visit, join_url(base_url(), "/api/v2/ticker/btcusd/"),
                 [&](std::string_view body) { return decode_bitstamp_ticker(body, visit.now); });
}

std::optional<CandleOffer> Bitstamp::candle_offer(seconds span) const {
    if (std::ranges::find(kSpans, span.count()) == kSpans.end()) return std::nullopt;
    return CandleOffer{kPerRequest, kEarliest, std::nullopt};
}

Result<std::vector<Price>> Bitstamp::candles(Visit& visit, Range range, seconds span) const {
    const Status good = check_candle_range(candle_offer(span), range, span);
    if (!good) return tl::unexpected(good.error());
    const std::string path =
        fmt::format("/api/v2/ohlc/btcusd/?step={}&limit={}&start={}&end={}", span.count(),
                    (range.to - range.from) / span, domain::unix_s(range.from),
                    domain::unix_s(range.to - span));
    return within(range, fetch(visit, join_url(base_url(), path), [&](std::string_view body) {
                      return decode_bitstamp_candles(body, span, visit.now);
                  }));
}

}  // namespace hashprice::ingest
