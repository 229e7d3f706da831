#include "ingest/collector.hpp"

#include "storage/bars.hpp"
#include "storage/facts.hpp"
#include "storage/observations.hpp"
#include "storage/polls.hpp"
#include "tests/ingest/derive/fixture.hpp"

namespace hashprice::ingest {
namespace {

using domain::FactBatch;
using domain::Step;

constexpr std::int64_t kTip = 923800;
constexpr std::int64_t kBlocksADay = 144;
const UtcSeconds kNow = kMidnight + 3 * kDay;

/// Blocks every ten minutes for two days from midnight on, and the day before.
FactBatch blocks() {
    FactBatch batch{.source = "mempool", .fetched_at = kNow};
    for (const auto& b : chain(kTip, 3 * kBlocksADay, kMidnight + 2 * kDay))
        batch.blocks.push_back(b.fact);
    return batch;
}

FactBatch hours(int from, int to, double usd, UtcSeconds fetched_at = kNow) {
    FactBatch batch{.source = "coinbase", .fetched_at = fetched_at};
    for (int h = from; h <= to; ++h)
        batch.prices.push_back(price(kCoinbase, kMidnight + h * kHour, usd + h, kHour).fact);
    return batch;
}

class Collecting : public ::testing::Test {
protected:
    Collecting() : db(*storage::Database::in_memory()), collector(db, *derive_options(db, {})) {}

    Taken take(const FactBatch& batch, UtcSeconds horizon = kNow, UtcSeconds now = kNow) {
        const auto taken = collector.take(batch, horizon, now);
        EXPECT_TRUE(taken) << taken.error().what;
        return taken.value_or(Taken{});
    }
    std::vector<storage::KeptObservation> observations() {
        return *storage::observations_between(db, kMidnight - kDay, kMidnight + 3 * kDay);
    }
    domain::Bar day() {
        return storage::bars_between(db, Step::day, {kMidnight, kMidnight + kDay})->at(0);
    }

