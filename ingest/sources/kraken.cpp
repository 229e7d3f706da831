#include "ingest/sources/kraken.hpp"

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

constexpr std::array<std::int64_t, 7> kMinutes{1, 5, 15, 30, 60, 240, 1440};
constexpr int kNewestRows = 720;  // it never answers with older ones
constexpr seconds kTickWindow = 15 * domain::kMinute;

Candle candle_of(const Node& row, UtcSeconds now) {
    Candle candle;
    candle.start = row[0].time(now + kClockLead);
    candle.open = row[1].price_text();
    candle.high = row[2].price_text();
    candle.low = row[3].price_text();
    candle.close = row[4].price_text();
    (void)row[6].decimal_text(8);
    candle.traded = row[7].integer(0, INT32_MAX) > 0;
    return candle;
}

/// Errors come in place of a status; warnings start with W and change nothing.
void check_errors(const Node& root, Verdict& verdict) {
    for (const Node& row : root["error"].rows("error", 20)) {
        const std::string_view text = row.text(200);
        if (text.starts_with('E')) {
            verdict.refuse(domain::Errc::http_status, fmt::format("kraken says {}", text));
        }
    }
}

bool asked_too_often(const Result<std::vector<Price>>& closes) {
    if (closes) return false;
    const std::string& what = closes.error().what;
    return closes.error().code == domain::Errc::http_status &&
           (what.find("Too many requests") != std::string::npos ||
            what.find("Rate limit") != std::string::npos);
}

}  // namespace

Result<std::vector<Price>> decode_kraken_candles(std::string_view body, seconds span,
                                                 UtcSeconds now) {
    auto candles = decode_json(body, [now](const Node& root, Verdict& verdict) {
        std::vector<Candle> read;
        check_errors(root, verdict);
        if (!verdict.good()) return read;
        for (const Node& row : root["result"].other_than("last").rows("candles", kNewestRows + 1)) {
            read.push_back(candle_of(row, now));
        }
        return read;
    });
    if (!candles) return tl::unexpected(candles.error());
    return closes_of(std::move(*candles), span, RowOrder::oldest_first, now);
}

namespace {

/// Candles that start at or after `from`.
Result<std::vector<Price>> fetch_candles(Visit& visit, const std::string& base_url, UtcSeconds from,
                                         seconds span) {
    const std::string path = fmt::format(
        "/0/public/OHLC?pair=XBTUSD&interval={}&since={}",
        std::chrono::duration_cast<std::chrono::minutes>(span).count(), domain::unix_s(from) - 1);
    auto closes = fetch(visit, join_url(base_url, path), [&](std::string_view body) {
        return decode_kraken_candles(body, span, visit.now);
    });
    if (asked_too_often(closes)) visit.status = 429;
    return closes;
}

}  // namespace

Result<Price> Kraken::tick(Visit& visit) const {
    const auto closes = fetch_candles(visit, base_url(), visit.now - kTickWindow, domain::kMinute);
    if (!closes) return tl::unexpected(closes.error());
    if (closes->empty()) {
        return domain::fail(domain::Errc::not_found, "no minute with a trade in the last 15 min");
    }
    return Price{closes->back().time, seconds{0}, closes->back().price};
}

std::optional<CandleOffer> Kraken::candle_offer(seconds span) const {
    for (const std::int64_t minutes : kMinutes) {
        // the newest row is the open candle
        if (span == minutes * domain::kMinute) {
            return CandleOffer{kNewestRows - 1, UtcSeconds{}, (kNewestRows - 1) * span};
        }
    }
    return std::nullopt;
}

Result<std::vector<Price>> Kraken::candles(Visit& visit, Range range, seconds span) const {
    const Status good = check_candle_range(candle_offer(span), range, span);
    if (!good) return tl::unexpected(good.error());
    return within(range, fetch_candles(visit, base_url(), range.from, span));
}

}  // namespace hashprice::ingest
