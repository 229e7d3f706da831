#include <gtest/gtest.h>

#include "ingest/collector.hpp"
#include "storage/bars.hpp"
#include "storage/observations.hpp"
#include "tests/ingest/derive/real_facts.hpp"

// METHOD section 1: observations from real blocks and daily closes, and what was published.
namespace hashprice::ingest {
namespace {

using domain::kDay;
using domain::Step;

UtcSeconds day(std::string_view date) { return domain::parse_time(date, {})->at; }

class Golden : public ::testing::Test {
protected:
    static void SetUpTestSuite() {
        database() = *storage::Database::in_memory();
        Collector collector(*database(), *derive_options(*database(), {}));
        for (const FactBatch& facts :
             {real_blocks(902'581, 925'940), real_closes({day("2025-07-01"), day("2025-12-01")})})
            ASSERT_TRUE(collector.take(facts, kRealFetched, kRealFetched));
    }
    static void TearDownTestSuite() { database().reset(); }
    static std::optional<storage::Database>& database() {
        static std::optional<storage::Database> db;
        return db;
    }
    static std::optional<domain::Observation> close_of(std::string_view date) {
        const UtcSeconds end = day(date) + kDay;
        const auto rows =
            *storage::observations_between(*database(), end - domain::seconds{1}, end);
        if (rows.empty()) return std::nullopt;
        return rows.front().observation;
    }
};

TEST_F(Golden, ClosesAreThoseOfTheMethodToHalfAMicroDollar) {
    struct Row {
        const char* day;
        std::int64_t height;
        double fee_sat_mean;
        double price_usd;
        double usd_per_ph_day;
    };
    // METHOD section 1, golden observations: from real blocks by another program
    const std::vector<Row> rows{{"2025-07-10", 904996, 2886361.9931, 116023.34, 62.936660},
                                {"2025-07-11", 905146, 3738834.6875, 117573.92, 63.950158},
                                {"2025-07-12", 905295, 2727304.4653, 117468.16, 58.991135},
                                {"2025-11-04", 922248, 2906961.6319, 101493.23, 41.286312},
                                {"2025-11-13", 923513, 1940115.7292, 99644.14, 41.392209},
                                {"2025-11-15", 923800, 1806451.2639, 95555.28, 39.676822},
                                {"2025-11-22", 924778, 2048764.9931, 84696.98, 35.195311}};
    for (const Row& row : rows) {
        SCOPED_TRACE(row.day);
        const auto o = close_of(row.day);
        ASSERT_TRUE(o);
        EXPECT_EQ(o->height, row.height);
        EXPECT_NEAR(o->fee_sat_mean(), row.fee_sat_mean, 5e-5);
        EXPECT_DOUBLE_EQ(o->price_usd, row.price_usd);
        EXPECT_NEAR(o->usd_per_ph_day, row.usd_per_ph_day, 5e-7);
    }
}

TEST_F(Golden, MonthlyMeansAreThoseOfTheMethodAndNearThePublishedOnes) {
    const auto months =
        *storage::bars_between(*database(), Step::month, {day("2025-07-01"), day("2025-12-01")});
    ASSERT_EQ(months.size(), 5U);
    EXPECT_NEAR(months.front().usd.mean, 59.47, 0.005);  // published 59.41
    EXPECT_NEAR(months.back().usd.mean, 39.74, 0.005);   // published 39.82
    EXPECT_EQ(months.front().covered_s, 31 * 86'400);
}

TEST_F(Golden, DaysWithoutBlocksAreAGapAndNothingElseIs) {
    // block 908794 of 2025-08-06 01:54 is the last before the hole: at 24:00 it is 22 h old
    const auto last = close_of("2025-08-06");
    ASSERT_TRUE(last);
    EXPECT_TRUE(last->stale());
    for (const char* missing : {"2025-08-07", "2025-08-08", "2025-08-09", "2025-08-10"})
        EXPECT_FALSE(close_of(missing)) << missing;
    const auto gaps = *storage::gaps_between(*database(), day("2025-07-01"), day("2025-12-01"));
    ASSERT_EQ(gaps.size(), 1U);
    EXPECT_EQ(gaps[0].from, day("2025-08-07"));
    EXPECT_EQ(gaps[0].to, day("2025-08-11"));
}

TEST_F(Golden, ADayIsFlatWhereOnlyItsCloseIsKnown) {
    const auto days =
        *storage::bars_between(*database(), Step::day, {day("2025-07-11"), day("2025-07-12")});
    ASSERT_EQ(days.size(), 1U);
    EXPECT_EQ(days[0].usd.open, days[0].usd.close);
    EXPECT_EQ(days[0].usd.mean, days[0].usd.close);
    EXPECT_EQ(days[0].covered_s, 86'400);
}

}  // namespace
}  // namespace hashprice::ingest
