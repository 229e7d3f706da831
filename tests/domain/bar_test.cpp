#include "domain/bar.hpp"

#include <gtest/gtest.h>

namespace hashprice::domain {
namespace {

const UtcSeconds kStart = utc(1'763'164'800);  // 2025-11-15T00:00:00Z

BarPiece at(seconds after, seconds span, double usd) {
    Observation o;
    o.time = kStart + after;
    o.span = span;
    o.usd_per_ph_day = usd;
    o.sat_per_ph_day = 1000 * usd;
    return piece_of(o);
}

Bar fold(seconds length, const std::vector<BarPiece>& pieces) {
    return fold_bar(kStart, kStart + length, pieces);
}

TEST(Bar, WeighsEveryValueByTheSecondsItSpeaksFor) {
    const Bar bar = fold(kHour, {at(kMinute, kMinute, 40), at(4 * kMinute, 3 * kMinute, 44)});
    EXPECT_EQ(bar.covered_s, 240);
    EXPECT_EQ(bar.usd, (Ohlc{40, 44, 40, 44, (40.0 * 60 + 44.0 * 180) / 240}));
    EXPECT_DOUBLE_EQ(bar.sat.mean, 43'000);
}

TEST(Bar, WhereSpansOverlapASecondBelongsToTheEarliestObservationAtOrAfterIt) {
    const Bar bar = fold(kHour, {at(30 * kMinute, 10 * kMinute, 10), at(kHour, kHour, 20)});
    EXPECT_EQ(bar.covered_s, 3600);
    EXPECT_DOUBLE_EQ(bar.usd.mean, (10.0 * 600 + 20.0 * 3000) / 3600);
}

TEST(Bar, SecondsBeforeItsStartCountInTheBarBefore) {
    const Bar bar = fold(kHour, {at(10 * kMinute, kHour, 10)});
    EXPECT_EQ(bar.covered_s, 600);
    EXPECT_DOUBLE_EQ(bar.usd.mean, 10);
}

TEST(Bar, ADayTakesItsHoursAndWhatADailyCloseSpeaksForBesides) {
    Bar hour{.start = kStart + kHour, .covered_s = 1800, .usd = {1, 4, 0.5, 2, 3}, .sat = {}};
    const Bar day = fold(kDay, {piece_of(hour, kHour), at(kDay, kDay, 5)});
    EXPECT_EQ(day.covered_s, 86'400);
    EXPECT_EQ(day.usd.open, 1);
    EXPECT_EQ(day.usd.high, 5);
    EXPECT_EQ(day.usd.low, 0.5);
    EXPECT_EQ(day.usd.close, 5);
    EXPECT_DOUBLE_EQ(day.usd.mean, (3.0 * 1800 + 5.0 * 84'600) / 86'400);
}

TEST(Bar, AnHourWithHolesTakesNoMoreThanItCoversOfWhatIsLeftOnBothSidesOfAnObservation) {
    // twenty minutes in the middle are taken; of the forty left the hour speaks for twenty-five
    Bar hour{.start = kStart, .covered_s = 1500, .usd = {1, 1, 1, 1, 1}, .sat = {}};
    const Bar bar = fold(kDay, {at(40 * kMinute, 20 * kMinute, 4), piece_of(hour, kHour)});
    EXPECT_EQ(bar.covered_s, 1200 + 1500);
    EXPECT_DOUBLE_EQ(bar.usd.mean, (4.0 * 1200 + 1.0 * 1500) / 2700);
}

TEST(Bar, ASecondThatIsLeftIsForWhoeverComesNext) {
    Bar hour{.start = kStart, .covered_s = 3599, .usd = {1, 1, 1, 1, 1}, .sat = {}};
    EXPECT_EQ(fold(kDay, {piece_of(hour, kHour), at(kDay, kDay, 4)}).covered_s, 86'400);
}

TEST(Bar, TheMeanOfEqualValuesIsThatValueToTheLastBit) {
    for (const double usd : {36.01891264994145, 35.40179661864759, 0.1, 1.0 / 3}) {
        const Bar bar = fold(kDay, {at(kDay, kDay, usd)});
        EXPECT_EQ(bar.usd.mean, usd);
    }
}

TEST(Bar, AHoleNobodySpeaksForIsMissingFromTheCoverage) {
    std::vector<BarPiece> hours;
    for (int h = 1; h <= 24; ++h) {
        if (h < 5 || h > 9) hours.push_back(at(h * kHour, kHour, h));
    }
    EXPECT_EQ(fold(kDay, hours).covered_s, 19 * 3600);
}

}  // namespace
}  // namespace hashprice::domain
