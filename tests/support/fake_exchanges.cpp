#include <fmt/format.h>

#include <algorithm>

#include "tests/support/fake_replies.hpp"

/// Coinbase, Kraken, Bitstamp and Gemini.
namespace hashprice::fake {
namespace {

using domain::kDay;
using domain::kMinute;

UtcSeconds floor_to(UtcSeconds t, seconds span) { return t - (t - UtcSeconds{}) % span; }

UtcSeconds time_of(const std::string& text) {
    const auto t = domain::parse_time(text, {});
    return t ? t->at : UtcSeconds{};
}

/// Some spans see no trade on one exchange, never the last before midnight.
bool quiet(UtcSeconds start, seconds span) {
    const std::int64_t index = domain::unix_s(start) / span.count();
    return span < kDay && (start + span - UtcSeconds{}) % kDay != seconds{0} && index % 241 == 7;
}

std::string last_traded(const View& view) { return usd(view.price_at(view.now)); }

Reply coinbase_candles(const View& view, const Request& request) {
    const seconds span{request.number("granularity", 0)};
    UtcSeconds from = time_of(request.text("start"));
    UtcSeconds to = time_of(request.text("end"));
    const int kSpans[] = {60, 300, 900, 3600, 21'600, 86'400};
    if (std::ranges::find(kSpans, span.count()) == std::end(kSpans)) {
        return {400, R"({"message":"Unsupported granularity"})"};
    }
    if (from == UtcSeconds{} || to == UtcSeconds{}) {  // one alone is ignored
        to = view.now;
        from = to - 299 * span;
    }
    if ((to - from) / span >= 300) {
        return {400, R"({"message":"granularity too small for the requested time range. Count of )"
                     R"(aggregations requested exceeds 300"})"};
    }
    std::vector<std::string> rows;
    for (UtcSeconds at = floor_to(std::min(to, view.now), span); at >= floor_to(from, span);
         at -= span) {
        if (quiet(at, span)) continue;
        const WorldCandle c = view.candle(at, span);
        rows.push_back(fmt::format("[{},{},{},{},{},{}]", domain::unix_s(at), usd(c.low),
                                   usd(c.high), usd(c.open), usd(c.close), "28.37651"));
    }
    return {200, join(rows)};
}

}  // namespace

Reply coinbase_reply(const View& view, const Request& request) {
    if (request.path == "/products/BTC-USD/candles") return coinbase_candles(view, request);
    if (request.path != "/products/BTC-USD/ticker") return {404, R"({"message":"NotFound"})"};
    std::string time = iso(view.now);
    time.replace(time.size() - 1, 1, ".833897Z");
    return {200, fmt::format(R"({{"trade_id":86326522,"price":"{0}","size":"0.00698254",)"
                             R"("time":"{1}","bid":"{0}","ask":"{0}","volume":"5602.03940154"}})",
                             last_traded(view), time)};
}

namespace {

std::string kraken_row(const View& view, UtcSeconds at, seconds span) {
    const bool traded = !quiet(at, span);
    const WorldCandle c = view.candle(at, span);
    return fmt::format(R"([{},"{}","{}","{}","{}","{}","{}",{}])", domain::unix_s(at), usd(c.open),
                       usd(c.high), usd(c.low), usd(c.close), traded ? usd(c.close) : "0.0",
                       traded ? "12.51230671" : "0.00000000", traded ? 318 : 0);
}

}  // namespace

Reply kraken_reply(const View& view, const Request& request) {
    if (request.path != "/0/public/OHLC") return {200, R"({"error":["EGeneral:Unknown method"]})"};
    if (request.text("pair") != "XBTUSD") {
        return {200, R"({"error":["EQuery:Unknown asset pair"]})"};
    }
    const seconds span = request.number("interval", 1) * kMinute;
    if (span <= seconds{0}) return {200, R"({"error":["EGeneral:Invalid arguments"]})"};
    const UtcSeconds open = floor_to(view.now, span);
    const UtcSeconds since = domain::utc(request.number("since", 0));
    std::vector<std::string> rows;
    for (UtcSeconds at = std::max(open - 719 * span, floor_to(since, span)); at <= open;
         at += span) {
        if (at > since) rows.push_back(kraken_row(view, at, span));
    }
    return {200, fmt::format(R"({{"error":[],"result":{{"XXBTZUSD":{},"last":{}}}}})", join(rows),
                             domain::unix_s(open - span))};
}

