#include <cmath>

#include "storage/bars.hpp"
#include "storage/observations.hpp"
#include "tests/storage/fixture.hpp"

namespace hashprice::storage {
namespace {

using domain::kHour;
using domain::Observation;

constexpr std::int64_t kBlocks = 12'000;  // some 83 days
constexpr std::int64_t kMostBytes = 110;

/// Digits as real values have them: none of the numbers is short.
double like_real(std::int64_t n) { return 40 + 8 * std::sin(0.001 * static_cast<double>(n)); }

class Size : public Stored {
protected:
    std::int64_t bytes_in_use() {
        auto& sqlite = db.connection().db;
        const std::int64_t pages = sqlite.execAndGet("PRAGMA page_count").getInt64() -
                                   sqlite.execAndGet("PRAGMA freelist_count").getInt64();
        return pages * sqlite.execAndGet("PRAGMA page_size").getInt64();
    }
    static Observation hourly(std::int64_t n) {
        Observation o;
        o.time = kMidnight + n * kHour;
        o.span = kHour;
        o.height = kHeight + 6 * n;
        o.bits = kBits;
        o.fee_sum = Satoshi{260'128'982 + 7 * n};
        o.fee_blocks = 144;
        o.price_usd = 2'400 * like_real(n) + 0.01 / 3;
        o.price_sources = 0b111 << 6;  // three exchanges
        o.chain_source = o.fee_source = 2;
        o.usd_per_ph_day = like_real(n);
        o.sat_per_ph_day = 1'000 * like_real(n);
        return o;
    }
    void store_blocks() {
        std::vector<Block> chain;
        for (std::int64_t n = 0; n < kBlocks; ++n) {
            Block b = block(kHeight + n);
            b.fees = Satoshi{1'806'451 + 37 * n};
            b.hash.emplace();
            b.hash->bytes.fill(static_cast<std::uint8_t>(n));
            chain.push_back(b);
        }
        FactBatch batch = blocks(chain);
        batch.fetched_at = block(kHeight + kBlocks).time;
        ASSERT_EQ(record(batch).added, kBlocks);
    }
    void store_hours() {
        std::vector<Observation> hours;
        for (std::int64_t n = 1; n <= kBlocks / 6; ++n) hours.push_back(hourly(n));
        const UtcSeconds last = hours.back().time;
        ASSERT_TRUE(replace_observations(db, kMidnight, last, hours, kFetched));
        ASSERT_TRUE(rebuild_bars(db, hours.front().time, last));
    }
};

TEST_F(Size, ABlockWithItsHourlyObservationAndBarsCostsAtMost110Bytes) {
    const std::int64_t before = bytes_in_use();
    store_blocks();
    store_hours();
    const double per_block =
        static_cast<double>(bytes_in_use() - before) / static_cast<double>(kBlocks);
    RecordProperty("bytes_per_block", std::to_string(per_block));
    EXPECT_LE(per_block, kMostBytes);
    EXPECT_GE(per_block, 60) << "a hash alone is 32: something was not stored";
}

}  // namespace
}  // namespace hashprice::storage
