#pragma once
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "ingest/collector.hpp"
#include "storage/bars.hpp"
#include "storage/facts.hpp"
#include "storage/observations.hpp"
#include "storage/quarantine.hpp"
#include "storage/retract.hpp"

/// A database in memory with a collector, and facts for it.
namespace hashprice::ingest {

using domain::Block;
using domain::FactBatch;
using domain::MicroUsd;
using domain::Price;
using domain::Range;
using domain::Satoshi;
using domain::utc;

constexpr domain::Bits kBits{0x1701d936};          // of the blocks of mid-November 2025
constexpr std::int64_t kHeight = 923800;           // its 144 predecessors share its epoch
constexpr UtcSeconds kMidnight = utc(1763251200);  // 2025-11-16T00:00:00Z
constexpr UtcSeconds kNow = kMidnight + 10 * domain::kDay;

/// Ten minutes after the one below.
inline Block block(std::int64_t height) {
    return {.height = height,
            .time = kMidnight + (height - kHeight) * seconds{600},
            .bits = kBits,
            .fees = Satoshi{1'000'000 + height - kHeight}};
}
inline domain::BlockHash hash_of(std::int64_t height, std::uint8_t branch = 0) {
    domain::BlockHash hash;
    for (std::size_t i = 24; i < 32; ++i) {
        hash.bytes.at(i) = static_cast<std::uint8_t>(height >> (8 * (31 - i)));
    }
    hash.bytes[23] = branch;
    return hash;
}
inline Block linked(std::int64_t height, std::uint8_t branch = 0) {
    Block b = block(height);
    b.hash = hash_of(height, branch);
    b.parent = hash_of(height - 1, branch);
    return b;
}
inline std::vector<Block> blocks(std::int64_t from, std::int64_t to) {
    std::vector<Block> all;
    for (std::int64_t h = from; h < to; ++h) all.push_back(block(h));
    return all;
}
inline Price hour_close(UtcSeconds end, double usd) {
    return {end, domain::kHour, MicroUsd{static_cast<std::int64_t>(usd * 1e6)}};
}
inline Price tick(UtcSeconds t, double usd) {
    return {t, seconds{0}, MicroUsd{static_cast<std::int64_t>(usd * 1e6)}};
}

/// One database and the only way into it.
class House {
public:
    explicit House(const PriceRules& rules = {})
        : db(*storage::Database::in_memory()), collector(db, *derive_options(db, rules)) {}

    Taken take(const FactBatch& batch, UtcSeconds now = kNow) {
        return good(collector.take(batch, now, now));
    }
    Taken take_blocks(std::vector<Block> all, const std::string& source = "mempool",
                      UtcSeconds heard_at = kNow) {
        FactBatch batch{.source = source, .fetched_at = heard_at};
        batch.blocks = std::move(all);
        return take(batch);
    }
    Taken take_prices(std::vector<Price> all, const std::string& source = "coinbase") {
        FactBatch batch{.source = source, .fetched_at = kNow};
        batch.prices = std::move(all);
        return take(batch);
    }
    Taken retract(const std::string& source, const Range& range) {
        return good(collector.decide(
            [&](storage::Database& d) { return storage::retract(d, source, range, kNow); }, kNow,
            kNow));
    }
    Taken undo(const std::string& source, const Range& range) {
        return good(collector.decide(
            [&](storage::Database& d) { return storage::undo_retraction(d, source, range, kNow); },
            kNow, kNow));
    }
    domain::Result<Taken> release(std::int64_t id) {
        return collector.decide([&](storage::Database& d) { return storage::release(d, id, kNow); },
                                kNow, kNow);
    }
    std::vector<storage::Quarantined> pending() {
        return *storage::quarantined(db, "pending", 100);
    }
    std::vector<domain::Observation> observations() {
        std::vector<domain::Observation> all;
        const auto stored = *storage::observations_between(db, utc(0), kNow);
        all.reserve(stored.size());
        for (const auto& kept : stored) all.push_back(kept.observation);
        return all;
    }
    std::vector<domain::Bar> hours() {
        return *storage::bars_between(db, domain::Step::hour, {utc(0), kNow});
    }
    std::optional<storage::Sourced<Block>> at(std::int64_t height) {
        return *storage::block_at(db, height);
    }
    std::int64_t source(const std::string& name) { return *storage::source_id(db, name); }

    storage::Database db;
    Collector collector;

private:
    static Taken good(const domain::Result<Taken>& taken) {
        EXPECT_TRUE(taken) << taken.error().what;
        return taken.value_or(Taken{});
    }
};

}  // namespace hashprice::ingest
