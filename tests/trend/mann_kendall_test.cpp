#include "trend/mann_kendall.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace hashprice::trend {
namespace {

using Values = std::vector<double>;

Values counting(int n) {
    Values v;
    for (int i = 0; i < n; ++i) v.push_back(i);
    return v;
}

TEST(MannKendall, CountsPairsThatRiseLessPairsThatFall) {
    EXPECT_EQ(kendall_s(counting(10)), 45);  // n(n-1)/2
    EXPECT_EQ(kendall_s(Values{3, 2, 1}), -3);
    EXPECT_EQ(kendall_s(Values{1, 3, 2, 2}), 1);  // three rise, two fall, one ties
    EXPECT_EQ(kendall_s(Values{5, 5, 5}), 0);
    EXPECT_EQ(kendall_s(Values{}), 0);
}

// Mann 1945, Kendall 1975: [n(n-1)(2n+5) - sum t(t-1)(2t+5)] / 18
TEST(MannKendall, VarianceIsKendallsFormulaWithTies) {
    EXPECT_DOUBLE_EQ(s_variance(counting(10)), 125);              // 10*9*25/18
    EXPECT_DOUBLE_EQ(s_variance(Values{1, 2, 2, 3}), 138. / 18);  // 4*3*13 - 2*1*9 = 138
    EXPECT_DOUBLE_EQ(s_variance(Values{4, 4, 4}), 0);
}

TEST(MannKendall, ZIsOneStepCloserToNothing) {
    EXPECT_DOUBLE_EQ(corrected_z(45, 125), 44 / std::sqrt(125.0));
    EXPECT_DOUBLE_EQ(corrected_z(-45, 125), -44 / std::sqrt(125.0));
    EXPECT_EQ(corrected_z(0, 125), 0);
    EXPECT_DOUBLE_EQ(corrected_z(3, 0.25), 4);
    EXPECT_EQ(corrected_z(45, 0), 0);
    EXPECT_EQ(corrected_z(45, -3), 0) << "a factor at or below 0 says nothing";
}

TEST(MannKendall, TauIsOneForWhatOnlyRises) {
    EXPECT_DOUBLE_EQ(kendall_tau(counting(7)), 1);
    EXPECT_DOUBLE_EQ(kendall_tau(Values{3, 2, 1}), -1);
    EXPECT_EQ(kendall_tau(Values{2, 2, 2}), 0);
    // Kendall's tau-b: S over the root of all pairs times those that are no ties
    EXPECT_DOUBLE_EQ(kendall_tau(Values{1, 2, 2, 3}), 5 / std::sqrt(6.0 * 5));
    EXPECT_DOUBLE_EQ(kendall_tau(Values{1, 1, 1, 2}), 3 / std::sqrt(6.0 * 3));
    EXPECT_EQ(kendall_tau(Values{2}), 0);
}

TEST(Ranks, TiesShareTheirAverage) {
    EXPECT_EQ(ranks_of(Values{30, 10, 20}, 0), (Values{3, 1, 2}));
    EXPECT_EQ(ranks_of(Values{5, 5, 1, 9}, 0), (Values{2.5, 2.5, 1, 4}));
    EXPECT_EQ(ranks_of(Values{1, 1 + 1e-14, 2}, 1e-12), (Values{1.5, 1.5, 3}));
}

// n = 4, ranks 1 4 2 3 (mean 2.5): r1 = (-2.25 - 0.75 - 0.25)/5 = -0.65, under 1.96/2, so nothing
// is corrected; a run of halves has r1 high enough
TEST(HamedRao, SmallCorrelationsAreLeftOut) {
    EXPECT_EQ(hamed_rao_factor(Values{1, 4, 2, 3}), 1);
    EXPECT_EQ(hamed_rao_factor(Values{1, 2}), 1);
    EXPECT_EQ(hamed_rao_factor(Values{3, 3, 3, 3}), 1) << "no deviation, no correlation";
}

// half of the values low, half high: for 24 of them ranks 6.5 and 18.5, deviations -6 and +6, so
// r_k = (n - k - 2 min(k, n - k)) / n by counting pairs; |r| > 1.96/sqrt(n), 0.40008 for 24. For 66
// there is an r of 16/66 = 0.24242, just above 0.24126.
TEST(HamedRao, IsTheSumOverTheLagsThatCount) {
    for (const int n : {24, 66}) {
        SCOPED_TRACE(n);
        Values v(static_cast<std::size_t>(n), 0.0);
        std::fill(v.begin() + n / 2, v.end(), 1.0);
        double sum = 0;
        for (int k = 1; k < n; ++k) {
            const double r = (n - k - 2 * std::min(k, n - k)) / static_cast<double>(n);
            if (std::abs(r) > 1.96 / std::sqrt(n)) sum += (n - k) * (n - k - 1) * (n - k - 2) * r;
        }
        EXPECT_NEAR(hamed_rao_factor(v), 1 + 2 * sum / (n * (n - 1) * (n - 2)), 1e-12);
        EXPECT_GT(hamed_rao_factor(v), 1);
        // what detrending leaves of equal values are the last bits, and they rank nothing
        for (std::size_t i = 0; i < v.size(); i += 2) v[i] += 5e-13;
        EXPECT_NEAR(hamed_rao_factor(v), 1 + 2 * sum / (n * (n - 1) * (n - 2)), 1e-12);
    }
}

// r_1 = -5/6 is beyond 1.96/sqrt(6) = 0.80017, r_2 = 4/6 is not: 1 + 2/(6*5*4) * 5*4*3 * -5/6
TEST(HamedRao, SixValuesAreTheFewestThatItCorrects) {
    EXPECT_NEAR(hamed_rao_factor(Values{0, 1, 0, 1, 0, 1}), 1.0 / 6, 1e-12);
    EXPECT_EQ(hamed_rao_factor(Values{0, 1, 0, 1, 0}), 1);
    EXPECT_EQ(hamed_rao_factor(Values{}), 1);
}

// swings so strongly from day to day that the corrected variance comes out below 0; the factor is
// what hamed_rao() of agreement.py, a separate program, says of these twelve values
TEST(HamedRao, AFactorBelowNothingIsNotSignificant) {
    const Values swinging{0.7, 1.7, -0.4, 4.3, 1.4, 1.7, -1.3, 3.0, 0.7, 3.2, 0.3, 2.0};
    const auto test = significance_of(counting(12), swinging, 0);
    EXPECT_NEAR(test.factor, -0.5484475032010243, 1e-12);
    EXPECT_EQ(test.z, 0);
    EXPECT_EQ(test.p, 1);
    EXPECT_FALSE(test.significant);
}

TEST(Significance, ASteadyFallIsSignificantAndAConstantIsNot) {
    Values fall;
    for (int i = 0; i < 60; ++i) fall.push_back(5 - 0.01 * i);
    const auto steady = significance_of(counting(60), fall, -0.01);
    EXPECT_EQ(steady.s, -1770);
    EXPECT_EQ(steady.factor, 1);
    EXPECT_TRUE(steady.significant);
    EXPECT_EQ(steady.closes, 60);

    const auto flat = significance_of(counting(60), Values(60, 4.0), 0);
    EXPECT_EQ(flat.z, 0);
    EXPECT_EQ(flat.p, 1);
    EXPECT_FALSE(flat.significant);
}

// 1.96 standard errors are where two-sided 5 % begin
TEST(Significance, TheLevelIsFivePercent) {
    Values v = counting(9);  // S = 36, variance 92, z = 35/9.59 = 3.65
    EXPECT_NEAR(significance_of(v, v, 1).p, 0.000263, 2e-6);  // normal table, 2 * (1 - Phi(3.649))
    // eight and nine pairs fall: S = 20 and 18, z = 19/9.59 = 1.981 and 17/9.59 = 1.772; the
    // largest r, of the first lag, is 31/60 and 28/60, under 1.96/3
    const auto some = significance_of(v, Values{2, 0, 1, 5, 4, 3, 8, 7, 6}, 0);
    EXPECT_EQ(some.s, 20);
    EXPECT_NEAR(some.p, 0.0476, 1e-4);
    EXPECT_TRUE(some.significant);
    const auto fewer = significance_of(v, Values{2, 1, 0, 5, 4, 3, 8, 7, 6}, 0);
    EXPECT_EQ(fewer.s, 18);
    EXPECT_NEAR(fewer.p, 0.0763, 1e-4);
    EXPECT_FALSE(fewer.significant);
}

// 1 0 1 0 1 0 on a slope of 2, wherever x begins: the factor of six alternating values, 1/6
TEST(Significance, TheTrendIsTakenOffWhereverXBegins) {
    for (const double first : {0.0, 1.0, 100.0}) {
        Values x;
        Values y;
        for (int i = 0; i < 6; ++i) {
            x.push_back(first + i);
            y.push_back(2 * (first + i) + (i + 1) % 2);
        }
        EXPECT_NEAR(significance_of(x, y, 2).factor, 1.0 / 6, 1e-12) << first;
    }
}

}  // namespace
}  // namespace hashprice::trend
