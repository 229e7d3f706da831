#include <fmt/format.h>

#include "domain/consensus.hpp"
#include "domain/hashprice.hpp"
#include "tests/support/fake_replies.hpp"

/// blockchain.com's charts, and the publishers of hash prices that ours is compared with.
namespace hashprice::fake {
namespace {

using domain::kDay;
using domain::kHour;

UtcSeconds day_of(UtcSeconds t) { return std::chrono::floor<std::chrono::days>(t); }

/// At 00:00 of D stands the close of D-1; zeros before there was a market.
double market_price(const View& view, UtcSeconds day) {
    if (day < domain::utc(1'282'089'600)) return 0.0;  // 2010-08-18
    return static_cast<double>(view.price_at(day).value) / 1e6;
}

/// BTC of the whole day that begins at D; the last day or two may lag.
std::optional<double> transaction_fees(const View& view, UtcSeconds day) {
    const auto mean = view.world.day_fee_mean(day);
    if (!mean || day + 2 * kDay > view.now) return std::nullopt;
    const auto blocks = view.world.height_near(day + kDay) - view.world.height_near(day);
    return static_cast<double>(mean->value) * static_cast<double>(blocks) / 1e8;
}

std::optional<double> chart_value(const View& view, const std::string& chart, UtcSeconds day) {
    if (chart == "market-price") return market_price(view, day);
    return transaction_fees(view, day);
}

}  // namespace

Reply blockchain_reply(const View& view, const Request& request) {
    if (!request.path.starts_with("/charts/")) return not_found("not found");
    const std::string chart = request.path.substr(8);
    if (chart != "market-price" && chart != "transaction-fees") return not_found("not found");
    const std::string timespan = request.text("timespan", "1year");
    const std::int64_t days =
        timespan == "all" ? 100'000 : std::max(1L, std::strtol(timespan.c_str(), nullptr, 10));
    const auto written = domain::parse_time(request.text("start"), {});
    const UtcSeconds start =
        std::max(written ? written->at : view.now - days * kDay, day_of(domain::kGenesisTime));
    const bool sampled = request.text("sampled", "true") == "true";
    std::vector<std::string> rows;
    for (UtcSeconds day = day_of(start); day <= day_of(view.now) && day < start + days * kDay;
         day += sampled ? 4 * kDay : kDay) {
        const auto y = chart_value(view, chart, day);
        if (y) rows.push_back(fmt::format(R"({{"x":{},"y":{}}})", domain::unix_s(day), *y));
    }
    return {200, fmt::format(R"({{"status":"ok","name":"{0}","unit":"","period":"day",)"
                             R"("description":"","values":{1}}})",
                             chart, join(rows))};
}

namespace {

/// From the newest block's own fees: near enough to be compared with.
double published(const View& view, UtcSeconds t) {
    const auto tip = view.world.block(view.world.tip(t), t);
    if (!tip) return 0.0;
    const auto price = domain::hashprice_of({domain::difficulty_of(tip->block.bits).value(),
                                             domain::subsidy_at(tip->block.height), 3'000'000.0,
                                             static_cast<double>(view.price_at(t).value) / 1e6});
    return price->usd.value;
}

}  // namespace

Reply braiins_reply(const View& view, const Request& request) {
    if (request.path != "/api/v1.0/hashrate-stats") return not_found("not found");
    return {200, fmt::format(R"({{"avg_fees_per_block":0.015,"current_hashrate":1094.42,)"
                             R"("current_hashrate_estimated":1148.46,"fees_percent":0.48,)"
                             R"("hash_price":{:.6f},"hash_rate_30":1075.4,"hash_value":4E-7,)"
                             R"("rev_usd":40809781.01}})",
                             published(view, view.now) / 1000.0 * view.price_factor)};
}

Reply luxor_reply(const View& view, const Request& request) {
    if (request.path != "/v1/hashrateindex/hashprice") return not_found("not found");
    std::vector<std::string> rows;
    const auto last = std::chrono::floor<std::chrono::hours>(view.now);
    for (UtcSeconds t = last - 23 * kHour; t <= last; t += kHour) {
        rows.push_back(
            fmt::format(R"({{"price":{:.4f},"timestamp":"{}"}})", published(view, t), iso(t)));
    }
    return {200, fmt::format(R"({{"$schema":"https://example.org/schema.json","data":{}}})",
                             join(rows))};
}

}  // namespace hashprice::fake
