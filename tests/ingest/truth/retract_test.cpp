#include "tests/ingest/truth/fixture.hpp"

namespace hashprice::ingest {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr Range kDayOne{kMidnight, kMidnight + domain::kDay};
constexpr Range kAll{utc(1), kNow};

/// Two days of hours from three exchanges, coinbase's somewhat higher; `left_out` names a source
/// and range that never spoke.
void fill(House& house, const std::string& left_out = "", const Range& range = {}) {
    const auto silent = [&](const std::string& source, UtcSeconds second) {
        return source == left_out && second >= range.from && second < range.to;
    };
    FactBatch chain{.source = "mempool", .fetched_at = kNow};
    for (const Block& b : blocks(kHeight - 200, kHeight + 288)) {
        if (!silent("mempool", b.time)) chain.blocks.push_back(b);
    }
    house.take(chain);
    for (const auto& [source, usd] :
         {std::pair("coinbase", 95'600.0), {"kraken", 95'500.0}, {"bitstamp", 95'400.0}}) {
        std::vector<Price> closes;
        for (int hour = 1; hour <= 48; ++hour) {
            const UtcSeconds end = kMidnight + hour * domain::kHour;
            if (!silent(source, end - seconds{1})) closes.push_back(hour_close(end, usd + hour));
        }
        house.take_prices(closes, source);
    }
}

TEST(Retract, TheSeriesIsAsIfTheSourceHadNeverSpokenOfTheRange) {
    for (const auto& [source, range] : {std::pair("coinbase", kDayOne),
                                        {"coinbase", kAll},
                                        {"mempool", kDayOne},
                                        {"mempool", kAll},
                                        {"kraken", Range{kMidnight + 5 * domain::kHour, kNow}}}) {
        SCOPED_TRACE(source);
        House house;
        House without;
        fill(house);
        fill(without, source, range);
        ASSERT_NE(house.observations(), without.observations());

        const Taken taken = house.retract(source, range);

        EXPECT_GT(taken.recorded.revised, 0);
        EXPECT_EQ(house.observations(), without.observations());
        EXPECT_EQ(house.hours(), without.hours());
    }
}

TEST(Retract, UndoneItIsAsIfNothingHadHappenedAndSupersededValuesAreKept) {
    for (const char* source : {"coinbase", "mempool"}) {
        SCOPED_TRACE(source);
        House house;
        fill(house);
        const auto before = house.observations();
        const auto bars = house.hours();
        const UtcSeconds noon = kMidnight + 12 * domain::kHour;

        house.retract(source, kDayOne);
        house.undo(source, kDayOne);

        EXPECT_EQ(house.observations(), before);
        EXPECT_EQ(house.hours(), bars);
        EXPECT_FALSE(storage::superseded_values(house.db, noon)->empty());
        EXPECT_THAT(*storage::retractions(house.db), IsEmpty());
    }
}

TEST(Retract, WhatTheSourceSaysAgainStaysOutOfUseAndAnotherSourceIsHeard) {
    House house;
    fill(house);
    house.retract("coinbase", kDayOne);
    const auto retracted = house.observations();
    const UtcSeconds one = kMidnight + domain::kHour;

    const Taken same = house.take_prices({hour_close(one, 95'601.0)});
    const Taken other = house.take_prices({hour_close(one, 99'999.0)});
    const auto after = house.observations();
    house.take_prices({hour_close(one, 95'600.0)}, "gemini");

    EXPECT_EQ(same.recorded.unchanged, 1);
    EXPECT_EQ(other.recorded.unchanged, 1);
    EXPECT_EQ(after, retracted);
    house.take_prices({hour_close(one, 95'000.0)}, "kraken");
    EXPECT_NE(house.observations(), retracted) << "kraken corrected itself";
}

TEST(Retract, ARangeTakesInTheCloseOfItsLastDayAndNotThatOfTheDayBefore) {
    House house;
    const Price before{kMidnight, domain::kDay, MicroUsd{95'000'000'000}};
    const Price within{kMidnight + domain::kDay, domain::kDay, MicroUsd{96'000'000'000}};
    house.take_prices({before, within, tick(kMidnight, 95'001), tick(kDayOne.to, 96'001)});

    house.retract("coinbase", kDayOne);

    std::vector<Price> left;
    const auto stored = *storage::prices_between(house.db, utc(0), kNow);
    left.reserve(stored.size());
    for (const auto& p : stored) left.push_back(p.fact);
    EXPECT_THAT(left, ElementsAre(before, tick(kDayOne.to, 96'001)));
}

TEST(Retract, AnEpochFallsBackOnTheStarterHistoryAndComesForwardAgain) {
    constexpr std::int64_t kStart = 923328;  // 458 * 2016
    const domain::Epoch shipped{kStart, kMidnight, kBits};
    const domain::Epoch fetched{kStart, kMidnight + seconds{42}, kBits};
    House house;
    for (const auto& [source, epoch] : {std::pair("starter", shipped), {"mempool", fetched}}) {
        FactBatch batch{.source = source, .fetched_at = kNow};
        batch.epochs.push_back(epoch);
        house.take(batch);
    }

    house.retract("mempool", kDayOne);
    ASSERT_EQ(storage::epochs(house.db)->size(), 1U);
    EXPECT_EQ(storage::epochs(house.db)->front().fact, shipped);

    house.undo("mempool", kDayOne);
    ASSERT_EQ(storage::epochs(house.db)->size(), 1U);
    EXPECT_EQ(storage::epochs(house.db)->front().fact, fetched);
}

TEST(Retract, UndoingTheMiddleLeavesBothEndsRetracted) {
    House house;
    fill(house);
    house.retract("coinbase", kDayOne);
    const Range middle{kMidnight + 6 * domain::kHour, kMidnight + 7 * domain::kHour};

    house.undo("coinbase", middle);

    const auto standing = *storage::retractions(house.db);
    ASSERT_EQ(standing.size(), 2U);
    EXPECT_EQ(standing[0].range, (Range{kDayOne.from, middle.from}));
    EXPECT_EQ(standing[1].range, (Range{middle.to, kDayOne.to}));
    std::vector<UtcSeconds> ends;
    const auto stored = *storage::prices_between(house.db, kDayOne.from, kDayOne.to);
    for (const auto& p : stored) {
        if (p.source == house.source("coinbase")) ends.push_back(p.fact.time);
    }
    EXPECT_THAT(ends, ElementsAre(middle.to)) << "the hour's close is known at its end";
}

TEST(Retract, WhoNeverSpokeAndWhatIsNotRetractedAreRefusedByName) {
    House house;
    const auto unknown = storage::retract(house.db, "nobody", kDayOne, kNow);
    ASSERT_FALSE(unknown);
    EXPECT_EQ(unknown.error().code, domain::Errc::usage);
    EXPECT_THAT(unknown.error().what, ::testing::HasSubstr("nobody"));
    const auto nothing = storage::undo_retraction(house.db, "coinbase", kDayOne, kNow);
    ASSERT_FALSE(nothing);
    EXPECT_EQ(nothing.error().code, domain::Errc::not_found);
}

}  // namespace
}  // namespace hashprice::ingest
