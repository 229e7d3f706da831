#include "domain/consensus.hpp"

#include <gtest/gtest.h>

#include <cctype>
#include <limits>

#include "domain/facts.hpp"

namespace hashprice::domain {
namespace {

// bitcoin.it "Difficulty" (0x1b0404cb), Bitcoin Core rpc tests; heights 100,000 and 730,000 from
// the chain
TEST(Difficulty, FromBitsIsWhatBitcoinCorePrints) {
    EXPECT_EQ(difficulty_of(Bits{0x1d00ffff})->value, 1.0);
    EXPECT_EQ(difficulty_of(Bits{0x1b0404cb})->value, 16307.420938523983);
    EXPECT_EQ(difficulty_of(Bits{453281356})->value, 14484.162361225399);
    EXPECT_EQ(difficulty_of(Bits{386521239})->value, 28587155782195.14);
}

TEST(Difficulty, ImpossibleBitsAreRefused) {
    for (const std::uint32_t bits :
         {0U, 0x1d000000U, 0x1d800001U, 0x1e00ffffU, 0x02123456U, 0xff7fffffU}) {
        SCOPED_TRACE(bits);
        EXPECT_EQ(difficulty_of(Bits{bits}).error().code, Errc::out_of_range);
    }
}

TEST(Difficulty, PrintedDifficultyLeadsBackToItsBits) {
    for (const std::uint32_t bits : {0x1d00ffffU, 0x1b0404cbU, 453281356U, 386521239U, 0x1702349eU,
                                     0x17023a04U, 0x1701e2a0U, 0x1a05db8bU}) {
        const auto printed = difficulty_of(Bits{bits});
        ASSERT_TRUE(printed);
        for (const double rounding : {1.0, 1 - 4e-10, 1 + 4e-10}) {
            if (printed->value * rounding < 1) continue;  // easier than the limit
            const auto read = bits_of(Difficulty{printed->value * rounding});
            ASSERT_TRUE(read) << read.error().what;
            EXPECT_EQ(read->value, bits) << rounding;
        }
    }
    EXPECT_EQ(bits_of(Difficulty{28587155782195.1})->value,
              386521239U);  // as mempool.space prints it
    EXPECT_FALSE(bits_of(Difficulty{0}));
    EXPECT_FALSE(bits_of(Difficulty{-1}));
    EXPECT_FALSE(bits_of(Difficulty{1e300}));
    EXPECT_FALSE(bits_of(Difficulty{0.9999}));
    EXPECT_FALSE(bits_of(Difficulty{std::numeric_limits<double>::infinity()}));
    EXPECT_FALSE(bits_of(Difficulty{std::numeric_limits<double>::quiet_NaN()}));
}

TEST(Difficulty, OfEveryTargetsSizeLeadsBackToItsBits) {
    // the compact form's mantissa is 0x8000 at the least and its sign bit free; exponent 3 is one
    // of which no byte is cut off
    for (std::uint32_t exponent = 3; exponent < 0x1d; ++exponent) {
        for (const std::uint32_t mantissa : {0x8000U, 0x1d5f3aU, 0x7fffffU}) {
            const Bits bits{exponent << 24 | mantissa};
            SCOPED_TRACE(bits.value);
            const auto printed = difficulty_of(bits);
            ASSERT_TRUE(printed) << printed.error().what;
            EXPECT_EQ(bits_of(*printed), bits);
        }
    }
}

TEST(Subsidy, HalvesEvery210000BlocksUntilNothingIsLeft) {
    EXPECT_EQ(subsidy_at(0), Satoshi{5'000'000'000});
    EXPECT_EQ(subsidy_at(209'999), Satoshi{5'000'000'000});
    EXPECT_EQ(subsidy_at(210'000), Satoshi{2'500'000'000});
    EXPECT_EQ(subsidy_at(839'999), Satoshi{625'000'000});
    EXPECT_EQ(subsidy_at(840'000), Satoshi{312'500'000});
    EXPECT_EQ(subsidy_at(6'929'999), Satoshi{1});
    EXPECT_EQ(subsidy_at(6'930'000), Satoshi{0});
    EXPECT_EQ(subsidy_at(std::int64_t{64} * 210'000), Satoshi{0});
    EXPECT_EQ(subsidy_at(-1), Satoshi{0});
}

TEST(Subsidy, AllOfItTogetherIsTheKnownSupply) {
    std::int64_t total = 0;
    for (std::int64_t era = 0; era < 64; ++era) {
        total += subsidy_at(era * kBlocksPerHalving).value * kBlocksPerHalving;
    }
    EXPECT_EQ(total, 2'099'999'997'690'000);  // Bitcoin Core, src/test/validation_tests.cpp
}

// Bitcoin Core, src/test/pow_tests.cpp: get_next_work and its three limits
TEST(Retarget, AgreesWithBitcoinCoresVectors) {
    struct Case {
        const char* given;
        std::uint32_t old;
        std::int64_t first;
        std::int64_t last;
        std::uint32_t next;
    };
    for (const Case& c :
         {Case{"no constraint", 0x1d00ffff, 1261130161, 1262152739, 0x1d00d86a},
          Case{"proof-of-work limit", 0x1d00ffff, 1231006505, 1233061996, 0x1d00ffff},
          Case{"lower limit of the time", 0x1c05a3f4, 1279008237, 1279297671, 0x1c0168fd},
          Case{"upper limit of the time", 0x1c387f6f, 1263163443, 1269211443, 0x1d00e1fd}}) {
        SCOPED_TRACE(c.given);
        EXPECT_EQ(retarget(Bits{c.old}, utc(c.first), utc(c.last)).value, c.next);
    }
}

TEST(Retarget, JustAboveTheProofOfWorkLimitIsNotTheLimit) {
    // 0xffff * 24/25 = 0xf5c1 and some: a difficulty of 1.04
    const seconds timespan = kTargetTimespan * 24 / 25;
    EXPECT_EQ(retarget(kPowLimit, utc(0), utc(0) + timespan), Bits{0x1d00f5c1});
}

TEST(Retarget, TheClampAllowsForTheCompactFormsRounding) {
    // of equal exponent, so that the difficulties' ratio is that of the mantissas turned round
    const auto from_0x100000_to = [](std::uint32_t mantissa) {
        return within_retarget_clamp(Bits{0x1b100000}, Bits{0x1b000000 | mantissa});
    };
    EXPECT_TRUE(from_0x100000_to(0x040000)) << "four times";
    EXPECT_TRUE(from_0x100000_to(0x03fff0)) << "four times and 6.1e-5 of it";
    EXPECT_FALSE(from_0x100000_to(0x03ffe0)) << "four times and 1.2e-4 of it";
    EXPECT_TRUE(from_0x100000_to(0x400000)) << "a quarter";
    EXPECT_TRUE(from_0x100000_to(0x400100)) << "a quarter less 6.1e-5 of it";
    EXPECT_FALSE(from_0x100000_to(0x400200)) << "a quarter less 1.2e-4 of it";
}

TEST(Retarget, MoreThanAFactorOfFourIsOutsideTheClamp) {
    EXPECT_TRUE(within_retarget_clamp(Bits{0x1c05a3f4}, Bits{0x1c0168fd}));
    EXPECT_TRUE(within_retarget_clamp(Bits{0x1702349e}, Bits{0x17022cb3}));
    EXPECT_FALSE(within_retarget_clamp(Bits{0x1702349e}, Bits{0x18022cb3}));
    EXPECT_FALSE(within_retarget_clamp(Bits{0x1702349e}, Bits{0}));
    EXPECT_FALSE(within_retarget_clamp(Bits{0}, Bits{0x1702349e}));
}

TEST(BlockHash, ReadsAndWritesSixtyFourHexDigits) {
    const std::string hex = "0000000000000000000384f28cb3b9cf4377a39cfd6c29ae9466951de38c0529";
    EXPECT_EQ(format_hash(*parse_hash(hex)), hex);
    EXPECT_FALSE(parse_hash(hex.substr(1)));
    EXPECT_FALSE(parse_hash(std::string(64, 'g')));
    EXPECT_FALSE(parse_hash(std::string(63, '0') + "-"));
    // the neighbours of the digits and of both cases' letters
    for (const char none : {'/', ':', '@', 'G', '`', 'g'}) {
        EXPECT_FALSE(parse_hash(none + std::string(63, '0'))) << none;
        EXPECT_FALSE(parse_hash(std::string(63, '0') + none)) << none;
    }
    std::string upper = hex;
    for (char& c : upper) c = static_cast<char>(std::toupper(c));
    EXPECT_EQ(*parse_hash(upper), *parse_hash(hex));
    const std::string every = "0123456789abcdef";
    EXPECT_EQ(format_hash(*parse_hash(every + every + every + every)),
              every + every + every + every);
}

TEST(FeeWindow, IsReadAsItIsWritten) {
    EXPECT_EQ(parse_fee_window("blocks_144"), FeeWindow::blocks_144);
    EXPECT_EQ(parse_fee_window("utc_day"), FeeWindow::utc_day);
    const auto unknown = parse_fee_window(std::string(41, 'x'));
    ASSERT_FALSE(unknown);
    EXPECT_EQ(unknown.error().code, Errc::bad_payload);
    EXPECT_NE(unknown.error().what.find("'" + std::string(40, 'x') + "...'"), std::string::npos);
}

}  // namespace
}  // namespace hashprice::domain
