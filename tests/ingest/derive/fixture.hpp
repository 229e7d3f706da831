#pragma once
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "ingest/derive/observe.hpp"

/// Facts in a few words, and what is derived from them.
namespace hashprice::ingest {

using domain::kDay;
using domain::kHour;
using domain::kMinute;
using domain::Observation;
using domain::utc;

constexpr domain::Bits kBits{0x1701d936};      // of the blocks of mid-November 2025
const UtcSeconds kMidnight = utc(1763251200);  // 2025-11-16T00:00:00Z

// sources by number, as every database knows them
constexpr SourceId kStarter = 0;
constexpr SourceId kMempool = 2;
constexpr SourceId kCoinbase = 6;
constexpr SourceId kKraken = 7;
constexpr SourceId kBitstamp = 8;
constexpr SourceId kGemini = 9;

constexpr std::uint64_t bit(SourceId source) { return std::uint64_t{1} << source; }

/// Coinbase, Kraken and Bitstamp make the index.
inline DeriveOptions options() {
    return {.preferred = bit(kCoinbase) | bit(kKraken) | bit(kBitstamp), .starter = kStarter};
}

inline storage::Sourced<domain::Price> price(SourceId source, UtcSeconds t, double usd,
                                             seconds span = seconds{0}) {
    return {{t, span, domain::MicroUsd{std::llround(usd * 1e6)}}, source, t};
}

inline storage::Sourced<domain::Block> block(std::int64_t height, UtcSeconds t,
                                             std::optional<std::int64_t> fees = 1'000'000) {
    domain::Block b{.height = height, .time = t, .bits = kBits};
    if (fees) b.fees = domain::Satoshi{*fees};
    return {b, kMempool, t};
}

inline storage::Sourced<domain::FeeMean> fee_mean(UtcSeconds end, std::int64_t sum,
                                                  std::int64_t tip_height,
                                                  domain::FeeWindow window) {
    return {{end, window, domain::Satoshi{sum}, 144, tip_height}, kStarter, end};
}

/// `count` blocks up to `last`, ten minutes apart, the last of them at `end`.
inline std::vector<storage::Sourced<domain::Block>> chain(std::int64_t last, std::int64_t count,
                                                          UtcSeconds end,
                                                          std::int64_t fees = 1'000'000) {
    std::vector<storage::Sourced<domain::Block>> blocks;
    for (std::int64_t n = count - 1; n >= 0; --n)
        blocks.push_back(block(last - n, end - n * seconds{600}, fees));
    return blocks;
}

}  // namespace hashprice::ingest
