#include "ingest/sources/plausible.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "domain/consensus.hpp"

namespace hashprice::ingest {

using domain::Block;
using domain::Errc;
using domain::fail;
using domain::Price;
using domain::Result;
using domain::seconds;
using domain::Status;
using domain::UtcSeconds;

namespace {
// December 2017: 1.9e12, and never below since. Test networks stand far below it.
constexpr std::int64_t kMatureHeight = 500'000;
constexpr double kMatureDifficulty = 1e11;
}  // namespace

bool meets_target(const domain::BlockHash& hash, domain::Bits bits) {
    std::array<std::uint8_t, 32> target{};
    const auto size = static_cast<int>(bits.value >> 24U);  // bytes of the target
    for (int i = 0; i < 3; ++i) {
        const int at = 32 - size + i;
        if (at < 0 || at >= 32) continue;
        target.at(static_cast<std::size_t>(at)) =
            static_cast<std::uint8_t>(bits.value >> static_cast<unsigned>(16 - 8 * i));
    }
    return hash.bytes <= target;
}

Status check_block(const Block& block) {
    const auto difficulty = domain::difficulty_of(block.bits);
    if (!difficulty) return tl::unexpected(difficulty.error());
    if (block.height >= kMatureHeight && difficulty->value < kMatureDifficulty) {
        return fail(Errc::out_of_range,
                    fmt::format("bits 0x{:08x} of block {} are far too easy: another chain",
                                block.bits.value, block.height));
    }
    if (block.hash && !meets_target(*block.hash, block.bits)) {
        return fail(Errc::out_of_range,
                    fmt::format("the hash of block {} does not meet the target of its bits "
                                "0x{:08x}",
                                block.height, block.bits.value));
    }
    if (block.height == 0 && block.time != domain::kGenesisTime) {
        return fail(Errc::out_of_range, "block 0 has another time than Bitcoin's: another chain");
    }
    return {};
}

Status check_chain(std::span<const Block> ascending) {
    for (std::size_t i = 1; i < ascending.size(); ++i) {
        const Block& before = ascending[i - 1];
        const Block& block = ascending[i];
        if (block.height != before.height + 1) {
            return fail(Errc::out_of_range,
                        fmt::format("height {} is followed by {}", before.height, block.height));
        }
        if (block.parent && before.hash && *block.parent != *before.hash) {
            return fail(Errc::out_of_range,
                        fmt::format("previousblockhash of block {} is not the hash of block {}",
                                    block.height, before.height));
        }
        const bool may_change = domain::is_retarget(block.height) &&
                                domain::within_retarget_clamp(before.bits, block.bits);
        if (block.bits != before.bits && !may_change) {
            return fail(Errc::out_of_range,
                        fmt::format("bits change from 0x{:08x} to 0x{:08x} at block {}",
                                    before.bits.value, block.bits.value, block.height));
        }
    }
    return {};
}

namespace {

Status check_candle(const Candle& candle, seconds span, UtcSeconds now) {
    const auto at = domain::unix_s(candle.start);
    if (at % span.count() != 0) {
        return fail(Errc::out_of_range,
                    fmt::format("a candle starts at {}, which is no multiple of its span of {} in "
                                "UTC",
                                domain::format_time(candle.start), domain::format_duration(span)));
    }
    if (candle.start > now + kClockLead) {
        return fail(Errc::out_of_range, fmt::format("a candle starts at {}, in the future",
                                                    domain::format_time(candle.start)));
    }
    const bool ordered = candle.low <= std::min(candle.open, candle.close) &&
                         candle.high >= std::max(candle.open, candle.close);
    if (candle.traded && !ordered) {
        return fail(Errc::out_of_range,
                    fmt::format("the candle of {} has open or close outside low to high",
                                domain::format_time(candle.start)));
    }
    return {};
}

}  // namespace

Result<std::vector<Price>> closes_of(std::vector<Candle> candles, seconds span, RowOrder order,
                                     UtcSeconds now) {
    if (order == RowOrder::newest_first) std::ranges::reverse(candles);
    std::vector<Price> closes;
    closes.reserve(candles.size());
    for (std::size_t i = 0; i < candles.size(); ++i) {
        const Candle& candle = candles[i];
        const Status sane = check_candle(candle, span, now);
        if (!sane) return tl::unexpected(sane.error());
        if (i > 0 && candle.start <= candles[i - 1].start) {
            return fail(Errc::out_of_range, fmt::format("candles out of order or double at {}",
                                                        domain::format_time(candle.start)));
        }
        const UtcSeconds end = candle.start + span;
        if (candle.traded && end <= now) closes.push_back(Price{end, span, candle.close});
    }
    return closes;
}

}  // namespace hashprice::ingest
