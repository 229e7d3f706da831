#include "trend/theil_sen.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "tests/trend/golden.hpp"
#include "trend/evaluate.hpp"

namespace hashprice::trend {
namespace {

using Values = std::vector<double>;

TEST(TheilSen, IsTheMedianOfTheSlopesOfAllPairs) {
    // slopes 1, 5/3, 10/4, 2, 3, 5 (by hand); the median lies between 2 and 5/2
    const auto line = theil_sen(Values{0, 1, 3, 4}, Values{0, 1, 5, 10});
    ASSERT_TRUE(line);
    EXPECT_DOUBLE_EQ(line->slope, 2.25);
}

// Slopes of 4^i by hand, sorted: 3, 7.5, 12, 21, 30, 48, 63.75, 84, 120, 192, 204.6, 255, 336, 480,
// 682.5, 768, 818.4, 1020, 1344, 1920, 3072. Var(S) = 7*6*19/18 = 44.33, so 1.96 of its roots are
// 13.05; Sen's ranks, as scipy's theilslopes rounds them, are (21 - 13.05)/2 = 3.98, the fourth
// slope, and (21 + 13.05)/2 = 17.03, the eighteenth.
TEST(TheilSen, ItsIntervalIsSens) {
    const auto line = theil_sen(Values{0, 1, 2, 3, 4, 5, 6}, Values{1, 4, 16, 64, 256, 1024, 4096});
    ASSERT_TRUE(line);
    EXPECT_DOUBLE_EQ(line->slope, 204.6);
    EXPECT_DOUBLE_EQ(line->low, 21);
    EXPECT_DOUBLE_EQ(line->high, 1020);
}

TEST(TheilSen, OneWildPointDoesNotMoveAStraightLine) {
    Values x(31);
    Values y(31);
    for (int i = 0; i < 31; ++i) {
        x[static_cast<std::size_t>(i)] = i;
        y[static_cast<std::size_t>(i)] = 0.5 * i;
    }
    y[15] = 1e6;
    const auto line = theil_sen(x, y);
    EXPECT_DOUBLE_EQ(line->slope, 0.5);
    EXPECT_DOUBLE_EQ(line->low, 0.5);
    EXPECT_DOUBLE_EQ(line->high, 0.5);
}

// The interval's ranks are compared with scipy's in agreement.py; two points have but one slope.
TEST(TheilSen, TwoPointsAreALineAndOneIsNone) {
    const auto line = theil_sen(Values{1, 3}, Values{5, 9});
    ASSERT_TRUE(line);
    EXPECT_EQ(line->slope, 2);
    EXPECT_EQ(line->low, 2);
    EXPECT_EQ(line->high, 2);
    EXPECT_FALSE(theil_sen(Values{1}, Values{5}));
    EXPECT_FALSE(theil_sen(Values{}, Values{}));
}

TEST(TheilSen, AConstantSeriesHasSlopeZero) {
    const auto line = theil_sen(Values{0, 1, 2, 3, 4}, Values{7, 7, 7, 7, 7});
    EXPECT_EQ(line->slope, 0);
    EXPECT_EQ(line->low, 0);
    EXPECT_EQ(line->high, 0);
}

domain::Episode explained(const Series& series) {
    auto all = evaluate(domain::builtin_rules().front(), series).episodes;
    explain(all.at(0), series, {});
    return all.at(0);
}

TEST(Slope, IsToldInPercentPer30DaysOfTheLogs) {
    Values v;
    for (int i = 0; i < 60; ++i) v.push_back(100 * std::pow(0.99, i));
    const auto e = explained(closes(v));
    ASSERT_TRUE(e.slope);
    EXPECT_NEAR(e.slope->percent_per_30d, 100 * (std::pow(0.99, 30) - 1), 1e-9);
    // the same line with every third day missing
    for (std::size_t i = 1; i < v.size(); i += 3) v[i] = NAN;
    EXPECT_NEAR(explained(closes(v)).slope->percent_per_30d, 100 * (std::pow(0.99, 30) - 1), 1e-9);
}

TEST(Slope, NeedsThirtyCloses) {
    Values v{100};
    for (int i = 1; i < 29; ++i) v.push_back(75 - 0.1 * i);
    EXPECT_FALSE(explained(closes(v)).slope);
    EXPECT_FALSE(explained(closes(v)).significance);
    v.push_back(70);
    EXPECT_TRUE(explained(closes(v)).slope);
    EXPECT_TRUE(explained(closes(v)).significance);
}

}  // namespace
}  // namespace hashprice::trend
