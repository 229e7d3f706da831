#include "ingest/live/breaker.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "ingest/live/pace.hpp"

namespace hashprice::ingest {
namespace {

using namespace std::chrono_literals;
using State = Breaker::State;

constexpr BreakerPlan kPlan{
    .patience = 3, .hiccup = {1s, 30s}, .first_rest = 30s, .longest_rest = 4min, .longest_ban = 1h};

class Breakers : public testing::Test {
protected:
    void fail(const Setback& setback = {}) { breaker.failed(now, setback, random); }
    /// Until it may be asked again.
    milliseconds rest() {
        const milliseconds wait = breaker.wait(now);
        now += wait;
        return wait;
    }
    std::mt19937_64 random{7};
    Breaker breaker{kPlan};
    milliseconds now{1h};
};

TEST_F(Breakers, OneThatWorksIsAskedAtOnce) {
    EXPECT_EQ(breaker.state(now), State::closed);
    EXPECT_EQ(breaker.wait(now), 0ms);
}

TEST_F(Breakers, BeforeItsPatienceIsOverASourceIsTriedAgainSoonAndNotLeft) {
    fail();
    EXPECT_EQ(breaker.state(now), State::closed);
    EXPECT_LE(rest(), 1s);
    fail();
    EXPECT_EQ(breaker.state(now), State::closed);
    EXPECT_LE(rest(), 2s);
    EXPECT_FALSE(breaker.left());
}

TEST_F(Breakers, AfterItOneIsLeftAndEachFailedProbeDoublesTheRestUpToTheLongest) {
    fail();
    fail();
    for (const milliseconds whole : {30'000ms, 60'000ms, 120'000ms, 240'000ms, 240'000ms}) {
        SCOPED_TRACE(whole.count());
        fail();
        EXPECT_EQ(breaker.state(now), State::open);
        const milliseconds waited = rest();
        EXPECT_GE(waited, whole / 2);
        EXPECT_LE(waited, whole);
        EXPECT_EQ(breaker.state(now), State::half_open) << "one probe decides";
    }
}

TEST_F(Breakers, TheRestIsSpreadSoThatNotAllComeBackTogether) {
    std::vector<milliseconds> rests;
    for (int n = 0; n < 20; ++n) {
        Breaker one(kPlan);
        for (int failures = 0; failures < 3; ++failures) one.failed(now, {}, random);
        rests.push_back(one.wait(now));
    }
    const auto [least, most] = std::ranges::minmax(rests);
    EXPECT_GT(most - least, 5s);
}

TEST_F(Breakers, ASuccessClosesItAndForgetsWhatWas) {
    for (int n = 0; n < 5; ++n) fail();
    rest();
    breaker.worked();
    EXPECT_EQ(breaker.state(now), State::closed);
    fail();
    EXPECT_EQ(breaker.state(now), State::closed) << "patience begins anew";
    EXPECT_LE(breaker.wait(now), 1s);
}

TEST_F(Breakers, ABanLeavesItAtOnceAndDoublesWithEachFurtherOne) {
    for (const milliseconds least : {600'000ms, 1'200'000ms, 2'400'000ms, 3'600'000ms}) {
        SCOPED_TRACE(least.count());
        fail({.ban = 10min, .asked = {}});
        EXPECT_EQ(breaker.state(now), State::open);
        EXPECT_EQ(rest(), least) << "an hour at the longest";
    }
    fail();
    EXPECT_LE(rest(), 4min) << "another failure is no ban";
}

TEST_F(Breakers, RetryAfterIsKeptToHoweverLong) {
    fail({.ban = {}, .asked = 7min});
    EXPECT_EQ(rest(), 7min);
    fail({.ban = 1min, .asked = 48h});
    EXPECT_EQ(rest(), 48h) << "longer than any ban of our own";
    fail({.ban = 10min, .asked = 1s});
    EXPECT_EQ(rest(), 20min) << "the second ban in a row outlasts it";
}

}  // namespace
}  // namespace hashprice::ingest
