#include "ingest/sources/gemini.hpp"

#include <fmt/format.h>

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

struct TimeFrame {
    seconds span;
    std::string_view name;
};
constexpr std::array kTimeFrames{
    TimeFrame{domain::kMinute, "1m"},       TimeFrame{5 * domain::kMinute, "5m"},
    TimeFrame{15 * domain::kMinute, "15m"}, TimeFrame{30 * domain::kMinute, "30m"},
    TimeFrame{domain::kHour, "1hr"},        TimeFrame{6 * domain::kHour, "6hr"}};
constexpr int kRecentRows = 720;  // it sends what it has, and takes no range
constexpr std::size_t kMostRows = 5000;

const TimeFrame* frame_of(seconds span) {
    for (const TimeFrame& frame : kTimeFrames) {
        if (frame.span == span) return &frame;
    }
    return nullptr;
}

Candle candle_of(const Node& row, UtcSeconds now) {
    Candle candle;
    candle.start = row[0].time_ms(now + kClockLead);
    candle.open = row[1].price();
    candle.high = row[2].price();
    candle.low = row[3].price();
    candle.close = row[4].price();
    candle.traded = row[5].number(0.0, 1e12) > 0.0;
    return candle;
}

}  // namespace

Result<Price> decode_gemini_ticker(std::string_view body, UtcSeconds now) {
    return decode_json(body, [now](const Node& root, Verdict&) {
        return Price{root["volume"]["timestamp"].time_ms(now + kClockLead), seconds{0},
                     root["last"].price_text()};
    });
}

Result<std::vector<Price>> decode_gemini_candles(std::string_view body, seconds span,
                                                 UtcSeconds now) {
    auto candles = decode_json(body, [now](const Node& root, Verdict&) {
        std::vector<Candle> read;
        for (const Node& row : root.rows("candles", kMostRows)) read.push_back(candle_of(row, now));
        return read;
    });
    if (!candles) return tl::unexpected(candles.error());
    return closes_of(std::move(*candles), span, RowOrder::newest_first, now);
}

Result<Price> Gemini::tick(Visit& visit) const {
    return fetch(visit, join_url(base_url(), "/v1/pubticker/btcusd"),
                 [&](std::string_view body) { return decode_gemini_ticker(body, visit.now); });
}

std::optional<CandleOffer> Gemini::candle_offer(seconds span) const {
    if (frame_of(span) == nullptr) return std::nullopt;
    return CandleOffer{kRecentRows, UtcSeconds{}, kRecentRows * span};
}

Result<std::vector<Price>> Gemini::candles(Visit& visit, Range range, seconds span) const {
    const Status good = check_candle_range(candle_offer(span), range, span);
    if (!good) return tl::unexpected(good.error());
    const std::string path = fmt::format("/v2/candles/btcusd/{}", frame_of(span)->name);
    return within(range, fetch(visit, join_url(base_url(), path), [&](std::string_view body) {
                      return decode_gemini_candles(body, span, visit.now);
                  }));
}

}  // namespace hashprice::ingest
