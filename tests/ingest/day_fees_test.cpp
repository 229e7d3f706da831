#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ingest/sources/mempool.hpp"
#include "tests/ingest/fetch_test.hpp"

/// Fees per day as mempool.space tells them. Found by tests/proof/mutate.py: the order of the days
/// and the range that was asked for could change without a test that fails.
namespace hashprice::ingest {
namespace {

using domain::kDay;
using domain::kHour;
using domain::Range;
using domain::utc;
using domain::UtcSeconds;
using testing::HasSubstr;

struct Row {
    UtcSeconds time;
    std::int64_t height;
};

std::string body_of(const std::vector<Row>& rows) {
    std::string body;
    for (const Row& row : rows) {
        body += fmt::format(R"({}{{"avgHeight":{},"timestamp":{},"avgFees":24212890,"USD":31000}})",
                            body.empty() ? "[" : ",", row.height, domain::unix_s(row.time));
    }
    return body + "]";
}

const UtcSeconds kTenth = utc(1'652'140'800);  // 2022-05-10T00:00Z
const UtcSeconds kLater = kTenth + 30 * kDay;
const std::vector<Row> kThreeDays{{kTenth + 12 * kHour, 735'800},
                                  {kTenth + kDay + 12 * kHour, 735'944},
                                  {kTenth + 2 * kDay + 12 * kHour, 736'088}};

TEST(DayFees, ComeOutInTheOrderOfTheDaysWhateverTheOrderOfTheRows) {
    const std::vector<Row> reversed{kThreeDays.rbegin(), kThreeDays.rend()};
    for (const std::vector<Row>& rows : {kThreeDays, reversed}) {
        const auto days = decode_mempool_day_fees(body_of(rows), kLater);
        ASSERT_TRUE(days) << days.error().what;
        ASSERT_EQ(days->size(), 3U);
        for (std::size_t i = 0; i < 3; ++i) {
            EXPECT_EQ((*days)[i].end, kTenth + static_cast<std::int64_t>(i + 1) * kDay);
            EXPECT_EQ((*days)[i].mean_height, kThreeDays[i].height);
        }
    }
}

TEST(DayFees, ADayThatComesTwiceIsRefusedByNameWhicheverItIs) {
    for (std::size_t twice = 0; twice < 3; ++twice) {
        std::vector<Row> rows = kThreeDays;
        // a second row of that day, whose height alone would be in order
        rows.push_back({rows[twice].time + kHour, rows[twice].height + 6});
        const auto days = decode_mempool_day_fees(body_of(rows), kLater);
        ASSERT_FALSE(days) << "day " << twice;
        EXPECT_EQ(days.error().code, domain::Errc::out_of_range);
        EXPECT_THAT(days.error().what, HasSubstr(fmt::format("2022-05-{}", 10 + twice)));
    }
}

TEST(DayFees, HeightsThatDoNotGrowWithTheDaysAreRefused) {
    for (std::size_t i = 1; i < 3; ++i) {
        std::vector<Row> rows = kThreeDays;
        rows[i].height = rows[i - 1].height;
        EXPECT_FALSE(decode_mempool_day_fees(body_of(rows), kLater)) << "the same, day " << i;
        --rows[i].height;
        EXPECT_FALSE(decode_mempool_day_fees(body_of(rows), kLater)) << "lower, day " << i;
    }
}

class FetchDayFees : public Fetch {
protected:
    [[nodiscard]] std::vector<UtcSeconds> ends(Range range) {
        auto v = visit();
        const auto days = make("mempool")->fees()->day_fees(v, range);
        EXPECT_TRUE(days) << (days ? "" : days.error().what);
        std::vector<UtcSeconds> all;
        for (const DayFees& day : days.value_or(std::vector<DayFees>{})) all.push_back(day.end);
        return all;
    }
    const UtcSeconds midnight_ = utc(1'752'278'400);  // 2025-07-12T00:00Z
};

TEST_F(FetchDayFees, TheRangeHoldsItsEndAndNotItsBeginning) {
    const UtcSeconds from = midnight_ - 5 * kDay;
    const UtcSeconds to = midnight_ - 3 * kDay;
    EXPECT_EQ(ends({from, to}), (std::vector{from + kDay, to}));
    EXPECT_EQ(ends({from - domain::seconds{1}, to - domain::seconds{1}}),
              (std::vector{from, from + kDay}));
}

TEST_F(FetchDayFees, ADayIsCompleteOnlyTwoHoursAfterItsEnd) {
    // the provider writes a block into its fee history up to an hour late: the margin is twice that
    const Range days{midnight_ - 2 * kDay, midnight_ + kDay};
    upstream_.set_now(midnight_ + 2 * kHour - domain::seconds{1});
    EXPECT_EQ(ends(days), std::vector{midnight_ - kDay});
    upstream_.set_now(midnight_ + 2 * kHour);
    EXPECT_EQ(ends(days), (std::vector{midnight_ - kDay, midnight_}));
}

}  // namespace
}  // namespace hashprice::ingest
