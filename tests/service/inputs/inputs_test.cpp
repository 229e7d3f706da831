#include "service/answers/inputs.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ingest/collector.hpp"
#include "ingest/starter/starter.hpp"

namespace hashprice::service::answers {
namespace {

using domain::kDay;
using domain::kHour;
using testing::HasSubstr;

constexpr domain::Bits kJuly{0x17025f3c};  // any valid target: its difficulty is not looked at
const UtcSeconds kDay0 = *domain::parse_range_end("2026-02-02", {});  // a Monday

class InputsTest : public testing::Test {
protected:
    void take(const domain::FactBatch& batch) {
        ingest::PriceRules rules;
        rules.sources = {"coinbase", "kraken"};
        const auto options = ingest::derive_options(db, rules);
        ASSERT_TRUE(options) << options.error().what;
        const auto taken =
            ingest::Collector(db, *options).take(batch, kDay0 + 400 * kDay, kDay0 + 400 * kDay);
        ASSERT_TRUE(taken) << taken.error().what;
    }
    void take_starter() { take(ingest::starter_facts()); }
    Inputs asked(Input input, std::string_view from, std::string_view to,
                 std::optional<Step> step = Step::day) {
        const auto answer = inputs(db, {.input = input,
                                        .range = {*domain::parse_range_end(from, kDay0),
                                                  *domain::parse_range_end(to, kDay0)},
                                        .step = step});
        EXPECT_TRUE(answer) << answer.error().what;
        return answer.value_or(Inputs{});
    }

