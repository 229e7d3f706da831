#include <gtest/gtest.h>

#include <algorithm>

#include "ingest/transport/backoff.hpp"
#include "ingest/transport/budget.hpp"
#include "ingest/transport/retry_after.hpp"
#include "ingest/transport/url.hpp"
#include "tests/support/sim_clock.hpp"

namespace hashprice::ingest {
namespace {

using fake::SimClock;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

/// When a greedy client's requests go out over ten minutes.
std::vector<milliseconds> greedy(Budget& budget, SimClock& clock) {
    std::vector<milliseconds> sent;
    while (clock.uptime() < 10min) {
        EXPECT_TRUE(budget.take({}));
        sent.push_back(clock.uptime());
    }
    return sent;
}

std::size_t most_in_a_minute(const std::vector<milliseconds>& sent) {
    std::size_t most = 0;
    for (std::size_t first = 0; first < sent.size(); ++first) {
        const auto end = std::ranges::lower_bound(sent, sent[first] + 60s);
        most = std::max(most, static_cast<std::size_t>(end - sent.begin()) - first);
    }
    return most;
}

TEST(Budget, NoMinuteSeesMoreThanAllowed) {
    for (const double per_minute : {1.0, 6.0, 30.0, 60.0, 100.0, 600.0}) {
        SCOPED_TRACE(per_minute);
        SimClock clock;
        clock.advance(5min);  // a pause in which others would save up
        Budget budget(per_minute, clock);
        clock.advance(5min);

        const auto sent = greedy(budget, clock);

        EXPECT_LE(most_in_a_minute(sent), static_cast<std::size_t>(per_minute));
    }
}

TEST(Budget, AGreedyClientGetsNearlyAllOfIt) {
    SimClock clock;
    Budget budget(30, clock);

    const auto sent = greedy(budget, clock);

    EXPECT_GE(sent.size(), 270U);  // 300 in ten minutes, less a tenth kept for bursts
}

TEST(Budget, AfterAPauseAFewMayGoAtOnceButNotAtTheStart) {
    SimClock clock;
    Budget budget(60, clock);
    ASSERT_TRUE(budget.take({}));
    EXPECT_GT(budget.wait(), 0ms);

    clock.advance(1min);
    for (int i = 0; i < 6; ++i) ASSERT_TRUE(budget.take({}));

    EXPECT_EQ(clock.naps().size(), 0U);
    EXPECT_GT(budget.wait(), 0ms);
}

TEST(Budget, WithAnotherProcessBesideItEachTakesHalf) {
    SimClock clock;
    Budget budget(60, clock);
    budget.set_share(0.5);

    EXPECT_LE(most_in_a_minute(greedy(budget, clock)), 30U);
}

TEST(Budget, APauseThatTheHostAskedForHoldsForEveryone) {
    SimClock clock;
    Budget budget(60, clock);

    budget.hold_for(90s);
    ASSERT_TRUE(budget.take({}));

    EXPECT_GE(clock.uptime(), 90s);
}

TEST(Budget, AStopEndsTheWait) {
    SimClock clock;
    Budget budget(1, clock);
    ASSERT_TRUE(budget.take({}));
    std::stop_source stop;
    stop.request_stop();

    const auto turn = budget.take(stop.get_token());

    ASSERT_FALSE(turn);
    EXPECT_EQ(turn.error().code, domain::Errc::stopped);
}

TEST(HostBudgets, SourcesOfOneHostShareTheSmallerBudget) {
    SimClock clock;
    HostBudgets budgets(clock);
    budgets.limit("https://mempool.space", 30);
    budgets.limit("https://Mempool.Space:443/api", 60);
    budgets.limit("https://mempool.space/api", 10);

    EXPECT_EQ(budgets.find("https://mempool.space/x"), budgets.find("https://mempool.space/api/y"));
    EXPECT_EQ(budgets.find("https://example.org/"), nullptr);
    EXPECT_LE(most_in_a_minute(greedy(*budgets.find("https://mempool.space/x"), clock)), 10U);
}

TEST(Backoff, TheLongestWaitDoublesUpToTheLimit) {
    const BackoffPlan plan{1s, 60s};
    std::mt19937_64 random(7);
    for (const auto& [failures, most] : std::vector<std::pair<int, milliseconds>>{
             {0, 0ms}, {1, 1s}, {2, 2s}, {3, 4s}, {7, 60s}, {1000, 60s}}) {
        SCOPED_TRACE(failures);
        milliseconds longest{};
        for (int i = 0; i < 2000; ++i) {
            longest = std::max(longest, backoff_delay(plan, failures, random));
        }
        EXPECT_LE(longest, most);
        EXPECT_GE(longest, most * 95 / 100);  // of 2000 even draws one surely comes that near
    }
}

TEST(RetryAfter, SecondsAndDatesAreUnderstood) {
    const auto now = domain::utc(784'111'777);  // RFC 9110: Sun, 06 Nov 1994 08:49:37 GMT
    EXPECT_EQ(parse_retry_after("120", now), 120s);
    EXPECT_EQ(parse_retry_after("0", now), 0s);
    EXPECT_EQ(parse_retry_after("Sun, 06 Nov 1994 08:50:37 GMT", now), 60s);
    EXPECT_EQ(parse_retry_after("Sunday, 06-Nov-94 08:50:37 GMT", now), 60s);
    EXPECT_EQ(parse_retry_after("Sun Nov  6 08:50:37 1994", now), 60s);
    EXPECT_EQ(parse_retry_after("Sun, 06 Nov 1994 08:49:00 GMT", now), 0s);
    EXPECT_EQ(parse_retry_after("99999999999999", now), 7 * 86'400s);
}

TEST(RetryAfter, AnythingElseIsIgnored) {
    for (const char* text : {"", "-5", "soon", "1.5", "12s", "99999999999999999999", "Sun"}) {
        EXPECT_EQ(parse_retry_after(text, domain::utc(0)), std::nullopt) << text;
    }
}

TEST(Url, TheHostIsWhatABudgetAndAnErrorName) {
    EXPECT_EQ(host_of("https://Api.Kraken.com/0/public?x=1"), "api.kraken.com");
    EXPECT_EQ(host_of("http://user:p@ss@127.0.0.1:8332"), "127.0.0.1:8332");
    EXPECT_EQ(host_of("not a url"), "");
    EXPECT_EQ(join_url("http://host/base//", "/path"), "http://host/base/path");
    EXPECT_EQ(url_encoded("a b:c/__cookie__"), "a%20b%3Ac%2F__cookie__");
}

}  // namespace
}  // namespace hashprice::ingest
