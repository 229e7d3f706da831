#include <gtest/gtest.h>

#include "ingest/backfill/day_part.hpp"
#include "ingest/backfill/plan.hpp"

/// Days of the long past: as facts, and in chunks.
namespace hashprice::ingest {
namespace {

using domain::kDay;
using domain::kHour;
using domain::Range;
using domain::utc;
using domain::UtcSeconds;

UtcSeconds end_of(const char* date) { return domain::parse_instant(date, {}).value(); }

// --- days as facts -------------------------------------------------------------------------------

TEST(FeesByDay, HeightsAreWorkedOutFromTheMeansOfNeighbouringDays) {
    // heights at the days' ends: METHOD's golden table (904996, 905146, 905295)
    const auto day = [](const char* date, std::int64_t first, std::int64_t last) {
        return DayFees{.end = end_of(date),
                       .mean = domain::Satoshi{3'000'000},
                       .total = {},
                       .mean_height = (first + last + 1) / 2};
    };
    const std::vector<DayFees> days{day("2025-07-11", 904'997, 905'146),
                                    day("2025-07-12", 905'147, 905'295)};

    const auto means = fee_means_of(days);

    ASSERT_EQ(means.size(), 2U);
    EXPECT_EQ(means[0].tip_height, 905'146);
    EXPECT_NEAR(static_cast<double>(means[1].tip_height), 905'295.0, 2.0);
    EXPECT_EQ(means[0].fee_sum.value / means[0].blocks, 3'000'000) << "the mean is exact";
    EXPECT_EQ(means[0].fee_sum.value % means[0].blocks, 0);
    EXPECT_NEAR(means[0].blocks, 150, 2);
    EXPECT_EQ(means[0].window, domain::FeeWindow::utc_day);
}

TEST(FeesByDay, ADayThatStandsAloneEndsAtItsMean) {
    const std::vector<DayFees> alone{{end_of("2009-01-09"), domain::Satoshi{0}, std::nullopt, 7},
                                     {end_of("2009-01-15"), domain::Satoshi{0}, std::nullopt, 600}};
    const auto means = fee_means_of(alone);
    EXPECT_EQ(means[0].tip_height, 7);
    EXPECT_EQ(means[0].blocks, 1);
}

TEST(FeesByDay, SumsWithoutHeightsAreNoMeans) {
    const std::vector<DayFees> totals{
        {end_of("2025-07-11"), std::nullopt, domain::Satoshi{500'000'000}, std::nullopt}};
    EXPECT_TRUE(fee_means_of(totals).empty());
}

TEST(Halving, NearIsWhereAFewBlocksDecide) {
    const auto day = [](std::int64_t tip) {
        domain::FeeMean mean;
        mean.tip_height = tip;
        return mean;
    };
    EXPECT_EQ(halving_near(day(840'003)), 840'000);
    EXPECT_EQ(halving_near(day(839'990)), 840'000);
    EXPECT_FALSE(halving_near(day(839'900)));
    EXPECT_FALSE(halving_near(day(3))) << "the genesis block is none";
}

TEST(Halving, APageTellsTheHeightAtTheDaysEnd) {
    // block 840000 came at 2024-04-20T00:09:27Z (chain data), so the 19th ended below it
    const UtcSeconds end = end_of("2024-04-19");
    const auto block = [&](std::int64_t height, int after_s) {
        domain::Block b;
        b.height = height;
        b.time = end + domain::seconds{after_s};
        return b;
    };
    const std::vector page{block(839'998, -900), block(839'999, -100), block(840'000, 567)};
    EXPECT_EQ(height_at(end, page, 840'004), 839'999);
    const std::vector later{block(840'000, 567), block(840'001, 900)};
    EXPECT_EQ(height_at(end, later, 840'004), 839'999);
    const std::vector earlier{block(839'990, -900), block(839'991, -800)};
    EXPECT_EQ(height_at(end, earlier, 839'980), 839'991);
    EXPECT_EQ(height_at(end, earlier, 839'995), 839'995) << "nothing against it";
    EXPECT_EQ(height_at(end, {}, 839'995), 839'995);
}

// --- chunks --------------------------------------------------------------------------------------

TEST(Chunks, WithAStepOfADayWhatIsOlderThanFourHundredDaysIsByDay) {
    const UtcSeconds now = utc(1'764'547'800);   // 2025-12-01T00:10:00Z
    const Range range{utc(1'293'840'000), now};  // from 2011-01-01

    const auto chunks = chunks_of(range, kDay, now);

    UtcSeconds to = now;
    bool by_day = false;
    for (const Chunk& chunk : chunks) {
        EXPECT_EQ(chunk.instants.to, to);
        EXPECT_GE(chunk.by_day, by_day) << "older than those by block";
        by_day = chunk.by_day;
        if (by_day) {
            EXPECT_LE(chunk.instants.to, now - 400 * kDay);
            EXPECT_LE(chunk.instants.to - chunk.instants.from, 900 * kDay);
        }
        to = chunk.instants.from;
    }
    EXPECT_EQ(to, range.from);
    EXPECT_TRUE(by_day);
    for (const Chunk& chunk : chunks_of(range, kHour, now)) EXPECT_FALSE(chunk.by_day);
}

}  // namespace
}  // namespace hashprice::ingest
