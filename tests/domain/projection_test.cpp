#include "domain/projection.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "domain/consensus.hpp"

namespace hashprice::domain {
namespace {

// header times of blocks 921312, 922319 and 923327 of the chain, and bits of both epochs
constexpr Bits kNovemberBits{0x1701cdfb};
constexpr ChainPosition kHalfway{922'319, utc(1'762'342'481), utc(1'761'732'893), kNovemberBits};
constexpr ChainPosition kLastBlock{923'327, utc(1'762'971'900), utc(1'761'732'893), kNovemberBits};

TEST(Retarget, IsExactAtTheEpochsLastBlock) {
    const auto p = project_retarget(kLastBlock);
    ASSERT_TRUE(p);
    EXPECT_TRUE(p->exact);
    EXPECT_EQ(p->height, 923'328);
    EXPECT_EQ(p->blocks_left, 1);
    EXPECT_EQ(p->bits, Bits{0x1701d936});  // block 923328
    EXPECT_DOUBLE_EQ(
        p->change,
        difficulty_of(Bits{0x1701d936})->value / difficulty_of(kNovemberBits)->value - 1);
    EXPECT_NEAR(p->change, 152271405447597.38 / 155973032196071.94 - 1, 1e-15);
    EXPECT_EQ(p->relative_error, 0);
    EXPECT_EQ(p->change_low, p->change);
    EXPECT_EQ(p->change_high, p->change);
}

// header times and bits of each epoch's first and last block, July to November 2025
TEST(Retarget, TheOneOfJuly2025IsExactToo) {
    const auto p =
        project_retarget({905'183, utc(1'752'294'990), utc(1'751'174'596), Bits{0x17026816}});
    EXPECT_EQ(p->bits, Bits{0x17023aa6});  // block 905184
    EXPECT_NEAR(p->change, 0.0796, 5e-5);
}

TEST(Retarget, HalfwayExtendsThePaceSoFarAndSaysHowSureItIs) {
    const auto p = project_retarget(kHalfway);
    ASSERT_TRUE(p);
    EXPECT_FALSE(p->exact);
    EXPECT_EQ(p->intervals, 1007);
    EXPECT_EQ(p->blocks_left, 1009);
    const double pace = 609'588.0 / 1007;  // 1762342481 - 1761732893
    EXPECT_DOUBLE_EQ(p->block_seconds, pace);
    EXPECT_NEAR(static_cast<double>(unix_s(p->expected)), 1'762'342'481 + 1009 * pace, 1);
    EXPECT_NEAR(p->change, 1'209'600 / (2015 * pace) - 1, 2e-5);  // bits keep 16 binary digits
    EXPECT_NEAR(p->relative_error, std::sqrt(1.0 / 1007 - 1.0 / 2015), 1e-15);
    // METHOD section 5: 1.96 times that error to either side, here of the time the epoch will take
    const double off = 1.959964 * std::sqrt(1.0 / 1007 - 1.0 / 2015);
    EXPECT_NEAR(p->change_low, 1'209'600 / (2015 * pace * (1 + off)) - 1, 2e-5);
    EXPECT_NEAR(p->change_high, 1'209'600 / (2015 * pace * (1 - off)) - 1, 2e-5);
    // what happened in the end, -2.37 %, lies within the interval
    EXPECT_LT(p->change_low, -0.02373);
    EXPECT_GT(p->change_high, -0.02373);
    EXPECT_LT(p->change_low, p->change);
    EXPECT_GT(p->change_high, p->change);
}

TEST(Retarget, GetsSurerWithEveryBlock) {
    double last = 1.1;
    for (std::int64_t n = 0; n <= 2015; ++n) {
        const UtcSeconds start = utc(1'700'000'000);
        const auto p = project_retarget({n, start + n * kTargetSpacing, start, kNovemberBits});
        ASSERT_TRUE(p);
        ASSERT_LT(p->relative_error, last);
        last = p->relative_error;
        if (n == 100) {
            EXPECT_NEAR(last, 0.1, 0.003);  // about 1/sqrt(n)
        }
    }
    EXPECT_EQ(last, 0);
}

TEST(Retarget, KnowsNothingAtTheEpochsFirstBlock) {
    const auto p =
        project_retarget({921'312, utc(1'761'732'893), utc(1'761'732'893), kNovemberBits});
    EXPECT_EQ(p->intervals, 0);
    EXPECT_EQ(p->blocks_left, 2016);
    EXPECT_EQ(p->block_seconds, 600);
    EXPECT_EQ(p->relative_error, 1);
    EXPECT_NEAR(p->change_high, 3, 1e-3) << "anything up to the clamp";
    EXPECT_EQ(p->expected, utc(1'761'732'893 + 2016 * 600));
}

TEST(Retarget, NeverLeavesTheClampOfFour) {
    const UtcSeconds start = utc(1'700'000'000);
    const auto change = [&](std::int64_t height, seconds elapsed) {
        return project_retarget({height, start + elapsed, start, kNovemberBits})->change;
    };
    for (const std::int64_t height : {1, 1000, 2015}) {
        SCOPED_TRACE(height);
        EXPECT_NEAR(change(height, seconds{1}), 3, 1e-3);
        EXPECT_NEAR(change(height, seconds{-7000}), 3, 1e-3) << "header times may run back";
        EXPECT_NEAR(change(height, 9000 * kDay), -0.75, 1e-3);
    }
}

TEST(Retarget, ImpossiblePositionsAreRefused) {
    EXPECT_EQ(project_retarget({-1, utc(0), utc(0), kNovemberBits}).error().code,
              Errc::out_of_range);
    EXPECT_EQ(project_retarget({1, utc(0), utc(0), Bits{0}}).error().code, Errc::out_of_range);
}

// the inputs of 2025-11-11's close would do as well; these are round
const HashpriceInputs kInputs{Difficulty{1}, Satoshi{312'500'000}, 2'000'000, 100'000};

TEST(Projection, AfterTheRetargetTheHashPriceMovesAgainstDifficulty) {
    const auto p = project(kLastBlock, kInputs);
    ASSERT_TRUE(p);
    const double ratio = 155973032196071.94 / 152271405447597.38;
    EXPECT_NEAR(p->after_retarget.usd.value / p->now.usd.value, ratio, 1e-14);
    EXPECT_NEAR(p->after_retarget.sat.value / p->now.sat.value, ratio, 1e-14);
    EXPECT_EQ(p->after_retarget_low.usd.value, p->after_retarget_high.usd.value);
    // difficulty is the epoch's, whatever the inputs carry
    EXPECT_EQ(p->now.usd, hashprice_of({*difficulty_of(kNovemberBits), kInputs.subsidy,
                                        kInputs.fee_sat_mean, kInputs.price_usd})
                              ->usd);
}

TEST(Projection, TheRangeHoldsTheEstimate) {
    const auto p = project(kHalfway, kInputs);
    EXPECT_LT(p->after_retarget_low.usd.value, p->after_retarget.usd.value);
    EXPECT_GT(p->after_retarget_high.usd.value, p->after_retarget.usd.value);
    // all else equal the hash price goes as one over the difficulty
    const RetargetProjection& r = p->retarget;
    EXPECT_NEAR(p->after_retarget_low.usd.value, p->now.usd.value / (1 + r.change_high), 1e-9);
    EXPECT_NEAR(p->after_retarget_high.usd.value, p->now.usd.value / (1 + r.change_low), 1e-9);
}

TEST(Projection, AHalvingHalvesTheSubsidyAndLeavesTheFees) {
    const auto p = project(kHalfway, kInputs);
    ASSERT_TRUE(p);
    EXPECT_EQ(p->halving.height, 1'050'000);
    EXPECT_EQ(p->halving.blocks_left, 1'050'000 - 922'319);
    EXPECT_EQ(p->halving.subsidy, Satoshi{156'250'000});
    EXPECT_NEAR(p->halved.usd.value / p->now.usd.value, 158.25 / 314.5, 1e-14);
    EXPECT_NEAR(p->halved_after_retarget.usd.value / p->after_retarget.usd.value, 158.25 / 314.5,
                1e-14);
    EXPECT_EQ(p->halving.expected, p->retarget.expected + (1'050'000 - 923'328) * kTargetSpacing);
}

TEST(Projection, AHalvingBeforeTheRetargetComesAtTheEpochsPace) {
    // block 840000 lies inside the epoch from 838656
    const UtcSeconds start = utc(1'712'783'853);
    const auto p = project({839'656, start + 1000 * seconds{500}, start, Bits{0x17034219}},
                           {Difficulty{1}, Satoshi{625'000'000}, 0, 60'000});
    ASSERT_TRUE(p);
    EXPECT_EQ(p->halving.blocks_left, 344);
    EXPECT_EQ(p->halving.expected, start + 1344 * seconds{500});
    EXPECT_NEAR(p->halved.usd.value / p->now.usd.value, 0.5, 1e-15);
}

TEST(Projection, AtAHalvingTheNextOneIsMeant) {
    const auto p = project({840'000, utc(1'713'571'767), utc(1'712'783'853), Bits{0x17034219}},
                           {Difficulty{1}, Satoshi{312'500'000}, 0, 60'000});
    EXPECT_EQ(p->halving.height, 1'050'000);
}

TEST(Projection, InputsThatMakeNoHashPriceAreRefused) {
    HashpriceInputs bad = kInputs;
    bad.price_usd = NAN;
    EXPECT_EQ(project(kHalfway, bad).error().code, Errc::out_of_range);
}

}  // namespace
}  // namespace hashprice::domain
