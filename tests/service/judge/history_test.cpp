// Which observations are closes, and which day is the newest complete one.
#include "service/judge/history.hpp"

#include "tests/service/judge/days.hpp"

namespace hashprice::service::judge {
namespace {

TEST(History, OfAnEmptyDatabaseHasNoDayAndIsStale) {
    auto db = *Database::in_memory();

    const History empty = history(db, after(3));

    EXPECT_TRUE(empty.usd.empty());
    EXPECT_FALSE(empty.through);
    EXPECT_TRUE(empty.stale());
    EXPECT_EQ(empty.complete, kFirstDay + Days{3});
}

TEST(History, ACloseIsTheObservationAsOfMidnightAndOnlyThat) {
    auto db = *Database::in_memory();
    put_closes(db, {60, NAN, 62});
    const auto evening = close_time(kFirstDay + Days{1}) - domain::kHour;
    ASSERT_TRUE(storage::in_transaction(db, [&]() -> domain::Status {
        const std::vector<Observation> one{observed(evening, 61)};
        const auto changed =
            storage::replace_observations(db, evening - seconds{1}, evening, one, evening);
        if (!changed) return tl::unexpected(changed.error());
        return storage::rebuild_bars(db, evening, evening);
    }));

    const History h = history(db, after(2));

    ASSERT_EQ(h.usd.size(), 2U);
    EXPECT_EQ(h.usd[0], (domain::DailyPoint{kFirstDay, 60}));
    EXPECT_EQ(h.usd[1], (domain::DailyPoint{kFirstDay + Days{2}, 62}));
    EXPECT_EQ(h.sat[1].value, 50'000);
    EXPECT_EQ(h.inputs[1].day, kFirstDay + Days{2});
    EXPECT_EQ(h.inputs[1].subsidy.value, 312'500'000);  // after the fourth halving
    EXPECT_EQ(h.inputs[1].fee_sat_mean, 1'000'000);
    EXPECT_EQ(h.series(domain::Denomination::btc).points[0].value, 50'000 / 1e8);
}

TEST(History, WhatIsNotYetKnownAtTheClockIsNotThere) {
    auto db = *Database::in_memory();
    put_closes(db, {60, 61, 62});

    const History h = history(db, after(1));

    EXPECT_EQ(h.usd.size(), 2U);
    EXPECT_EQ(h.through, kFirstDay + Days{1});
}

TEST(History, ANewDayIsWaitedForAMomentBeforeItCountsAsMissing) {
    auto db = *Database::in_memory();
    put_closes(db, {60, 61});
    const UtcSeconds midnight = close_time(kFirstDay + Days{2});

    EXPECT_FALSE(history(db, midnight + seconds{10}).stale());
    EXPECT_TRUE(history(db, midnight + kGrace).stale());
}

TEST(History, UpToADayKnowsNothingLater) {
    auto db = *Database::in_memory();
    put_closes(db, {60, 61, 62, 63});

    const History past = history(db, after(3)).upto(kFirstDay + Days{1});

    EXPECT_EQ(past.usd.size(), 2U);
    EXPECT_EQ(past.inputs.size(), 2U);
    EXPECT_EQ(past.through, kFirstDay + Days{1});
    EXPECT_FALSE(past.stale());
    EXPECT_FALSE(history(db, after(3)).upto(kFirstDay - Days{1}).through);
}

}  // namespace
}  // namespace hashprice::service::judge
