#include "ingest/sources/blockchain_com.hpp"

#include <fmt/format.h>

#include "ingest/sources/candles.hpp"
#include "ingest/sources/decimal.hpp"
#include "ingest/sources/json.hpp"
#include "ingest/sources/plausible.hpp"
#include "ingest/transport/url.hpp"

namespace hashprice::ingest {

using domain::Errc;
using domain::fail;
using domain::kDay;
using domain::Price;
using domain::Range;
using domain::Result;
using domain::Satoshi;
using domain::seconds;
using domain::UtcSeconds;

namespace {

constexpr std::size_t kMostPoints = 100'000;
constexpr UtcSeconds kFirstPrice{seconds{1'282'089'600}};  // 2010-08-18; zeros before
constexpr int kDaysPerRequest = 10'000;

/// Calls `point` with each (x, y), x being a midnight later than the one before.
template <class Point>
void each_point(const Node& root, UtcSeconds now, const Point& point) {
    if (root["status"].text(20) != "ok") root["status"].refuse(Errc::bad_payload, "is not ok");
    UtcSeconds before;
    for (const Node& row : root["values"].rows("values", kMostPoints)) {
        const Node x = row["x"];
        const UtcSeconds day = x.time(now + kClockLead);
        if (domain::unix_s(day) % kDay.count() != 0) {
            x.refuse(Errc::out_of_range, "is no 00:00 UTC");
        }
        if (day <= before) x.refuse(Errc::out_of_range, "is out of order or double");
        point(day, row["y"]);
        before = day;
    }
}

}  // namespace

Result<std::vector<Price>> decode_blockchain_prices(std::string_view body, UtcSeconds now) {
    return decode_json(body, [now](const Node& root, Verdict&) {
        std::vector<Price> closes;
        each_point(root, now, [&closes](UtcSeconds day, const Node& y) {
            const bool placeholder = day < kFirstPrice && y.number(0.0, 0.0) == 0.0;
            if (!placeholder) closes.push_back({day, kDay, y.price()});
        });
        return closes;
    });
}

Result<std::vector<DayFees>> decode_blockchain_fees(std::string_view body, UtcSeconds now) {
    return decode_json(body, [now](const Node& root, Verdict&) {
        constexpr double kMostBtc = 100'000.0;
        std::vector<DayFees> days;
        each_point(root, now, [&days](UtcSeconds day, const Node& y) {
            DayFees fees;
            fees.end = day + kDay;
            fees.total = Satoshi{decimal_of(y.number(0.0, kMostBtc), 8).value_or(0)};
            days.push_back(fees);
        });
        return days;
    });
}

std::string BlockchainCom::chart_url(std::string_view chart, UtcSeconds from,
                                     std::int64_t days) const {
    return join_url(base_url(),
                    fmt::format("/charts/{}?timespan={}days&start={}&format=json&sampled=false",
                                chart, days, domain::format_date(from)));
}

Result<Price> BlockchainCom::tick(Visit& /*visit*/) const {
    return fail(Errc::usage, name() + " has daily closes only");
}

std::optional<CandleOffer> BlockchainCom::candle_offer(seconds span) const {
    if (span != kDay) return std::nullopt;
    return CandleOffer{kDaysPerRequest, kFirstPrice - kDay, std::nullopt};
}

Result<std::vector<Price>> BlockchainCom::candles(Visit& visit, Range range, seconds span) const {
    const auto good = check_candle_range(candle_offer(span), range, span);
    if (!good) return tl::unexpected(good.error());
    const std::string url =
        chart_url("market-price", range.from + kDay, (range.to - range.from) / kDay + 1);
    return within(range, fetch(visit, url, [&](std::string_view body) {
                      return decode_blockchain_prices(body, visit.now);
                  }));
}

Result<std::vector<BlockFees>> BlockchainCom::block_fees(Visit& /*visit*/, Range /*range*/) const {
    return fail(Errc::usage, name() + " has fees per day only");
}

Result<std::vector<DayFees>> BlockchainCom::day_fees(Visit& visit, Range range) const {
    const auto first = std::chrono::floor<std::chrono::days>(range.from);
    const std::string url = chart_url("transaction-fees", first, (range.to - first) / kDay + 1);
    auto days = fetch(
        visit, url, [&](std::string_view body) { return decode_blockchain_fees(body, visit.now); });
    if (days) {
        // a day that is not over has not all its fees
        const UtcSeconds until = std::min(range.to, visit.now);
        std::erase_if(*days,
                      [&](const DayFees& d) { return d.end <= range.from || d.end > until; });
    }
    return days;
}

}  // namespace hashprice::ingest
