#include "domain/consensus.hpp"
#include "storage/polls.hpp"
#include "tests/storage/fixture.hpp"

namespace hashprice::storage {
namespace {

using domain::FeeMean;
using domain::FeeWindow;
using ::testing::HasSubstr;

const UtcSeconds kLater = kFetched + domain::kHour;

class TimedFacts : public Stored {
protected:
    std::vector<Sourced<Price>> all_prices() {
        return *prices_between(db, kMidnight - domain::kDay, kMidnight + domain::kDay);
    }
};

TEST_F(TimedFacts, TheSamePriceTwiceIsOneRow) {
    record(prices({tick(kMidnight, 95'000)}));
    const Recorded again = record(prices({tick(kMidnight, 95'000)}, "coinbase", kLater));
    EXPECT_EQ(again.unchanged, 1);
    EXPECT_TRUE(again.touched.empty());
    ASSERT_EQ(all_prices().size(), 1U);
    EXPECT_EQ(all_prices()[0].fetched_at, kFetched) << "when it was first said";
}

TEST_F(TimedFacts, ASourcesCorrectionTakesThePlaceAndTheOldWordIsPutAside) {
    record(prices({tick(kMidnight, 95'000)}));

    const Recorded done = record(prices({tick(kMidnight, 95'001)}, "coinbase", kLater));

    EXPECT_EQ(done.revised, 1);
    ASSERT_EQ(done.touched.size(), 1U);
    EXPECT_EQ(done.touched[0].from, kMidnight);
    EXPECT_EQ(all_prices()[0].fact.price, MicroUsd{95'001'000'000});
    EXPECT_EQ(ask("SELECT reason FROM facts_aside"), "corrected");
    EXPECT_THAT(ask("SELECT body FROM facts_aside"), HasSubstr("95000000000"));
}

TEST_F(TimedFacts, AnEarlierWordThatComesLateDoesNotUndoTheCorrection) {
    record(prices({tick(kMidnight, 95'001)}, "coinbase", kLater));
    record(prices({tick(kMidnight, 95'000)}, "coinbase", kFetched));
    EXPECT_EQ(all_prices()[0].fact.price, MicroUsd{95'001'000'000});
    EXPECT_EQ(count("facts_aside"), 1) << "kept, but not in use";
}

TEST_F(TimedFacts, EverySourceAndSpanIsAFactOfItsOwn) {
    const Price candle{kMidnight, domain::kHour, MicroUsd{95'500'000'000}};
    record(prices({candle, tick(kMidnight, 95'000)}));
    record(prices({tick(kMidnight, 95'100)}, "kraken"));
    EXPECT_EQ(all_prices().size(), 3U);
}

TEST_F(TimedFacts, PricesComeInTimeOrderThenBySourceThenFinestFirst) {
    const Price candle{kMidnight, domain::kHour, MicroUsd{95'500'000'000}};
    record(prices({tick(kMidnight, 3)}, "kraken"));
    record(prices({candle, tick(kMidnight, 2), tick(kMidnight - seconds{1}, 1)}));

    const auto all = all_prices();

    ASSERT_EQ(all.size(), 4U);
    EXPECT_EQ(all[0].fact, tick(kMidnight - seconds{1}, 1));
    EXPECT_EQ(all[1].fact, tick(kMidnight, 2));
    EXPECT_EQ(all[2].fact, candle);
    EXPECT_EQ(all[3].fact, tick(kMidnight, 3)) << "kraken has the higher number";
}

TEST_F(TimedFacts, ARangeOfPricesLeavesOutItsStartAndHoldsItsEnd) {
    record(prices({tick(kMidnight, 1), tick(kMidnight + seconds{60}, 2)}));
    const auto one = *prices_between(db, kMidnight, kMidnight + seconds{60});
    ASSERT_EQ(one.size(), 1U);
    EXPECT_EQ(one[0].fact.time, kMidnight + seconds{60});
}

TEST_F(TimedFacts, AFeeMeanOfTheDayAndOneOfTheBlocksStandSideBySide) {
    const FeeMean blocks_144{kMidnight, FeeWindow::blocks_144, Satoshi{260'128'982}, 144, kHeight};
    const FeeMean day{kMidnight, FeeWindow::utc_day, Satoshi{250'000'000}, 138, kHeight};
    FactBatch facts = batch("import");
    facts.fee_means = {day, blocks_144};
    record(facts);
    record(facts);
    const auto all = *fee_means_between(db, kMidnight - seconds{1}, kMidnight);
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[0].fact, blocks_144);
    EXPECT_EQ(all[1].fact, day);
}

TEST_F(TimedFacts, AFeeMeanIsCorrectedByItsSourceInEachFieldAndKnownAgain) {
    const FeeMean first{kMidnight, FeeWindow::utc_day, Satoshi{250'000'000}, 138, kHeight};
    const auto said = [&](const FeeMean& mean, UtcSeconds at) {
        FactBatch facts = batch("import", at);
        facts.fee_means = {mean};
        const Recorded done = record(facts);
        return std::tuple(done.added, done.unchanged, done.revised);
    };
    EXPECT_EQ(said(first, kFetched), std::tuple(1, 0, 0));
    EXPECT_EQ(said(first, kLater), std::tuple(0, 1, 0));
    FeeMean other = first;
    other.fee_sum.value += 1;
    EXPECT_EQ(said(other, kFetched), std::tuple(0, 0, 1)) << "of the same second: the later word";
    other.blocks += 1;
    EXPECT_EQ(said(other, kLater), std::tuple(0, 0, 1));
    other.tip_height += 1;
    EXPECT_EQ(said(other, kLater), std::tuple(0, 0, 1));
    EXPECT_EQ(said(first, kLater - seconds{1}), std::tuple(0, 1, 0)) << "an earlier word";
    EXPECT_EQ(count("facts_aside"), 4);
    const auto stored = fee_means_between(db, kMidnight - seconds{1}, kMidnight)->at(0);
    EXPECT_TRUE(stored.fact == other);
    EXPECT_EQ(stored.fetched_at, kLater);
    EXPECT_EQ(stored.source, *source_id(db, "import"));
    EXPECT_EQ(ask("SELECT group_concat(fetched_at_s - 1763300000) FROM facts_aside"),
              "0,0,3600,3599")
        << "each as old as when it was said";
}

TEST_F(TimedFacts, KnownAndNewPricesOfOneBatchAreToldApart) {
    record(prices({tick(kMidnight, 1), tick(kMidnight + seconds{120}, 3)}));
    const Recorded done =
        record(prices({tick(kMidnight, 1), tick(kMidnight + seconds{60}, 2),
                       tick(kMidnight + seconds{120}, 3), tick(kMidnight + seconds{180}, 4)}));
    EXPECT_EQ(done.added, 2);
    EXPECT_EQ(done.unchanged, 2);
    EXPECT_EQ(done.revised, 0);
    EXPECT_EQ(all_prices().size(), 4U);
    EXPECT_EQ(count("facts_aside"), 0);
}

TEST_F(TimedFacts, SourcesKeepTheirNumbersAndThe63rdIsRefused) {
    // the first numbers do not depend on who is heard first
    EXPECT_EQ(*source_id(db, "starter"), 0);
    EXPECT_EQ(*source_id(db, "coinbase"), 6);
    for (int n = static_cast<int>(sources(db)->size()); n < 62; ++n) {
        ASSERT_TRUE(source_id(db, "archive-" + std::to_string(n)));
    }
    EXPECT_EQ(*source_id(db, "archive-40"), 40);

    const auto one_too_many = source_id(db, "archive-62");

    ASSERT_FALSE(one_too_many);
    EXPECT_THAT(one_too_many.error().what, HasSubstr("archive-62"));
    EXPECT_EQ(one_too_many.error().code, Errc::database);
}

TEST_F(TimedFacts, AFactOfAnyKindIsAFactAndAPollIsNone) {
    EXPECT_FALSE(*has_facts(db));
    ASSERT_TRUE(log_poll(db, {"kraken", kMidnight, 12, "ok", "", 3}));
    EXPECT_FALSE(*has_facts(db));
    FactBatch mean = batch();
    mean.fee_means = {{.end = kMidnight,
                       .window = domain::FeeWindow::blocks_144,
                       .fee_sum = Satoshi{400'000'000},
                       .blocks = 144,
                       .tip_height = kHeight}};
    FactBatch epoch = batch();
    epoch.epochs = {
        {.start_height = 457 * domain::kBlocksPerEpoch, .start_time = kMidnight, .bits = kBits}};
    for (const FactBatch& facts :
         {blocks({block(kHeight)}), prices({tick(kMidnight, 95'000)}), mean, epoch}) {
        Database fresh = *Database::in_memory();
        ASSERT_TRUE(storage::record(fresh, facts));
        EXPECT_TRUE(*has_facts(fresh));
    }
}

TEST_F(TimedFacts, AFailedPollIsAFactToo) {
    ASSERT_TRUE(log_poll(db, {"kraken", kMidnight, 12, "ok", "", 3}));
    ASSERT_TRUE(log_poll(db, {"kraken", kMidnight + seconds{60}, 10'000, "timeout", "no answer"}));

    const auto health = *source_health(db);

    ASSERT_EQ(health.size(), 1U);
    EXPECT_EQ(health[0].last_success, kMidnight);
    EXPECT_EQ(health[0].last_failure, kMidnight + seconds{60});
    EXPECT_EQ(health[0].last_error, "no answer");
    EXPECT_EQ(health[0].polls_ok, 1);
    EXPECT_EQ(health[0].polls_failed, 1);
}

TEST_F(TimedFacts, OldPollsAreForgottenAndCounted) {
    for (int minute = 0; minute < 5; ++minute)
        ASSERT_TRUE(log_poll(db, {"kraken", kMidnight + minute * seconds{60}, 12, "ok", "", 1}));
    EXPECT_EQ(*forget_polls_before(db, kMidnight + seconds{120}), 2);
    EXPECT_EQ(count("polls"), 3);
}

}  // namespace
}  // namespace hashprice::storage
