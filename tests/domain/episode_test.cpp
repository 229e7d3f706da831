#include "domain/episode.hpp"

#include <gtest/gtest.h>

namespace hashprice::domain {
namespace {

Day day(int n) { return Day{Days{n}}; }

Episode fell_and_rose() {
    return {.id = "r-1970-01-11",
            .rule = "r",
            .state = EpisodeState::closed,
            .severity = Severity::warning,
            .closure = Closure::recovered,
            .history = {{day(12), EpisodeState::pending, Severity::none},
                        {day(14), EpisodeState::active, Severity::notice},
                        {day(20), EpisodeState::active, Severity::warning},
                        {day(22), EpisodeState::recovering, Severity::warning},
                        {day(29), EpisodeState::closed, Severity::warning}},
            .peak = {day(10), 80},
            .trough = {day(20), 52},
            .last = {day(29), 72},
            .through = day(29),
            .observed_days = 15};
}

TEST(Episode, MeasuresItself) {
    const Episode e = fell_and_rose();
    EXPECT_DOUBLE_EQ(e.depth(), 0.35);
    EXPECT_DOUBLE_EQ(e.drawdown(), 0.1);
    EXPECT_EQ(e.days_to_trough(), Days{10});
    EXPECT_EQ(e.days_under_water(), Days{19});
    EXPECT_DOUBLE_EQ(e.coverage(), 0.75);  // 15 of the 20 days from 10 to 29
    EXPECT_FALSE(e.open());
    Episode risen = e;
    risen.last.value = 81;
    EXPECT_EQ(risen.drawdown(), 0) << "above the peak there is none";
}

TEST(Episode, KnowsWhenItCameToWhat) {
    const Episode e = fell_and_rose();
    EXPECT_EQ(e.pending_since(), day(12));
    EXPECT_EQ(e.first(EpisodeState::active), day(14));
    EXPECT_EQ(e.first(EpisodeState::closed), day(29));
    EXPECT_EQ(e.first(Severity::notice), day(14));
    EXPECT_EQ(e.first(Severity::warning), day(20));
    EXPECT_FALSE(e.first(Severity::critical));
}

TEST(Episode, IsCalledByItsRuleAndItsPeak) {
    EXPECT_EQ(episode_id("sustained-decline", day(10)), "sustained-decline-1970-01-11");
}

TEST(Episode, NamesLeadBackToWhatTheyName) {
    for (const auto s : {EpisodeState::pending, EpisodeState::active, EpisodeState::recovering,
                         EpisodeState::closed}) {
        EXPECT_EQ(parse_state(state_name(s)), s);
    }
    for (const auto s : {Severity::none, Severity::notice, Severity::warning, Severity::critical}) {
        EXPECT_EQ(parse_severity(severity_name(s)), s);
    }
    for (const auto c : {Closure::recovered, Closure::settled}) {
        EXPECT_EQ(parse_closure(closure_name(c)), c);
    }
    EXPECT_EQ(state_name(EpisodeState::recovering), "recovering");
    EXPECT_EQ(severity_name(Severity::critical), "critical");
    EXPECT_EQ(closure_name(Closure::settled), "settled");
    EXPECT_EQ(parse_state("open").error().code, Errc::usage);
    EXPECT_EQ(parse_severity("").error().code, Errc::usage);
    EXPECT_EQ(parse_closure("lost").error().code, Errc::usage);
}

TEST(Attribution, SharesAreOfTheWholeAndNoneWhereNothingChanged) {
    const Attribution a{.log_change = -0.5, .price = -0.2, .difficulty = -0.3};
    EXPECT_DOUBLE_EQ(*a.share(a.price), 0.4);
    EXPECT_DOUBLE_EQ(*a.share(a.difficulty), 0.6);
    EXPECT_NEAR(a.change(), -0.3934693, 1e-7);  // e^-0.5 = 0.6065307
    EXPECT_FALSE(Attribution{}.share(0));
}

}  // namespace
}  // namespace hashprice::domain
