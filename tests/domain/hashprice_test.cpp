#include "domain/hashprice.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "domain/consensus.hpp"

namespace hashprice::domain {
namespace {

// Inputs from real blocks and closes, values by an independent program (METHOD section 1)
TEST(Hashprice, AgreesWithTheGoldenObservations) {
    struct Case {
        const char* day;
        double difficulty;
        double mean_fee;
        double price;
        double usd;
    };
    for (const Case& c :
         {Case{"2025-07-10", 116958512019762.11, 2886361.9931, 116023.34, 62.936660},
          Case{"2025-07-11", 116958512019762.11, 3738834.6875, 117573.92, 63.950158},
          Case{"2025-07-12", 126271255279306.98, 2727304.4653, 117468.16, 58.991135},
          Case{"2025-11-04", 155973032196071.94, 2906961.6319, 101493.23, 41.286312},
          Case{"2025-11-13", 152271405447597.38, 1940115.7292, 99644.14, 41.392209},
          Case{"2025-11-15", 152271405447597.38, 1806451.2639, 95555.28, 39.676822},
          Case{"2025-11-22", 152271405447597.38, 2048764.9931, 84696.98, 35.195311}}) {
        SCOPED_TRACE(c.day);
        const auto hp =
            hashprice_of({Difficulty{c.difficulty}, subsidy_at(904'996), c.mean_fee, c.price});
        ASSERT_TRUE(hp);
        EXPECT_NEAR(hp->usd.value, c.usd, 5e-7);
    }
}

TEST(Hashprice, OnePetahashFindsOneBlockADayAtTheDifficultyThatNeedsADayOfIt) {
    const double d = 86400e15 * 65535 / std::ldexp(1.0, 48);
    const auto hp = hashprice_of({Difficulty{d}, Satoshi{312'500'000}, 0, 100'000});
    EXPECT_DOUBLE_EQ(hp->sat.value, 312'500'000);
    EXPECT_DOUBLE_EQ(hp->usd.value, 312'500);
}

TEST(Hashprice, WhatCannotBeIsRefusedNotComputed) {
    const HashpriceInputs good{Difficulty{1}, Satoshi{1}, 0, 1};
    const auto with = [&](auto change) {
        HashpriceInputs in = good;
        change(in);
        return hashprice_of(in);
    };
    ASSERT_TRUE(hashprice_of(good));
    EXPECT_FALSE(with([](auto& in) { in.difficulty = Difficulty{0}; }));
    EXPECT_FALSE(with([](auto& in) { in.difficulty = Difficulty{NAN}; }));
    EXPECT_FALSE(with([](auto& in) { in.price_usd = -1; }));
    EXPECT_FALSE(with([](auto& in) { in.price_usd = INFINITY; }));
    EXPECT_FALSE(with([](auto& in) { in.fee_sat_mean = -1; }));
    EXPECT_FALSE(with([](auto& in) { in.subsidy = Satoshi{-1}; }));
}

TEST(Hashprice, AfterTheLastSubsidyFeesAreAllThereIs) {
    const auto hp = hashprice_of({Difficulty{1e14}, subsidy_at(6'930'000), 0, 1e5});
    EXPECT_EQ(hp->usd.value, 0);
}

}  // namespace
}  // namespace hashprice::domain
