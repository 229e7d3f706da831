#pragma once
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "storage/connection.hpp"
#include "storage/facts.hpp"
#include "storage/record.hpp"

/// A database in memory, and facts for it.
namespace hashprice::storage {

using domain::Block;
using domain::FactBatch;
using domain::MicroUsd;
using domain::Price;
using domain::Satoshi;
using domain::seconds;
using domain::utc;

constexpr domain::Bits kBits{0x1701d936};      // of the blocks of mid-November 2025
const UtcSeconds kMidnight = utc(1763251200);  // 2025-11-16T00:00:00Z
const UtcSeconds kFetched = utc(1763300000);   // some hours later
constexpr std::int64_t kHeight = 923800;       // the tip at that midnight

inline domain::BlockHash hash_of(std::uint8_t last_byte) {
    domain::BlockHash hash;
    hash.bytes.back() = last_byte;
    return hash;
}

/// Ten minutes after the one below, 1,000,000 sat of fees and one more for every height.
inline Block block(std::int64_t height) {
    return {.height = height,
            .time = kMidnight + (height - kHeight) * seconds{600},
            .bits = kBits,
            .fees = Satoshi{1'000'000 + height - kHeight}};
}

inline FactBatch batch(std::string source = "mempool", UtcSeconds fetched_at = kFetched) {
    return {.source = std::move(source), .fetched_at = fetched_at};
}
inline FactBatch blocks(std::vector<Block> all, const std::string& source = "mempool") {
    FactBatch b = batch(source);
    b.blocks = std::move(all);
    return b;
}
inline FactBatch prices(std::vector<Price> all, const std::string& source = "coinbase",
                        UtcSeconds fetched_at = kFetched) {
    FactBatch b = batch(source, fetched_at);
    b.prices = std::move(all);
    return b;
}
inline Price tick(UtcSeconds t, std::int64_t usd) {
    return {t, seconds{0}, MicroUsd{usd * 1'000'000}};
}

class Stored : public ::testing::Test {
protected:
    Recorded record(const FactBatch& facts) { return done(storage::record(db, facts)); }
    Recorded replace_branch(const FactBatch& facts) {
        return done(storage::replace_branch(db, facts));
    }
    /// The first column of the first row, as text.
    std::string ask(const std::string& sql) {
        return db.connection().db.execAndGet(sql).getString();
    }
    std::int64_t count(const std::string& table) {
        return db.connection().db.execAndGet("SELECT COUNT(*) FROM " + table).getInt64();
    }

    Database db = *Database::in_memory();

private:
    static Recorded done(const Result<Recorded>& result) {
        EXPECT_TRUE(result) << result.error().what;
        return result.value_or(Recorded{});
    }
};

}  // namespace hashprice::storage
