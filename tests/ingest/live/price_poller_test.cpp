#include "ingest/live/price_poller.hpp"

#include <gmock/gmock.h>

#include "tests/ingest/live/rehearsal.hpp"
#include "tests/ingest/live/stage.hpp"

namespace hashprice::ingest {
namespace {

using domain::Errc;
using domain::kMinute;
using fake::Fault;
using fake::FaultKind;
using namespace std::chrono_literals;

class PricePolling : public Stage {
protected:
    ScriptedPrice kraken;
    PricePoller poller{kraken, std::make_unique<NoTransport>(), pace_before(0, 1, 60s, 300s), 0ms,
                       around()};
};

TEST_F(PricePolling, FailuresStretchTheDelayAndSuccessResetsIt) {
    std::vector<milliseconds> waits;
    kraken.error = domain::Error{Errc::network, "kraken: connection refused"};
    for (int n = 0; n < 40; ++n) {
        waits.push_back(poller.round({}));
        clock.advance(waits.back());
    }

    for (std::size_t n = 0; n < waits.size(); ++n) {
        SCOPED_TRACE(n);
        EXPECT_LE(waits[n],
                  std::min<milliseconds>(1s * (1LL << std::min<std::size_t>(n, 20)), 5min));
    }
    EXPECT_LE(waits[0] + waits[1] + waits[2], 7s) << "a hiccup is over at once";
    EXPECT_GE(*std::max_element(waits.begin() + 10, waits.end()), 60s)
        << "30 draws from 0 to 300 s: all below 60 s has a chance of 1e-21";

    kraken.error.reset();
    EXPECT_LE(poller.round({}), 81s) << "the next turn, a quarter late at most";
    EXPECT_TRUE(changes.back().up);
    kraken.error = domain::Error{Errc::network, "kraken: connection refused"};
    EXPECT_LE(poller.round({}), 1s) << "as after a first failure";
}

TEST_F(PricePolling, AnOutageIsSaidOnceAndSoIsItsEnd) {
    play(poller, 5min);
    kraken.error = domain::Error{Errc::timeout, "kraken: no answer within 10 s"};
    play(poller, 2h);
    kraken.error.reset();
    play(poller, 1h);

    ASSERT_EQ(changes.size(), 2U);
    EXPECT_FALSE(changes[0].up);
    EXPECT_EQ(changes[0].name, "kraken");
    EXPECT_EQ(changes[0].what, "kraken: no answer within 10 s");
    EXPECT_TRUE(changes[1].up);
    EXPECT_GE(changes[1].lasted, 2h - 1min);
    EXPECT_LE(changes[1].lasted, 2h + 6min);
}

TEST_F(PricePolling, HowTheSourceIsIsRecordedWithTheAttemptAndAgainWhenThatFailed) {
    std::vector<std::string> recorded;
    bool disk_full = false;
    notices.record = [&](storage::Database&, const Change& change) -> domain::Status {
        if (disk_full) return domain::fail(Errc::database, "full");
        recorded.push_back(change.name + (change.up ? " up" : " down"));
        return {};
    };
    play(poller, 5min);
    EXPECT_EQ(recorded, std::vector<std::string>{"kraken up"});  // the first success of a run

    kraken.error = domain::Error{Errc::timeout, "kraken: no answer within 10 s"};
    disk_full = true;
    play(poller, 30min);
    const auto attempts = [&] {
        return db([](storage::Database& d) { return storage::source_health(d); })
            ->front()
            .polls_failed;
    };
    EXPECT_EQ(recorded.size(), 1U);
    EXPECT_EQ(attempts(), 1);  // that which began the outage was written before it was one
    disk_full = false;
    play(poller, 30min);
    EXPECT_EQ(recorded, (std::vector<std::string>{"kraken up", "kraken down"}));
    kraken.error.reset();
    play(poller, 30min);
    EXPECT_EQ(recorded, (std::vector<std::string>{"kraken up", "kraken down", "kraken up"}));
}

TEST_F(PricePolling, EveryAttemptIsInTheLog) {
    play(poller, 1h);
    kraken.error = domain::Error{Errc::timeout, "kraken: no answer within 10 s"};
    poller.round({});

    const auto health =
        db([](storage::Database& d) { return storage::source_health(d); }).value().front();
    EXPECT_GE(health.polls_ok, 59);
    EXPECT_LE(health.polls_ok, 61);
    EXPECT_EQ(health.polls_failed, 1);
    EXPECT_EQ(health.last_error, "kraken: no answer within 10 s");
}

TEST_F(PricePolling, EveryAttemptIsToldWithWhatCameOfIt) {
    std::vector<std::string> told;
    notices.asked = [&](const storage::Poll& poll) {
        told.push_back(poll.source + " " + poll.outcome);
        EXPECT_GE(poll.duration_ms, 0);
    };

    clock.advance(poller.round({}));
    kraken.error = domain::Error{Errc::timeout, "kraken: no answer within 10 s"};
    clock.advance(poller.round({}));
    kraken.error = domain::Error{Errc::bad_payload, "kraken: c[0] is no number"};
    clock.advance(poller.round({}));

    EXPECT_THAT(told, testing::ElementsAre("kraken ok", "kraken timeout", "kraken bad_payload"));
}

TEST_F(PricePolling, AStoppedRequestIsNoFailure) {
    kraken.error = domain::Error{Errc::stopped, "stopped"};
    notices.asked = [](const storage::Poll& poll) { ADD_FAILURE() << poll.outcome; };

    for (int n = 0; n < 5; ++n) poller.round({});

    EXPECT_TRUE(changes.empty());
    EXPECT_TRUE(db([](storage::Database& d) { return storage::source_health(d); }).value().empty());
}

// --- against real HTTP ---------------------------------------------------------------------------

TEST(PricePollers, RetryAfterIsRespected) {
    Rehearsal r;
    r.play_for(5min);
    r.upstream.order(
        {.prefix = "/kraken", .kind = FaultKind::status, .amount = 429, .retry_after = "900"});
    r.play_for(2min);
    const auto asked = r.upstream.requests("/kraken");
    r.upstream.heal();

    r.play_for(12min);
    EXPECT_EQ(r.upstream.requests("/kraken"), asked) << "900 s are not over";
    r.play_for(4min);
    EXPECT_GT(r.upstream.requests("/kraken"), asked);
}

TEST(PricePollers, ABanIsRespectedWithoutBeingTold) {
    Rehearsal r;
    r.play_for(5min);
    r.upstream.order({.prefix = "/gemini", .kind = FaultKind::status, .amount = 403});
    r.play_for(61min);

    // one at the start, then after ten minutes and after twenty; the next is due after forty more
    EXPECT_EQ(r.health("gemini").polls_failed, 3);
}

TEST(PricePollers, WhatCannotBeReadGoesToQuarantineAndPollingGoesOn) {
    Rehearsal r;
    r.play_for(5min);
    const auto before = r.health("kraken").polls_ok;
    r.upstream.order({.prefix = "/kraken", .kind = FaultKind::not_a_number, .times = 3});
    r.play_for(10min);

    EXPECT_EQ(r.health("kraken").polls_failed, 3);
    EXPECT_GE(r.health("kraken").quarantined, 1);
    EXPECT_GE(r.health("kraken").polls_ok, before + 8);
}

TEST(PricePollers, AFrozenFeedIsSaidOnceCountsNoLongerAndIsAskedOn) {
    Rehearsal r;
    r.play_for(20min);
    const auto all = r.observations(r.clock.now() - kMinute * 2, r.clock.now()).back();
    r.upstream.order({.prefix = "/coinbase", .kind = FaultKind::frozen});
    r.play_for(10min);
    const auto without = r.observations(r.clock.now() - kMinute * 2, r.clock.now()).back();

    EXPECT_EQ(std::popcount(all.price_sources), 4);
    EXPECT_EQ(std::popcount(without.price_sources), 3);
    ASSERT_EQ(r.changes.size(), 1U);
    EXPECT_FALSE(r.changes[0].up);
    EXPECT_THAT(r.changes[0].what, testing::HasSubstr("its newest price is"));
    r.upstream.heal();
    r.play_for(2min);
    EXPECT_EQ(r.changes.size(), 2U) << "asked every minute all the while";
    EXPECT_TRUE(r.changes.back().up);
}

TEST(PricePollers, OnlyTheExchangesOfTheIndexAreAsked) {
    Rehearsal r({.exchanges = {"coinbase", "bitstamp"}, .chain = {"mempool"}});

    r.play_for(10min);

    EXPECT_EQ(r.upstream.requests("/mempool/api/v1/prices"), 0U);
    EXPECT_EQ(r.upstream.requests("/kraken"), 0U);
    EXPECT_GE(r.upstream.requests("/bitstamp"), 9U);
    EXPECT_LE(r.upstream.requests("/bitstamp"), 12U);
}

TEST(PricePollers, WithoutANetworkEachSourceIsNamedOnce) {
    Rehearsal r;
    r.upstream.order({.prefix = "/", .kind = FaultKind::close});

    r.play_for(2h);

    std::vector<std::string> names;
    for (const Change& change : r.changes) {
        EXPECT_FALSE(change.up);
        names.push_back(change.name);
    }
    EXPECT_THAT(names, testing::UnorderedElementsAre("mempool", "esplora", "coinbase", "kraken",
                                                     "bitstamp", "gemini"));
    EXPECT_LE(r.upstream.requests(), 6U * 70U) << "less and less often: some 33 tries an hour each";
}

}  // namespace
}  // namespace hashprice::ingest
