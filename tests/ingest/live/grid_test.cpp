#include <cmath>
#include <filesystem>

#include "ingest/live/grid_ticker.hpp"
#include "storage/observations.hpp"
#include "tests/ingest/live/rehearsal.hpp"
#include "tests/ingest/live/stage.hpp"
#include "tests/support/process.hpp"

namespace hashprice::ingest {
namespace {

using domain::kHour;
using domain::kMinute;
using domain::UtcSeconds;
using fake::FaultKind;
using namespace std::chrono_literals;

constexpr UtcSeconds kMidnight = domain::utc(1'763'251'200);  // 2025-11-16T00:00:00Z

TEST(Grid, TheDaysCloseIsTheGoldenOne) {
    Rehearsal r({.start = kMidnight - 10min});

    r.play_until(kMidnight + 10s);

    // METHOD, golden observations: end of 2025-11-15
    const auto close = r.observations(kMidnight - 1s, kMidnight);
    ASSERT_EQ(close.size(), 1U);
    EXPECT_EQ(close[0].height, 923'800);
    EXPECT_NEAR(close[0].fee_sat_mean(), 1'806'451.2639, 1e-4);
    EXPECT_NEAR(close[0].sat_per_ph_day, 39.676822 / 95'555.28 * 1e8, 1e-2);
    EXPECT_NEAR(close[0].usd_per_ph_day, 39.676822, 0.05) << "prices of the minute before";
    EXPECT_EQ(close[0].flags, 0U);
}

TEST(Grid, AnInstantIsDerivedTenSecondsLaterAndNotOnArrival) {
    Rehearsal r({.start = kMidnight - 10min});
    r.play_until(kMidnight - 5min);

    for (UtcSeconds t = kMidnight - 4min; t < kMidnight; t += 1min) {
        SCOPED_TRACE(domain::format_time(t));
        r.play_until(t + 9s);
        EXPECT_TRUE(r.observations(t - 1s, t + 1h).empty());
        r.play_until(t + 10s);
        EXPECT_EQ(r.observations(t - 1s, t + 1h).size(), 1U);
    }
}

TEST(Grid, ALateFactRevisesAndTheOldValueIsKept) {
    Rehearsal r({.start = kMidnight - 2h});
    r.play_for(5min);
    r.upstream.order({.prefix = "/mempool", .kind = FaultKind::status, .amount = 503});
    r.upstream.order({.prefix = "/esplora", .kind = FaultKind::status, .amount = 503});
    const std::int64_t known = r.stored_tip();
    r.play_until(kMidnight - 1h);
    const auto before = r.observations(kMidnight - 1h - 2min, kMidnight - 1h).back();
    ASSERT_EQ(before.height, known);

    r.upstream.heal();
    r.play_for(10min);

    const auto after = r.observations(before.time - 1s, before.time).at(0);
    const auto old = r.db([&](storage::Database& db) {
                          return storage::superseded_values(db, before.time);
                      }).value();
    EXPECT_GT(after.height, known);
    ASSERT_FALSE(old.empty());
    EXPECT_EQ(old.back().observation, before);
    EXPECT_EQ(r.db([&](storage::Database& db) {
                   return storage::observations_as_of(db, {before.time - 1s, before.time},
                                                      kMidnight - 1h + 1s);
               })
                  .value()
                  .at(0)
                  .observation,
              before)
        << "as it was known then";
}

TEST(Grid, WithoutLateFactsNothingIsRevised) {
    // blocks 923799 and 923800 were found at 23:40:38 and 23:53:49: none comes in between
    Rehearsal r({.start = kMidnight - 19min});
    r.play_for(5min);
    const auto superseded = [&] {
        return r.db([](storage::Database& d) { return storage::counts(d); })->superseded;
    };
    const auto before = superseded();
    const auto tip = r.stored_tip();

    r.play_for(7min);

    ASSERT_EQ(tip, 923'799);
    ASSERT_EQ(r.stored_tip(), tip);
    EXPECT_EQ(superseded(), before);
}

TEST(Grid, NothingIsDerivedAheadOfTime) {
    Rehearsal r({.start = kMidnight - 10min});
    for (UtcSeconds t = kMidnight - 9min; t < kMidnight; t += 7s) {
        r.play_until(t);
        EXPECT_TRUE(r.observations(r.clock.now() - 10s, r.clock.now() + 24h).empty());
    }
}

TEST(Grid, WhatARestartLeftUnderivedIsMadeUpFor) {
    const test::TempDir dir;
    Rehearsal r({.start = kMidnight - 2h, .database = (dir.path() / "hashprice.db").string()});
    r.play_until(kMidnight - 1h + 5s);  // the instant of 23:00 is not yet derived
    ASSERT_TRUE(r.observations(kMidnight - 1h - 1s, kMidnight).empty());

    r.clock.advance(3h);
    r.restart();
    r.play_for(2min);

    const auto made_up = r.observations(kMidnight - 1h - 1s, kMidnight - 1h + 10min);
    EXPECT_GE(made_up.size(), 4U) << "as long as the last prices were young enough";
    EXPECT_EQ(made_up.front().time, kMidnight - 1h);
}

class GridTicking : public Stage {};

TEST_F(GridTicking, ItWakesTenSecondsAfterEachInstant) {
    GridTicker ticker(*writer, clock, 0s);
    clock.advance(17s);

    for (int n = 0; n < 5; ++n) {
        clock.advance(ticker.round({}));
        EXPECT_EQ(clock.now().time_since_epoch() % kMinute, 10s);
    }
}

TEST_F(GridTicking, OldOutcomesAreForgottenOnceADay) {
    const auto log = [&] {
        db([&](storage::Database& d) {
            return storage::log_poll(d, {.source = "kraken", .started_at = clock.now()});
        });
    };
    const auto logged = [&] {
        return db([](storage::Database& d) { return storage::source_health(d); })
            .value()
            .at(0)
            .polls_ok;
    };
    GridTicker ticker(*writer, clock, 90 * domain::kDay);
    for (int day = 0; day < 100; ++day) {
        log();
        ticker.round({});
        clock.advance(24h);
    }

    EXPECT_EQ(logged(), 91);
}

TEST_F(GridTicking, AClockThatIsSetBackDerivesNothingAhead) {
    const UtcSeconds now = clock.now();
    ASSERT_TRUE(writer->advance(now));
    ASSERT_TRUE(writer->advance(now - 1h));
    domain::FactBatch batch;
    batch.source = "kraken";
    batch.prices.push_back({now - 30min, 0s, domain::MicroUsd{95'000'000'000}});

    const auto taken = writer->take({.batch = batch, .branch = {}, .poll = {.source = "kraken"}});

    ASSERT_TRUE(taken);
    EXPECT_EQ(taken->derived.changed, 0);
}

}  // namespace
}  // namespace hashprice::ingest
