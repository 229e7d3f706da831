#include <fmt/format.h>

#include <cmath>
#include <map>

#include "domain/consensus.hpp"
#include "tests/support/fake_replies.hpp"

/// mempool.space as its backend answers: /api/v1/...
namespace hashprice::fake {
namespace {

using domain::kDay;
using domain::kHour;

Reply error_500(const std::string& what) {
    return {500, fmt::format(R"({{"error":"{}"}})", what), "application/json", {}};
}

std::string block_json(const WorldBlock& b) {
    const auto& block = b.block;
    const std::int64_t fees = block.fees->value;
    return fmt::format(
        R"({{"id":"{}","height":{},"version":536870912,"timestamp":{},"tx_count":{},"size":1580021,)"
        R"("weight":3993112,"merkle_root":"{}","previousblockhash":"{}","mediantime":{},)"
        R"("nonce":2083236893,"bits":{},"difficulty":{:.1f},"extras":{{"totalFees":{},)"
        R"("medianFee":2,"feeRange":[1,1.02,2,3,5,9,301],"reward":{},"pool":{{"id":111,)"
        R"("name":"Foundry USA","slug":"foundryusa"}},"avgFee":{},"avgFeeRate":3,)"
        R"("coinbaseRaw":"03d1a70d","utxoSetChange":-1822,"totalInputs":7912,"matchRate":null,)"
        R"("expectedFees":null,"firstSeen":null,"orphans":[]}}}})",
        domain::format_hash(*block.hash), block.height, domain::unix_s(block.time), b.transactions,
        domain::format_hash(*block.hash), domain::format_hash(*block.parent),
        domain::unix_s(block.time) - 2900, block.bits.value, difficulty(block.bits), fees,
        domain::subsidy_at(block.height).value + fees, fees / std::max(1, b.transactions));
}

/// 15 blocks; above the tip the limit shrinks by the overshoot.
Reply blocks(const View& view, const std::string& start) {
    const std::int64_t tip = view.tip();
    const std::int64_t top = start.empty() ? tip : std::strtoll(start.c_str(), nullptr, 10);
    const std::int64_t limit = 15 - std::max<std::int64_t>(0, top - tip);
    std::vector<std::string> rows;
    if (limit > 0) {
        for (const WorldBlock& b : view.page(std::min(top, tip), static_cast<std::size_t>(limit))) {
            rows.push_back(block_json(b));
        }
    }
    return {200, join(rows)};
}

/// Newest first, only where bits changed, and the first block.
Reply difficulty_adjustments(const View& view) {
    std::vector<std::string> rows;
    double before = 0;
    for (const domain::Epoch& epoch : view.world.epochs()) {
        const double now = difficulty(view.wrong_chain ? domain::kPowLimit : epoch.bits);
        if (epoch.start_time > view.now) break;
        if (now != before) {
            const double ratio = before == 0 ? 0 : std::round(now / before * 1e6) / 1e6;
            rows.push_back(fmt::format("[{},{},{},{}]", domain::unix_s(epoch.start_time),
                                       epoch.start_height, now, ratio));
        }
        before = now;
    }
    return {200, join({rows.rbegin(), rows.rend()})};
}

struct Bucket {
    std::int64_t blocks{};
    std::int64_t heights{};
    std::int64_t times{};
    std::int64_t fees{};
};

std::string bucket_json(const Bucket& b, domain::MicroUsd price) {
    const auto mean = [&b](std::int64_t sum) { return (sum + b.blocks / 2) / b.blocks; };
    return fmt::format(R"({{"avgHeight":{},"timestamp":{},"avgFees":{},"USD":{}}})",
                       mean(b.heights), mean(b.times), mean(b.fees), price.value / 1'000'000);
}

/// Only blocks that an hourly price after them has been linked to.
std::map<std::int64_t, Bucket> grouped(const View& view, UtcSeconds from, UtcSeconds to,
                                       seconds length) {
    const UtcSeconds linked = std::chrono::floor<std::chrono::hours>(view.now);
    std::map<std::int64_t, Bucket> buckets;
    for (auto height = view.world.first_height(); height <= view.tip(); ++height) {
        const auto b = view.block(height);
        if (!b || b->block.time < from || b->block.time > to || b->block.time >= linked) continue;
        Bucket& bucket = buckets[domain::unix_s(b->block.time) / length.count()];
        ++bucket.blocks;
        bucket.heights += height;
        bucket.times += domain::unix_s(b->block.time);
        bucket.fees += b->block.fees->value;
    }
    return buckets;
}

seconds bucket_length(seconds window) {
    const std::pair<int, int> kLengths[] = {
        {3, 1}, {7, 300}, {30, 1'800}, {90, 7'200}, {180, 10'800}, {730, 28'800}, {1461, 43'200}};
    for (const auto& [days, length] : kLengths) {
        if (window <= days * kDay) return seconds{length};
    }
    return kDay;
}

/// Days before the single blocks of the figures begin.
std::vector<std::string> old_days(const View& view, UtcSeconds until) {
    std::vector<std::string> rows;
    for (UtcSeconds day = view.world.first_day(); day < until; day += kDay) {
        const auto mean = view.world.day_fee_mean(day);
        if (!mean) continue;
        const UtcSeconds noon = day + kDay / 2;
        rows.push_back(
            bucket_json({1, view.world.height_near(noon), domain::unix_s(noon), mean->value},
                        view.price_at(noon)));
    }
    return rows;
}

Reply fees(const View& view, UtcSeconds from, UtcSeconds to, seconds length) {
    std::vector<std::string> rows;
    UtcSeconds begin = from;
    if (length == kDay) {
        const auto first = view.world.effective_time(view.world.first_height());
        begin = std::chrono::ceil<std::chrono::days>(first);
        rows = old_days(view, begin);
    }
    for (const auto& [at, bucket] : grouped(view, begin, to, length)) {
        const UtcSeconds start = domain::utc(at * length.count());
        if (length == kDay && !view.world.day_fee_mean(start)) continue;  // half of it in the hole
        rows.push_back(bucket_json(bucket, view.price_at(start)));
    }
    return {200, join(rows)};
}

Reply fees_by_range(const View& view, const Request& request) {
    const std::int64_t from = request.number("from", 0);
    const std::int64_t to = request.number("to", 0);
    if (from <= 0 || to <= 0 || from > to) {
        return error_500("Failed to get historical block fees");
    }
    return fees(view, domain::utc(from), domain::utc(to), bucket_length(seconds{to - from}));
}

/// A median over exchanges in whole USD, renewed every five minutes.
Reply prices(const View& view) {
    const UtcSeconds time{view.now - (view.now - UtcSeconds{}) % seconds{300}};
    return {200,
            fmt::format(R"({{"time":{},"USD":{},"EUR":{},"GBP":-1,"JPY":-1}})",
                        domain::unix_s(time), (view.price_at(time).value + 500'000) / 1'000'000,
                        view.price_at(time).value * 86 / 100'000'000)};
}

}  // namespace

Reply mempool_reply(const View& view, const Request& request) {
    const std::string& path = request.path;
    const std::string kBlocks = "/api/v1/blocks";
    if (path == "/api/v1/blocks/tip/height") {
        return {200, fmt::format("{}", view.tip()), "text/plain", {}};
    }
    if (path == kBlocks) return blocks(view, "");
    if (path.starts_with(kBlocks + "/")) return blocks(view, path.substr(kBlocks.size() + 1));
    if (path == "/api/v1/mining/difficulty-adjustments") return difficulty_adjustments(view);
    if (path == "/api/v1/mining/blocks/fees") return fees_by_range(view, request);
    if (path == "/api/v1/mining/blocks/fees/all") {
        return fees(view, {}, view.now, kDay);
    }
    if (path == "/api/v1/prices") return prices(view);
    return not_found("Cannot GET " + path);
}

}  // namespace hashprice::fake
