#include "ingest/sources/mempool.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "domain/consensus.hpp"
#include "ingest/sources/block_json.hpp"
#include "ingest/sources/fee_rows.hpp"
#include "ingest/sources/heights.hpp"
#include "ingest/sources/json.hpp"
#include "ingest/sources/plausible.hpp"
#include "ingest/transport/url.hpp"

namespace hashprice::ingest {

using domain::Block;
using domain::Epoch;
using domain::Errc;
using domain::fail;
using domain::Price;
using domain::Range;
using domain::Result;
using domain::Satoshi;
using domain::seconds;
using domain::UtcSeconds;

namespace {

constexpr std::size_t kMostBlocks = 100;
constexpr std::size_t kMostRows = 100'000;
/// Blocks join the fee history only once a price later than they has been stored there: an hour.
constexpr seconds kFeesLate = 2 * domain::kHour;

Block block_of(const Node& node, UtcSeconds now) {
    const Fields row = block_fields(node);
    Block block = read_block(row, now);
    const Fields extras(row["extras"], {"totalFees", "reward"});
    block.fees = Satoshi{extras["totalFees"].integer(0, kHighestFees)};
    if (extras.has("reward")) {
        // a miner may claim less than its due, never more
        const Satoshi due = domain::subsidy_at(block.height) + *block.fees;
        (void)extras["reward"].integer(0, due.value);
    }
    return block;
}

}  // namespace

Result<std::vector<Block>> decode_mempool_blocks(std::string_view body, UtcSeconds now) {
    auto blocks = decode_json(body, [now](const Node& root, Verdict&) {
        std::vector<Block> read;
        for (const Node& row : root.rows("blocks", kMostBlocks)) {
            read.push_back(block_of(row, now));
        }
        return read;
    });
    if (!blocks) return blocks;
    return checked_page(std::move(*blocks));
}

namespace {

/// Four times two weeks: the clamp. More than that without a change of difficulty cannot be.
constexpr seconds kLongestEpoch = 4 * domain::kTargetTimespan + domain::kDay;

Epoch epoch_of(const Node& row, UtcSeconds now) {
    Epoch epoch;
    epoch.start_time = row[0].time(now + kHeaderLead);
    epoch.start_height = row[1].integer(0, kHighestHeight);
    if (!domain::is_retarget(epoch.start_height)) {
        row[1].refuse(Errc::out_of_range, "is no multiple of 2016");
    }
    const auto bits = domain::bits_of(domain::Difficulty{row[2].number(1.0, 1e30)});
    if (bits) {
        epoch.bits = *bits;
    } else {
        row[2].refuse(Errc::out_of_range, "is no difficulty that bits can have");
    }
    (void)row[3].number(0.0, 4.001);
    return epoch;
}

/// Rows stand only where bits changed, so that from row to row it is one retarget.
void check_order(const std::vector<Epoch>& ascending, Verdict& verdict) {
    for (std::size_t i = 1; i < ascending.size(); ++i) {
        const Epoch& before = ascending[i - 1];
        const Epoch& epoch = ascending[i];
        if (epoch.start_height <= before.start_height || epoch.start_time <= before.start_time) {
            verdict.refuse(Errc::out_of_range,
                           fmt::format("epochs {} and {} are out of order or double",
                                       before.start_height, epoch.start_height));
        }
        if (!domain::within_retarget_clamp(before.bits, epoch.bits)) {
            verdict.refuse(Errc::out_of_range,
                           fmt::format("difficulty changes by more than a factor of 4 at {}",
                                       epoch.start_height));
        }
    }
}

}  // namespace

Result<std::vector<Epoch>> decode_mempool_epochs(std::string_view body, UtcSeconds now) {
    return decode_json(body, [now](const Node& root, Verdict& verdict) {
        std::vector<Epoch> epochs;
        for (const Node& row : root.rows("epochs", kMostRows)) {
            epochs.push_back(epoch_of(row, now));
        }
        std::ranges::reverse(epochs);
        if (verdict.good()) check_order(epochs, verdict);
        if (epochs.empty() || epochs.back().start_time + kLongestEpoch < now) {
            root.refuse(Errc::out_of_range,
                        "ends long ago: another chain, or a provider that stands still");
        }
        return epochs;
    });
}

Result<std::vector<BlockFees>> decode_mempool_block_fees(std::string_view body, Range range) {
    return decode_json(body, [range](const Node& root, Verdict&) {
        std::vector<BlockFees> rows;
        for (const Node& row : root.rows("fees", kMostRows)) {
            BlockFees fees;
            fees.height = row["avgHeight"].integer(0, kHighestHeight);
            fees.time = row["timestamp"].time(range.to);
            if (fees.time < range.from) {
                row["timestamp"].refuse(Errc::out_of_range, "lies outside the range asked for");
            }
            fees.fees = Satoshi{row["avgFees"].integer(0, kHighestFees)};
            rows.push_back(fees);
        }
        std::set<UtcSeconds> times;
        for (const BlockFees& fees : rows) {
            if (times.insert(fees.time).second) continue;
            root.refuse(Errc::out_of_range,
                        "has two rows of one second, which it should have merged");
        }
        mark_exact(rows);
        return rows;
    });
}

Result<std::vector<DayFees>> decode_mempool_day_fees(std::string_view body,
                                                     UtcSeconds complete_to) {
    return decode_json(body, [complete_to](const Node& root, Verdict&) {
        std::vector<DayFees> days;
        for (const Node& row : root.rows("fees", kMostRows)) {
            const UtcSeconds time = row["timestamp"].time(complete_to + kFeesLate + domain::kDay);
            const auto day = std::chrono::floor<std::chrono::days>(time);
            DayFees fees;
            fees.end = day + domain::kDay;
            fees.mean = Satoshi{row["avgFees"].integer(0, kHighestFees)};
            fees.mean_height = row["avgHeight"].integer(0, kHighestHeight);
            if (fees.end <= complete_to) days.push_back(fees);
        }
        std::ranges::sort(days, {}, &DayFees::end);
        for (std::size_t i = 1; i < days.size(); ++i) {
            if (days[i].end > days[i - 1].end && days[i].mean_height > days[i - 1].mean_height) {
                continue;
            }
            root.refuse(Errc::out_of_range,
                        fmt::format("has {} twice, or heights out of order",
                                    domain::format_date(days[i].end - domain::kDay)));
        }
        return days;
    });
}

Result<Price> decode_mempool_price(std::string_view body, UtcSeconds now) {
    return decode_json(body, [now](const Node& root, Verdict&) {
        return Price{root["time"].time(now + kClockLead), seconds{0}, root["USD"].price()};
    });
}

std::string Mempool::url(std::string_view path) const { return join_url(base_url(), path); }

Result<std::int64_t> Mempool::tip_height(Visit& visit) const {
    return fetch(visit, url("/api/v1/blocks/tip/height"), decode_height_text);
}

Result<std::vector<Block>> Mempool::blocks_to(Visit& visit, std::int64_t top) const {
    return fetch(visit, url(fmt::format("/api/v1/blocks/{}", top)), [&](std::string_view body) {
        return not_above(top, decode_mempool_blocks(body, visit.now));
    });
}

Result<std::vector<Epoch>> Mempool::epochs_from(Visit& visit, std::int64_t from_height) const {
    auto epochs =
        fetch(visit, url("/api/v1/mining/difficulty-adjustments"),
              [&](std::string_view body) { return decode_mempool_epochs(body, visit.now); });
    if (epochs)
        std::erase_if(*epochs, [=](const Epoch& e) { return e.start_height < from_height; });
    return epochs;
}

Result<std::vector<BlockFees>> Mempool::block_fees(Visit& visit, Range range) const {
    if (range.empty() || range.to - range.from > block_window()) {
        return fail(Errc::usage, "fees per block come for ranges of up to 3 days");
    }
    const std::string path = fmt::format("/api/v1/mining/blocks/fees?from={}&to={}",
                                         domain::unix_s(range.from), domain::unix_s(range.to) - 1);
    return fetch(visit, url(path),
                 [&](std::string_view body) { return decode_mempool_block_fees(body, range); });
}

Result<std::vector<DayFees>> Mempool::day_fees(Visit& visit, Range range) const {
    auto days = fetch(visit, url("/api/v1/mining/blocks/fees/all"), [&](std::string_view body) {
        return decode_mempool_day_fees(body, visit.now - kFeesLate);
    });
    if (days) {
        std::erase_if(*days,
                      [&](const DayFees& d) { return d.end <= range.from || d.end > range.to; });
    }
    return days;
}

Result<Price> Mempool::tick(Visit& visit) const {
    return fetch(visit, url("/api/v1/prices"),
                 [&](std::string_view body) { return decode_mempool_price(body, visit.now); });
}

std::optional<CandleOffer> Mempool::candle_offer(seconds /*span*/) const { return std::nullopt; }

Result<std::vector<Price>> Mempool::candles(Visit& /*visit*/, Range /*range*/,
                                            seconds /*span*/) const {
    return fail(Errc::usage, name() + " has no candles");
}

}  // namespace hashprice::ingest