namespace {

Reply bitstamp_candles(const View& view, const Request& request) {
    const seconds span{request.number("step", 0)};
    const std::int64_t limit = request.number("limit", 0);
    if (span <= seconds{0} || limit < 1 || limit > 1000) {
        return {400, R"({"code":"400.000","errors":[{"field":"limit","message":"Bad value"}]})"};
    }
    const UtcSeconds start = domain::utc(request.number("start", 0));
    UtcSeconds last = domain::utc(request.number("end", domain::unix_s(view.now)));
    last = floor_to(std::min(last, view.now), span);
    std::vector<std::string> rows;
    for (UtcSeconds at = floor_to(start + span - seconds{1}, span);
         at <= last && static_cast<std::int64_t>(rows.size()) < limit; at += span) {
        if (at < domain::utc(1'315'872'000)) break;  // asked for earlier times it has nothing
        const WorldCandle c = view.candle(at, span);
        rows.push_back(fmt::format(R"({{"timestamp":"{}","open":"{}","high":"{}","low":"{}",)"
                                   R"("close":"{}","volume":"{}"}})",
                                   domain::unix_s(at), usd(c.open), usd(c.high), usd(c.low),
                                   usd(c.close), quiet(at, span) ? "0.00000000" : "58.37138238"));
    }
    return {200, fmt::format(R"({{"data":{{"pair":"BTC/USD","ohlc":{}}}}})", join(rows))};
}

}  // namespace

Reply bitstamp_reply(const View& view, const Request& request) {
    if (request.path == "/api/v2/ohlc/btcusd/") return bitstamp_candles(view, request);
    if (request.path == "/api/v2/ticker/btcusd" || request.path == "/api/v2/ohlc/btcusd") {
        return {301, "", "text/html", {{"Location", request.path + "/"}}};
    }
    if (request.path != "/api/v2/ticker/btcusd/") return not_found("not found");
    return {200,
            fmt::format(R"({{"timestamp":"{1}","open":"{0}","high":"{0}","low":"{0}","last":"{0}",)"
                        R"("volume":"2426.07836092","vwap":"{0}","bid":"{0}","ask":"{0}",)"
                        R"("side":"0","open_24":"{0}","percent_change_24":"0.05"}})",
                        last_traded(view), domain::unix_s(view.now))};
}

namespace {

/// No range can be asked for: the recent past, newest first, in milliseconds. Days start in New
/// York.
Reply gemini_candles(const View& view, const std::string& frame) {
    const std::pair<std::string_view, seconds> kFrames[] = {
        {"1m", kMinute},       {"5m", 5 * kMinute},    {"15m", 15 * kMinute},
        {"30m", 30 * kMinute}, {"1hr", domain::kHour}, {"6hr", 6 * domain::kHour},
        {"1day", kDay}};
    for (const auto& [name, span] : kFrames) {
        if (frame != name) continue;
        const seconds shift = name == "1day" ? 4 * domain::kHour : seconds{0};
        std::vector<std::string> rows;
        UtcSeconds at = floor_to(view.now - shift, span) + shift;
        for (int n = 0; n < 800; ++n, at -= span) {
            const WorldCandle c = view.candle(at, span);
            rows.push_back(fmt::format("[{}000,{},{},{},{},{}]", domain::unix_s(at), usd(c.open),
                                       usd(c.high), usd(c.low), usd(c.close),
                                       quiet(at, span) ? "0" : "5.97510235"));
        }
        return {200, join(rows)};
    }
    return {400,
            R"({"result":"error","reason":"InvalidTimeFrame","message":"Invalid time frame"})"};
}

}  // namespace

Reply gemini_reply(const View& view, const Request& request) {
    const std::string kCandles = "/v2/candles/btcusd/";
    if (request.path.starts_with(kCandles)) {
        return gemini_candles(view, request.path.substr(kCandles.size()));
    }
    if (request.path != "/v1/pubticker/btcusd") return not_found("not found");
    return {200, fmt::format(R"({{"bid":"{0}","ask":"{0}","last":"{0}","volume":{{"BTC":"2210.5",)"
                             R"("USD":"2135477.46","timestamp":{1}000}}}})",
                             last_traded(view), domain::unix_s(view.now))};
}

}  // namespace hashprice::fake