    storage::Database db = *storage::Database::in_memory();
};

domain::FactBatch said_by(std::string source) {
    domain::FactBatch batch;
    batch.source = std::move(source);
    batch.fetched_at = kDay0 + 400 * kDay;
    return batch;
}

// METHOD, golden observations: difficulty at the end of 2025-07-11 and 07-12, a retarget between.
TEST_F(InputsTest, DifficultyIsThatOfTheEndOfTheBarWithItsHashRateBesideIt) {
    take_starter();

    const Inputs answer = asked(Input::difficulty, "2025-07-11", "2025-07-13");

    ASSERT_EQ(answer.bars.size(), 2U);
    EXPECT_NEAR(*answer.bars[0].values[0], 116958512019762.11, 0.1);
    EXPECT_NEAR(*answer.bars[1].values[0], 126271255279306.98, 0.1);
    // 2^48 / 65535 hashes per block and unit of difficulty (Bitcoin Core, GetBlockProof), 600 s:
    // 116958512019762.11 * 4294967296 * (1 + 1/65535) / 600 / 1e18 = 837.2216 * 1.0000153 = 837.234
    EXPECT_NEAR(*answer.bars[0].values[1], 837.234, 0.001);
}

TEST_F(InputsTest, BeforeTheFirstEpochAndAfterTheNewestFactNothingIsSaid) {
    take_starter();

    const Inputs before = asked(Input::difficulty, "2008-12-01", "2008-12-03");
    const Inputs after = asked(Input::difficulty, "2027-03-01", "2027-03-03");

    for (const Inputs* answer : {&before, &after}) {
        ASSERT_EQ(answer->bars.size(), 2U);
        EXPECT_FALSE(answer->bars[0].values[0]);
        EXPECT_FALSE(answer->bars[1].values[1]);
    }
}

TEST_F(InputsTest, AnEpochThatNobodyReportedIsNotBridged) {
    auto batch = said_by("mempool");
    const auto bits = [](std::uint32_t mantissa) { return domain::Bits{0x17000000 | mantissa}; };
    batch.epochs = {{2016, kDay0, bits(0x025f3c)}, {6048, kDay0 + 28 * kDay, bits(0x024f3c)}};
    take(batch);

    const Inputs answer = asked(Input::difficulty, "2026-02-02", "2026-03-05");

    EXPECT_TRUE(answer.bars[12].values[0]);   // to the end of the 13th day: within the first
    EXPECT_FALSE(answer.bars[13].values[0]);  // two weeks after its start the next has begun
    EXPECT_FALSE(answer.bars[26].values[0]);
    EXPECT_TRUE(answer.bars[27].values[0]);
}

// METHOD, golden observations: mean fees of the 144 blocks up to the end of the day.
TEST_F(InputsTest, FeesWithoutBlocksAreThoseOfTheFeeMeansThatEndInTheBar) {
    take_starter();

    const Inputs days = asked(Input::fees, "2025-07-10", "2025-07-13");

    EXPECT_NEAR(*days.bars[0].values[0], 2886361.9931, 0.001);
    EXPECT_NEAR(*days.bars[1].values[0], 3738834.6875, 0.001);
    EXPECT_NEAR(*days.bars[2].values[0], 2727304.4653, 0.001);
    EXPECT_EQ(days.bars[1].values[1], 144);
}

TEST_F(InputsTest, TheFeesOfTheFiveUnknownDaysOfAugustAreMissingAndNotZero) {
    take_starter();

    const Inputs days = asked(Input::fees, "2025-08-05", "2025-08-12");

    ASSERT_EQ(days.bars.size(), 7U);
    EXPECT_TRUE(days.bars[0].values[0]);
    for (std::size_t i = 1; i <= 5; ++i) EXPECT_FALSE(days.bars[i].values[0]) << i;
    EXPECT_TRUE(days.bars[6].values[0]);
    EXPECT_THAT(inputs_json(days), HasSubstr(R"("fee_sat_mean":null,"blocks":0)"));
}

TEST_F(InputsTest, FeesOfBlocksAreTheirMeanAndABarHoldsItsEndButNotItsStart) {
    auto batch = said_by("mempool");
    const auto block = [](std::int64_t height, UtcSeconds time, std::int64_t fees) {
        domain::Block b{.height = height, .time = time, .bits = kJuly};
        b.fees = domain::Satoshi{fees};
        return b;
    };
    batch.blocks = {block(900'001, kDay0, 7), block(900'002, kDay0 + seconds{1}, 10),
                    block(900'003, kDay0 + kHour, 30), block(900'004, kDay0 + kHour * 2, 500)};
    take(batch);

    const Inputs hours =
        asked(Input::fees, "2026-02-02T00:00:00Z", "2026-02-02T03:00:00Z", Step::hour);

    ASSERT_EQ(hours.bars.size(), 3U);
    EXPECT_EQ(hours.bars[0].values[0], 20);  // (10 + 30) / 2
    EXPECT_EQ(hours.bars[0].values[1], 2);
    EXPECT_EQ(hours.bars[1].values[0], 500);
    EXPECT_FALSE(hours.bars[2].values[0]);
}

// METHOD, golden observations: the closes of 2025-07-10 and 07-11.
TEST_F(InputsTest, PricesAreTheIndexAndEachSourcesOwn) {
    take_starter();
    auto batch = said_by("coinbase");
    const UtcSeconds close = *domain::parse_instant("2025-07-11", kDay0);
    batch.prices = {{close - seconds{600}, {}, domain::MicroUsd{117'500'000'000}},
                    {close - seconds{30}, {}, domain::MicroUsd{117'600'250'000}},
                    {close - 2 * kHour - kDay, {}, domain::MicroUsd{99'000'000'000}}};
    take(batch);

    const Inputs days = asked(Input::price, "2025-07-10", "2025-07-12");

    ASSERT_EQ(days.sources, (std::vector<std::string>{"starter", "coinbase"}));
    EXPECT_EQ(days.bars[0].values[1], 116023.34);
    EXPECT_FALSE(days.bars[0].values[2]);  // its only price of that day is two hours before the end
    EXPECT_EQ(days.bars[1].values[1], 117573.92);
    EXPECT_EQ(days.bars[1].values[2], 117600.25);  // the newest
    EXPECT_EQ(days.bars[0].values[0], 116023.34);  // the index: whoever is left
}

TEST_F(InputsTest, WhatIsWrittenNamesEverySourceAndLeavesMissingOnesEmpty) {
    take_starter();

    const Inputs days = asked(Input::price, "2025-07-11", "2025-07-12");

    EXPECT_EQ(
        inputs_csv(days),
        "time,time_s,price_usd,starter\n2025-07-11T00:00:00Z,1752192000,117573.92,117573.92\n");
    EXPECT_THAT(inputs_json(days), HasSubstr(R"("sources":{"starter":117573.92})"));
}

TEST_F(InputsTest, AnEmptyDatabaseAnswersWithEmptyBars) {
    for (const Input input : {Input::difficulty, Input::fees, Input::price}) {
        const Inputs answer = asked(input, "2025-07-11", "2025-07-13");
        ASSERT_EQ(answer.bars.size(), 2U);
        EXPECT_FALSE(answer.bars[0].values[0]);
    }
}

TEST_F(InputsTest, AbsurdSizesRawAndUnknownNamesAreRefused) {
    const domain::Range long_range{kDay0 - 4000 * kDay, kDay0};

    const auto hours = inputs(db, {.range = long_range, .step = Step::hour});
    const auto raw = inputs(db, {.range = long_range, .step = Step::raw});

    ASSERT_FALSE(hours);
    EXPECT_EQ(hours.error().code, domain::Errc::usage);
    EXPECT_THAT(hours.error().what, HasSubstr("longer step"));
    ASSERT_FALSE(raw);
    EXPECT_EQ(raw.error().code, domain::Errc::usage);
    EXPECT_FALSE(parse_input("weather"));
}

}  // namespace
}  // namespace hashprice::service::answers
