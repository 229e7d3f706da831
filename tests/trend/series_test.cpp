#include "trend/series.hpp"

#include <gtest/gtest.h>

#include "tests/trend/golden.hpp"

namespace hashprice::trend {
namespace {

TEST(Series, WhatIsNoPriceIsAMissingDayAndCounted) {
    const Series s = closes({50, NAN, 0, -1, INFINITY, 51});
    EXPECT_EQ(s.points,
              (std::vector<DailyPoint>{{date("2030-01-01"), 50.0}, {date("2030-01-06"), 51.0}}));
    EXPECT_EQ(s.unusable, 4);
}

TEST(Series, DaysOutOfOrderOrTwiceAreRefused) {
    const Day d = date("2030-01-02");
    const auto twice = series_of({{d, 1}, {d, 1}});
    ASSERT_FALSE(twice);
    EXPECT_EQ(twice.error().code, domain::Errc::out_of_range);
    EXPECT_FALSE(series_of({{d, 1}, {d - Days{1}, 1}}));
    EXPECT_FALSE(series_of({{d, NAN}, {d - Days{1}, NAN}}));
    EXPECT_TRUE(series_of({}));
}

TEST(Series, ARangeOfDaysHoldsBothEnds) {
    const Series s = closes({1, 2, NAN, 4, 5});
    const auto days = [&](const char* from, const char* to) {
        return s.between(date(from), date(to)).size();
    };
    EXPECT_EQ(days("2030-01-02", "2030-01-04"), 2U);
    EXPECT_EQ(days("2030-01-03", "2030-01-03"), 0U);
    EXPECT_EQ(days("2029-01-01", "2031-01-01"), 4U);
    EXPECT_EQ(days("2030-01-04", "2030-01-02"), 0U);
    EXPECT_EQ(Series{}.between(date("2030-01-01"), date("2030-01-02")).size(), 0U);
}

TEST(Inputs, AreFoundByDayOrNotAtAll) {
    const auto inputs = golden_inputs();
    ASSERT_NE(inputs_on(inputs, date("2025-08-05")), nullptr);
    EXPECT_EQ(inputs_on(inputs, date("2025-08-05"))->height, 908'788);
    EXPECT_EQ(inputs_on(inputs, date("2025-08-06")), nullptr);
    EXPECT_EQ(inputs_on(inputs, date("2026-01-01")), nullptr);
    EXPECT_EQ(inputs_on({}, date("2025-08-05")), nullptr);
}

}  // namespace
}  // namespace hashprice::trend
