#include "ingest/live/pace.hpp"

#include <gtest/gtest.h>

#include "ingest/live/outage.hpp"
#include "tests/ingest/live/scripted.hpp"

namespace hashprice::ingest {
namespace {

using namespace std::chrono_literals;

TEST(Pace, TurnsComeOnceAnIntervalAndNeverOnTheGrid) {
    std::mt19937_64 random(7);
    for (const auto interval : {10s, 60s, 300s, 3600s}) {
        for (int n = 0; n < 4; ++n) {
            SCOPED_TRACE(interval.count());
            const Pace pace = pace_before(n, 4, interval, 300s);
            milliseconds uptime = 0ms;
            for (int turn = 0; turn < 200; ++turn) {
                const auto wait =
                    until_turn(pace, UtcSeconds{std::chrono::floor<seconds>(uptime)}, random);
                EXPECT_GT(wait, 0ms);
                EXPECT_LE(wait, interval * 2);
                uptime += wait;
                const auto phase = uptime % milliseconds{interval};
                EXPECT_GT(phase, 0ms);
                EXPECT_GE(phase, interval - std::min<seconds>(interval, 300s));
            }
            EXPECT_NEAR(static_cast<double>(uptime / interval), 200.0, 2.0);
        }
    }
}

TEST(Pace, APriceIsYoungEnoughAtTheGridsNextInstant) {
    // asked for once an hour, it must be asked for in the last minutes of the hour
    const Pace pace = pace_before(0, 4, 3600s, 300s);

    EXPECT_GE(pace.offset, 3600s - 300s);
    EXPECT_LT(pace.offset + pace.jitter, 3600s);
}

TEST(Pace, WhatIsStampedWithTheInstantIsAskedBeforeItIsDerived) {
    for (const auto interval : {60s, 300s, 3600s}) {
        for (int n = 0; n < 4; ++n) {
            const Pace pace = pace_after(n, 4, interval);
            EXPECT_GE(pace.offset, 1s);
            EXPECT_LE(pace.offset + pace.jitter, grid_lag(interval) - 3s) << "time for an answer";
        }
    }
}

TEST(Pace, SourcesAreSpread) {
    EXPECT_LT(pace_before(0, 4, 60s, 300s).offset + 5s, pace_before(1, 4, 60s, 300s).offset);
    EXPECT_LT(pace_before(2, 4, 60s, 300s).offset + 5s, pace_before(3, 4, 60s, 300s).offset);
}

TEST(Pace, TheGridDerivesTenSecondsLater) {
    EXPECT_EQ(grid_lag(60s), 10s);
    EXPECT_EQ(grid_lag(3600s), 10s);
    EXPECT_EQ(grid_lag(1s), 1s) << "a grid of seconds cannot wait ten of them";
}

TEST(CoolDown, IsWhatTheAnswerAsksForOrWhatItsStatusMeans) {
    NoTransport http;
    struct Case {
        const char* given;
        int status;
        std::optional<seconds> asked;
        seconds expected;
    };
    for (const Case& c :
         {Case{"trouble", 503, std::nullopt, 0s}, Case{"trouble, told when", 503, 120s, 120s},
          Case{"asked too often", 429, std::nullopt, 60s}, Case{"told when", 429, 5s, 60s},
          Case{"told later", 429, 3600s, 3600s}, Case{"banned", 418, std::nullopt, 600s},
          Case{"forbidden", 403, std::nullopt, 600s}}) {
        SCOPED_TRACE(c.given);
        Visit visit{.http = http, .now = {}, .stop = {}};
        visit.status = c.status;
        visit.retry_after = c.asked;
        EXPECT_EQ(cool_down(visit), c.expected);
    }
}

TEST(Outages, TheFirstTryCountsAtOnce) {
    Outage outage;

    EXPECT_TRUE(outage.failed(1s));
    EXPECT_FALSE(outage.failed(2s));
    EXPECT_EQ(outage.worked(61s), 60s);
    EXPECT_FALSE(outage.worked(62s));
}

TEST(Outages, LaterASingleFailureIsAHiccup) {
    Outage outage;
    outage.worked(0s);

    EXPECT_FALSE(outage.failed(1s));
    EXPECT_FALSE(outage.worked(2s));
    EXPECT_FALSE(outage.failed(3s));
    EXPECT_TRUE(outage.failed(4s));
    EXPECT_FALSE(outage.failed(5s));
    EXPECT_EQ(outage.worked(13s), 10s);
}

}  // namespace
}  // namespace hashprice::ingest
