#include "trend/attribution.hpp"

#include <gtest/gtest.h>

#include <random>

#include "tests/trend/golden.hpp"
#include "trend/evaluate.hpp"
#include "trend/jumps.hpp"

namespace hashprice::trend {
namespace {

using domain::Denomination;
using domain::Difficulty;
using domain::Satoshi;

DailyInputs inputs(double price, double difficulty, std::int64_t subsidy, double fee) {
    return {date("2030-01-01"), std::nullopt, price, Difficulty{difficulty}, Satoshi{subsidy}, fee};
}

double sum_of(const domain::Attribution& a) { return a.price + a.difficulty + a.fees + a.subsidy; }

TEST(Attribution, TheFourPartsSumToTheWhole) {
    std::mt19937_64 random(20251130);
    std::uniform_real_distribution<double> log_uniform(-3, 3);
    std::uniform_int_distribution<int> halvings(0, 8);
    const auto draw = [&] {
        return inputs(50'000 * std::exp(log_uniform(random)), 1e14 * std::exp(log_uniform(random)),
                      5'000'000'000 >> halvings(random), 3e6 * std::exp(log_uniform(random)));
    };
    for (int i = 0; i < 10'000; ++i) {
        const auto a = attribution_of(draw(), draw(), Denomination::usd);
        ASSERT_TRUE(a);
        ASSERT_NEAR(sum_of(*a), a->log_change, 1e-12);
    }
}

TEST(Attribution, SumsAsExactlyWhereTheRewardHardlyMoves) {
    const auto before = inputs(1e5, 1e14, 312'500'000, 2e6);
    for (const double step : {1e-6, 1e-3, 1.0, 1e3}) {
        const auto a =
            attribution_of(before, inputs(1e5, 1e14, 312'500'000, 2e6 + step), Denomination::usd);
        EXPECT_NEAR(sum_of(*a), a->log_change, 1e-12);
        EXPECT_NEAR(a->fees / (step / 314.5e6), 1, 1e-3);
    }
}

TEST(Attribution, AHalvingInsideIsTheSubsidysPart) {
    // without fees R halves with the subsidy, so all of ln(1/2) is its own
    const auto a = attribution_of(inputs(60'000, 1e14, 625'000'000, 0),
                                  inputs(60'000, 1e14, 312'500'000, 0), Denomination::usd);
    EXPECT_NEAR(a->subsidy, -std::log(2.0), 1e-15);
    EXPECT_EQ(a->fees, 0);
    EXPECT_EQ(a->price, 0);
    EXPECT_EQ(a->difficulty, 0);
    EXPECT_NEAR(a->change(), -0.5, 1e-15);
    EXPECT_NEAR(*a->share(a->subsidy), 1, 1e-15);
}

TEST(Attribution, ARewardThatGrowsFromOneSatoshiToTwoDoublesIt) {
    const auto a = attribution_of(inputs(1, 1, 1, 0), inputs(1, 1, 2, 0), Denomination::usd);
    EXPECT_NEAR(a->subsidy, std::log(2.0), 1e-15);
}

TEST(Attribution, SubsidyAndFeesThatCancelAreStillNamed) {
    // R stays 7 BTC: L = R0, so the parts are -3.125/7... of opposite sign
    const auto a = attribution_of(inputs(1, 1, 625'000'000, 75'000'000),
                                  inputs(1, 1, 312'500'000, 387'500'000), Denomination::usd);
    EXPECT_EQ(a->log_change, 0);
    EXPECT_DOUBLE_EQ(a->subsidy, -312.5 / 700);
    EXPECT_DOUBLE_EQ(a->fees, 312.5 / 700);
    EXPECT_FALSE(a->share(a->subsidy)) << "nothing changed: no shares of it";
}

TEST(Attribution, InBtcThePriceHasNoPart) {
    const auto before = inputs(100'000, 1e14, 312'500'000, 0);
    const auto after = inputs(50'000, 1.25e14, 312'500'000, 0);
    for (const Denomination d : {Denomination::btc, Denomination::sat}) {
        const auto a = attribution_of(before, after, d);
        EXPECT_EQ(a->price, 0);
        EXPECT_NEAR(a->change(), -0.2, 1e-15);
        EXPECT_NEAR(sum_of(*a), a->log_change, 1e-12);
    }
}

TEST(Attribution, InputsThatMakeNoHashPriceAreRefused) {
    const auto good = inputs(1e5, 1e14, 312'500'000, 2e6);
    for (const auto& bad :
         {inputs(0, 1e14, 1, 1), inputs(1e5, 0, 1, 1), inputs(1e5, 1e14, 0, 0),
          inputs(NAN, 1e14, 1, 1), inputs(1e5, 1e14, 1, NAN), inputs(1e5, 1e14, 1, -2)}) {
        EXPECT_FALSE(attribution_of(good, bad, Denomination::usd));
        EXPECT_FALSE(attribution_of(bad, good, Denomination::usd));
    }
}

TEST(Jumps, ARetargetWhoseHeightIsKnownOnOneSideOnlyHasNone) {
    for (const bool before : {true, false}) {
        const std::optional<std::int64_t> none;
        const std::vector<DailyInputs> days{
            {date("2030-01-01"), before ? 2000 : none, 1, Difficulty{1}, Satoshi{1}, 0},
            {date("2030-01-02"), before ? none : 2020, 1, Difficulty{2}, Satoshi{1}, 0}};
        const auto jumps = jumps_between(days, days[0].day, days[1].day);
        ASSERT_EQ(jumps.size(), 1U);
        EXPECT_EQ(jumps[0].kind, JumpKind::retarget);
        EXPECT_EQ(jumps[0].height, std::nullopt);
    }
}

// the fourth halving: block 840000 of 2024-04-20; difficulty 86388558925171.02 on both sides
TEST(Jumps, AHalvingIsNamedWithItsHeight) {
    std::vector<DailyInputs> days;
    const double d = 86388558925171.02;
    days.push_back({date("2024-04-19"), 839'980, 63'800, Difficulty{d}, Satoshi{625'000'000}, 0});
    days.push_back({date("2024-04-20"), 840'130, 63'800, Difficulty{d}, Satoshi{312'500'000}, 0});
    const auto jumps = jumps_between(days, days[0].day, days[1].day);
    ASSERT_EQ(jumps.size(), 1U);
    EXPECT_EQ(jumps[0].kind, JumpKind::halving);
    EXPECT_EQ(jumps[0].height, 840'000);
    EXPECT_EQ(jumps[0].change, -0.5);
    EXPECT_NEAR(jumps[0].log_effect, -std::log(2.0), 1e-15);
}

TEST(Jumps, AGapThatHoldsTwoRetargetsIsOneStepWithoutAHeight) {
    std::vector<DailyInputs> days{
        {date("2030-01-01"), 2015, 1, Difficulty{1}, Satoshi{1}, 0},
        {date("2030-03-01"), 4032, 1, Difficulty{2}, Satoshi{1}, 0},
        {date("2030-03-02"), std::nullopt, 1, Difficulty{3}, Satoshi{1}, 0}};
    const auto jumps = jumps_between(days, days[0].day, days[2].day);
    ASSERT_EQ(jumps.size(), 2U);
    EXPECT_EQ(jumps[0].height, std::nullopt);
    EXPECT_EQ(jumps[1].height, std::nullopt);
    EXPECT_DOUBLE_EQ(jumps[0].log_effect, -std::log(2.0));
}

TEST(Jumps, DaysThatMakeNoHashPriceAreStrangersToIt) {
    std::vector<DailyInputs> days{{date("2030-01-01"), 1, 100, Difficulty{1}, Satoshi{1}, 0},
                                  {date("2030-01-02"), 2, NAN, Difficulty{0}, Satoshi{1}, 0},
                                  {date("2030-01-03"), 3, 90, Difficulty{1}, Satoshi{1}, 0}};
    const auto jumps = jumps_between(days, days[0].day, days[2].day);
    ASSERT_EQ(jumps.size(), 1U);
    EXPECT_EQ(jumps[0].kind, JumpKind::price);
    EXPECT_NEAR(jumps[0].change, -0.1, 1e-15);
    EXPECT_TRUE(jumps_between({}, days[0].day, days[2].day).empty());
    EXPECT_TRUE(jumps_between(days, days[0].day, days[0].day).empty());
}

TEST(Explain, WhatThereIsTooLittleDataForStaysEmpty) {
    const Series series = closes({100, 70, 70, 70});
    auto e = evaluate(domain::builtin_rules().front(), series).episodes.at(0);
    explain(e, series, {});
    EXPECT_FALSE(e.slope);
    EXPECT_FALSE(e.attribution);
    EXPECT_FALSE(e.attribution_to_date);
}

}  // namespace
}  // namespace hashprice::trend
