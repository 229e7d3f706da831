#include "tests/support/fake_replies.hpp"

#include <fmt/format.h>

#include <cmath>

#include "domain/consensus.hpp"

namespace hashprice::fake {

using domain::MicroUsd;

std::string Request::text(const std::string& key, const std::string& otherwise) const {
    const auto found = query.find(key);
    return found == query.end() ? otherwise : found->second;
}

std::int64_t Request::number(const std::string& key, std::int64_t otherwise) const {
    const std::string value = text(key);
    return value.empty() ? otherwise : std::strtoll(value.c_str(), nullptr, 10);
}

Reply not_found(const std::string& text) { return {404, text, "text/plain", {}}; }

MicroUsd View::shifted(MicroUsd price) const {
    const double cents = static_cast<double>(price.value + offset_micro_usd) / 10'000.0;
    return MicroUsd{std::llround(cents * price_factor) * 10'000};
}

MicroUsd View::price_at(UtcSeconds t) const { return shifted(world.price_at(t)); }

WorldCandle View::candle(UtcSeconds start, seconds span) const {
    WorldCandle candle = world.candle(start, span, now);
    for (MicroUsd* price : {&candle.open, &candle.high, &candle.low, &candle.close}) {
        *price = shifted(*price);
    }
    return candle;
}

namespace {

/// As a test network would have it: the easiest target, and other hashes.
std::optional<WorldBlock> of_other_chain(std::optional<WorldBlock> block) {
    if (!block) return block;
    block->block.bits = domain::kPowLimit;
    for (auto* hash : {&*block->block.hash, &*block->block.parent}) hash->bytes[20] ^= 0x55U;
    return block;
}

}  // namespace

std::optional<WorldBlock> View::block(std::int64_t height) const {
    const auto block = world.block(height, now);
    return wrong_chain ? of_other_chain(block) : block;
}

std::optional<WorldBlock> View::header(std::int64_t height) const {
    const auto header = world.header(height, now);
    return wrong_chain ? of_other_chain(header) : header;
}

std::vector<WorldBlock> View::page(std::int64_t top, std::size_t most) const {
    std::vector<WorldBlock> page;
    while (page.size() < most) {
        const auto next = block(top - static_cast<std::int64_t>(page.size()));
        if (!next) break;
        page.push_back(*next);
    }
    return page;
}

std::string usd(MicroUsd price) {
    return fmt::format("{}.{:02}", price.value / 1'000'000, price.value % 1'000'000 / 10'000);
}

std::string iso(UtcSeconds t) { return domain::format_time(t); }

std::string join(const std::vector<std::string>& rows) {
    return fmt::format("[{}]", fmt::join(rows, ","));
}

std::string bits_hex(domain::Bits bits) { return fmt::format("{:08x}", bits.value); }

double difficulty(domain::Bits bits) { return domain::difficulty_of(bits).value().value; }

}  // namespace hashprice::fake