    storage::Database db;
    Collector collector;
};

TEST_F(Collecting, WaitsForAllThatAnObservationNeeds) {
    EXPECT_EQ(take(hours(1, 24, 95'000)).derived.changed, 0);
    EXPECT_EQ(take(blocks()).derived.changed, 24);
    EXPECT_EQ(observations().size(), 24U);
}

TEST_F(Collecting, AGapIsAStretchThatNobodySpeaksForAndCoverageLacksIt) {
    take(blocks());
    take(hours(1, 9, 95'000));
    take(hours(13, 24, 95'000));

    const auto gaps = *storage::gaps_between(db, kMidnight, kMidnight + kDay);

    ASSERT_EQ(gaps.size(), 1U);
    EXPECT_EQ(gaps[0].from, kMidnight + 9 * kHour);
    EXPECT_EQ(gaps[0].to, kMidnight + 12 * kHour);
    EXPECT_EQ(day().covered_s, 21 * 3'600);
}

TEST_F(Collecting, AFilledGapIsGone) {
    take(blocks());
    take(hours(1, 9, 95'000));
    take(hours(13, 24, 95'000));
    EXPECT_EQ(take(hours(10, 12, 95'000)).derived.changed, 3);
    EXPECT_TRUE(storage::gaps_between(db, kMidnight, kMidnight + kDay)->empty());
    EXPECT_EQ(day().covered_s, 86'400);
}

TEST_F(Collecting, ACorrectedPriceRevisesWhatItTouchesAndTheBarsOverIt) {
    take(blocks());
    take(hours(1, 24, 95'000));
    const double before = day().usd.mean;

    const Taken taken = take(hours(5, 5, 95'240, kNow + kHour), kNow, kNow + kHour);

    EXPECT_EQ(taken.recorded.revised, 1);
    EXPECT_EQ(taken.derived.changed, 1);
    EXPECT_EQ(taken.derived.first, kMidnight + 5 * kHour);
    EXPECT_EQ(taken.derived.last, kMidnight + 5 * kHour);
    const auto old = *storage::superseded_values(db, kMidnight + 5 * kHour);
    ASSERT_EQ(old.size(), 1U);
    EXPECT_EQ(old[0].recorded_at, kNow);
    EXPECT_DOUBLE_EQ(old[0].observation.price_usd, 95'005);
    // one hour of 24, 240 dollars of about 95,000 higher
    EXPECT_NEAR(day().usd.mean / before, 1 + 240.0 / 95'012.5 / 24, 1e-6);
}

TEST_F(Collecting, ABlockTouchesTheWindowItIsInAndTheDayAnOldOneMayServe) {
    FactBatch all = blocks();
    std::vector<domain::Block> late(all.blocks.begin() + 200, all.blocks.begin() + 201);
    all.blocks.erase(all.blocks.begin() + 200);
    take(hours(1, 48, 95'000));
    take(all);
    const auto degraded = std::ranges::count_if(observations(), [](const auto& k) {
        return (k.observation.flags & domain::kFeeWindowOld) != 0;
    });
    EXPECT_GT(degraded, 0);

    FactBatch rest{.source = "mempool", .fetched_at = kNow, .blocks = late};
    take(rest);

    EXPECT_EQ(observations().size(), 48U);
    for (const auto& k : observations()) EXPECT_EQ(k.observation.flags, domain::kFewPrices);
}

TEST_F(Collecting, TheLiveGridDoesNotRunAheadOfItsTick) {
    take(blocks());
    FactBatch tick{.source = "coinbase", .fetched_at = kNow};
    tick.prices = {price(kCoinbase, kMidnight + seconds{50}, 95'000).fact};
    EXPECT_EQ(take(tick, kMidnight).derived.changed, 0) << "its first instant is at 60 s";
    EXPECT_EQ(collector.recompute(kMidnight, kMidnight + seconds{60}, kNow)->changed, 1);
}

TEST_F(Collecting, ABatchThatFailsLeavesNoFactBehind) {
    const auto taken = collector.take_all(
        [&](const Collector::Sink& sink) -> domain::Status {
            EXPECT_TRUE(sink(blocks()));
            return domain::fail(domain::Errc::bad_payload, "line 9");
        },
        kNow, kNow);
    ASSERT_FALSE(taken);
    EXPECT_EQ(taken.error().what, "line 9");
    EXPECT_EQ(storage::counts(db)->blocks, 0);
}

TEST_F(Collecting, AReorganizationDerivesAgainFromTheWinningBranch) {
    FactBatch all = blocks();
    take(all);
    take(hours(1, 48, 95'000));
    const double before = observations().back().observation.sat_per_ph_day;
    FactBatch branch{.source = "mempool", .fetched_at = kNow};
    branch.blocks.assign(all.blocks.end() - 2, all.blocks.end());
    for (domain::Block& b : branch.blocks) b.fees = domain::Satoshi{145'000'000};

    const auto taken = collector.take_branch(branch, kNow, kNow);

    ASSERT_TRUE(taken);
    // two of 144 fees grew by 1.44 BTC each: the mean by two million
    const double grown = observations().back().observation.sat_per_ph_day;
    EXPECT_NEAR(grown / before, (312.5e6 + 3e6) / (312.5e6 + 1e6), 1e-12);
    EXPECT_EQ(storage::counts(db)->aside, 2);
}

TEST_F(Collecting, TheStarterHistoryComesOnceAndOnlyIntoAnEmptyDatabase) {
    const UtcSeconds year_end = utc(1767225600);
    ASSERT_TRUE(import_starter(db, collector, year_end));
    const auto first = *storage::counts(db);
    EXPECT_EQ(first.observations, 329);  // 334 days less the five without fees
    ASSERT_TRUE(import_starter(db, collector, year_end + kDay));
    EXPECT_EQ(storage::counts(db)->prices, first.prices);

    auto other = *storage::Database::in_memory();
    Collector into(other, *derive_options(other, {}));
    ASSERT_TRUE(into.take(blocks(), kNow, kNow));
    ASSERT_TRUE(import_starter(other, into, kNow));
    EXPECT_EQ(storage::counts(other)->prices, 0);
}

TEST_F(Collecting, FetchedFactsTakeThePlaceOfTheStarterHistory) {
    ASSERT_TRUE(import_starter(db, collector, kNow));
    FactBatch close{.source = "coinbase", .fetched_at = kNow};
    close.prices = {price(kCoinbase, kMidnight, 96'000, kDay).fact};

    take(close);

    const auto rows = *storage::observations_between(db, kMidnight - seconds{1}, kMidnight);
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_DOUBLE_EQ(rows[0].observation.price_usd, 96'000);
    EXPECT_EQ(rows[0].observation.price_sources, bit(kCoinbase));
    EXPECT_EQ(rows[0].observation.fee_source, kStarter) << "still the only one with fees";
}

}  // namespace
}  // namespace hashprice::ingest
