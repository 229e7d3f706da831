// Facts taken out of use and put in use again, each kind with all its fields.
#include "storage/retract.hpp"

#include "domain/consensus.hpp"
#include "storage/quarantine.hpp"
#include "tests/storage/fixture.hpp"

namespace hashprice::storage {
namespace {

using domain::Epoch;
using domain::FeeMean;
using domain::FeeWindow;
using domain::kDay;
using domain::kHour;
using domain::Range;
using testing::ElementsAre;

constexpr std::int64_t kRetarget = 458 * domain::kBlocksPerEpoch;
const Range kAll{utc(0), utc(253402300799)};
const UtcSeconds kNow = kFetched + kDay;

class Retractions : public Stored {
protected:
    Recorded out(const std::string& source, const Range& range, UtcSeconds now = kNow) {
        const auto done = retract(db, source, range, now);
        EXPECT_TRUE(done) << done.error().what;
        return done.value_or(Recorded{});
    }
    Recorded back(const std::string& source, const Range& range) {
        const auto done = undo_retraction(db, source, range, kNow + kHour);
        EXPECT_TRUE(done) << done.error().what;
        return done.value_or(Recorded{});
    }
    std::vector<UtcSeconds> price_times() {
        std::vector<UtcSeconds> times;
        const auto all = prices_between(db, kMidnight - kDay, kMidnight + kDay).value();
        times.reserve(all.size());
        for (const auto& p : all) times.push_back(p.fact.time);
        return times;
    }
    FactBatch one_of_each() {
        FactBatch all = blocks({block(kHeight)});
        all.blocks[0].hash = hash_of(7);
        all.prices = {{kMidnight, kHour, MicroUsd{95'500'000'001}}};
        all.fee_means = {{kMidnight, FeeWindow::utc_day, Satoshi{260'128'982}, 143, kHeight}};
        all.epochs = {{kRetarget, block(kRetarget).time, kBits}};
        return all;
    }
};

TEST_F(Retractions, EveryKindOfFactGoesAndComesBackWithItsSourceAndTheTimeItWasFetched) {
    const FactBatch said = one_of_each();
    record(said);
    const SourceId source = *source_id(db, "mempool");

    EXPECT_EQ(out("mempool", kAll).revised, 4);
    for (const char* table : {"blocks", "prices", "fee_means", "epochs"})
        EXPECT_EQ(count(table), 0) << table;
    EXPECT_EQ(ask("SELECT COUNT(*) FROM facts_aside WHERE reason = 'retracted'"), "4");
    EXPECT_EQ(back("mempool", kAll).added, 4);

    const auto block = block_at(db, kHeight).value().value();
    EXPECT_TRUE(block.fact == said.blocks[0]);
    const auto price = prices_between(db, kMidnight - kHour, kMidnight).value().at(0);
    EXPECT_TRUE(price.fact == said.prices[0]);
    const auto mean = fee_means_between(db, kMidnight - kHour, kMidnight).value().at(0);
    EXPECT_TRUE(mean.fact == said.fee_means[0]);
    const auto epoch = epochs(db).value().at(0);
    EXPECT_TRUE(epoch.fact == said.epochs[0]);
    EXPECT_THAT((std::vector{block.source, price.source, mean.source, epoch.source}),
                testing::Each(source));
    EXPECT_THAT(
        (std::vector{block.fetched_at, price.fetched_at, mean.fetched_at, epoch.fetched_at}),
        testing::Each(kFetched));
    EXPECT_EQ(ask("SELECT COUNT(*) FROM facts_aside WHERE reason = 'retracted'"), "0");
}

TEST_F(Retractions, WhatStandsIsReadBackBySourceAndStart) {
    record(prices({tick(kMidnight, 1)}, "kraken"));
    record(prices({tick(kMidnight, 1)}));
    out("kraken", {kMidnight, kMidnight + kDay});
    out("coinbase", {kMidnight + kDay, kMidnight + 2 * kDay}, kNow + kHour);
    out("coinbase", {kMidnight, kMidnight + kHour});

    const auto standing = retractions(db).value();

    ASSERT_EQ(standing.size(), 3U);
    EXPECT_EQ(standing[0].source, "coinbase");
    EXPECT_EQ(standing[0].range, (Range{kMidnight, kMidnight + kHour}));
    EXPECT_EQ(standing[0].retracted_at, kNow);
    EXPECT_EQ(standing[1].range, (Range{kMidnight + kDay, kMidnight + 2 * kDay}));
    EXPECT_EQ(standing[1].retracted_at, kNow + kHour);
    EXPECT_EQ(standing[2].source, "kraken");
}

TEST_F(Retractions, ARangeHoldsItsStartAndNotItsEndBeforeAndAfterTheFactComes) {
    const Range range{kMidnight, kMidnight + kHour};
    const Price before = tick(kMidnight - seconds{1}, 1);
    const Price first = tick(kMidnight, 2);
    const Price last = tick(kMidnight + kHour - seconds{1}, 3);
    const Price after = tick(kMidnight + kHour, 4);
    record(prices({before, first, last, after}));
    EXPECT_EQ(out("coinbase", range).revised, 2);
    EXPECT_THAT(price_times(), ElementsAre(before.time, after.time));

    const Recorded again = record(prices({before, first, last, after}));
    EXPECT_EQ(again.unchanged, 4) << "two are known, two are kept aside";
    EXPECT_THAT(price_times(), ElementsAre(before.time, after.time));

    EXPECT_EQ(back("coinbase", {kMidnight, last.time}).added, 1) << "the end is not in it";
    EXPECT_THAT(price_times(), ElementsAre(before.time, first.time, after.time));
    EXPECT_EQ(retractions(db)->at(0).range, (Range{last.time, kMidnight + kHour}));
    EXPECT_EQ(retractions(db)->at(0).retracted_at, kNow) << "what is left stands since then";
}

TEST_F(Retractions, WhatTheSourceSaysMeanwhileIsKeptAsideOfEveryKind) {
    record(prices({tick(kMidnight - kDay, 1)}, "mempool"));
    out("mempool", kAll);
    const FactBatch said = one_of_each();

    EXPECT_EQ(record(said).unchanged, 4);
    EXPECT_EQ(count("blocks") + count("prices") + count("fee_means") + count("epochs"), 0);
    EXPECT_EQ(back("mempool", kAll).added, 5);
}

TEST_F(Retractions, OthersAreHeardAsEver) {
    record(prices({tick(kMidnight, 1)}));
    out("coinbase", kAll);
    EXPECT_EQ(record(prices({tick(kMidnight, 1)}, "kraken")).added, 1);
}

TEST_F(Retractions, AnUnknownSourceAnEmptyRangeAndNothingToUndoAreRefused) {
    EXPECT_EQ(retract(db, "nobody", kAll, kNow).error().code, Errc::usage);
    EXPECT_EQ(undo_retraction(db, "nobody", kAll, kNow).error().code, Errc::usage);
    record(prices({tick(kMidnight, 1)}));
    EXPECT_EQ(retract(db, "coinbase", {kMidnight, kMidnight}, kNow).error().code, Errc::usage);
    out("coinbase", {kMidnight, kMidnight + kHour});
    for (const Range& beside :
         {Range{kMidnight - kHour, kMidnight}, Range{kMidnight + kHour, kMidnight + 2 * kHour}})
        EXPECT_EQ(undo_retraction(db, "coinbase", beside, kNow).error().code, Errc::not_found);
    EXPECT_EQ(retractions(db)->size(), 1U);
}

TEST_F(Retractions, AnEpochFallsBackOnTheBlockThatStandsThere) {
    record(blocks({block(kRetarget)}, "esplora"));
    ASSERT_TRUE(db.connection().db.exec("DELETE FROM epochs") == 1);
    FactBatch epoch = batch("mempool");
    epoch.epochs = {{kRetarget, block(kRetarget).time, kBits}};
    record(epoch);

    out("mempool", kAll);

    const auto left = epochs(db).value();
    ASSERT_EQ(left.size(), 1U);
    EXPECT_TRUE(left[0].fact == epoch.epochs[0]);
    EXPECT_EQ(left[0].source, *source_id(db, "esplora"));
    EXPECT_EQ(left[0].fetched_at, kFetched);
}

TEST_F(Retractions, AnEpochOfTheStarterHistoryComesBackUnlessThatIsRetractedToo) {
    const auto both = [&] {
        for (const char* source : {"starter", "mempool"}) {
            FactBatch epoch =
                batch(source, source == std::string("starter") ? kMidnight : kFetched);
            epoch.epochs = {{kRetarget, kMidnight, kBits}};
            if (epoch.source == "mempool") epoch.epochs[0].start_time += seconds{42};
            record(epoch);
        }
    };
    both();
    out("mempool", kAll);
    const auto left = epochs(db).value();
    ASSERT_EQ(left.size(), 1U);
    EXPECT_EQ(left[0].fact.start_time, kMidnight);
    EXPECT_EQ(left[0].source, *source_id(db, "starter"));
    EXPECT_EQ(left[0].fetched_at, kMidnight);
    EXPECT_EQ(ask("SELECT COUNT(*) FROM facts_aside WHERE reason = 'outranked'"), "0");
    EXPECT_EQ(ask("SELECT COUNT(*) FROM facts_aside WHERE reason = 'restored'"), "1");

    db = *Database::in_memory();
    both();
    out("starter", kAll);
    ASSERT_EQ(epochs(db)->size(), 1U) << "mempool's stands";
    out("mempool", kAll);
    EXPECT_EQ(epochs(db)->size(), 0U);
}

/// Of each kind one that stands and another that was refused for it.
TEST_F(Retractions, WhatIsReleasedTakesThePlaceOfWhatStoodThere) {
    Block first = block(kRetarget);
    record(blocks({first}));
    Block other = first;
    other.time += seconds{7};
    ASSERT_GE(record(blocks({other}, "esplora")).refused, 1);
    const std::int64_t id = quarantined(db, "pending", 9)->back().id;

    const auto done = release(db, id, kNow);

    ASSERT_TRUE(done) << done.error().what;
    EXPECT_TRUE(block_at(db, kRetarget).value()->fact == other);
    EXPECT_TRUE(epochs(db)->at(0).fact == (Epoch{kRetarget, other.time, kBits}));
    EXPECT_EQ(epochs(db)->at(0).source, *source_id(db, "esplora"));
    EXPECT_EQ(ask("SELECT COUNT(*) FROM facts_aside WHERE reason = 'overruled'"), "2");
    EXPECT_EQ(ask("SELECT aside_at_s FROM facts_aside LIMIT 1"),
              std::to_string(domain::unix_s(kNow)));
}

TEST_F(Retractions, AReleasedFeeMeanPriceOrEpochOverrulesItsOwnSourcesWord) {
    const FactBatch said = one_of_each();
    record(said);
    FactBatch refused = batch();
    refused.refused = {
        {"price", "because", R"({"time_s":1763251200,"span_s":3600,"price_micro_usd":7})"},
        {"fee_mean", "because",
         R"({"end_s":1763251200,"fee_window":"utc_day","fee_sat_sum":7,"blocks":8,"tip_height":9})"},
        {"epoch", "because",
         R"({"start_height":923328,"start_time_s":1763000000,"bits":386980150})"}};
    record(refused);
    const auto cases = quarantined(db, "pending", 9).value();
    for (const Quarantined& q : cases) ASSERT_TRUE(release(db, q.id, kNow));

    EXPECT_EQ(prices_between(db, kMidnight - kHour, kMidnight)->at(0).fact.price, MicroUsd{7});
    const FeeMean mean = fee_means_between(db, kMidnight - kHour, kMidnight)->at(0).fact;
    EXPECT_TRUE(mean == (FeeMean{kMidnight, FeeWindow::utc_day, Satoshi{7}, 8, 9}));
    EXPECT_EQ(epochs(db)->at(0).fact.start_time, utc(1763000000));
    EXPECT_EQ(ask("SELECT COUNT(*) FROM facts_aside WHERE reason = 'overruled'"), "3");
}

TEST_F(Retractions, WhatCannotBeAFactIsNotReleased) {
    FactBatch refused = batch();
    refused.refused = {{"body", "because", "<html>"}};
    record(refused);
    const auto done = release(db, quarantined(db, "", 1)->at(0).id, kNow);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, Errc::out_of_range);
    EXPECT_EQ(quarantined(db, "", 1)->at(0).state, "pending");
}

}  // namespace
}  // namespace hashprice::storage
