// Episodes on series made by hand: each expectation follows from METHOD section 3 by counting days.
#include "trend/tracker.hpp"

#include <gtest/gtest.h>

#include "tests/trend/golden.hpp"
#include "trend/evaluate.hpp"

namespace hashprice::trend {
namespace {

using domain::Closure;
using domain::Episode;
using domain::EpisodeState;
using domain::Severity;

const domain::Rule kRule = domain::builtin_rules().front();

std::vector<Episode> episodes_of(const std::vector<double>& values) {
    return evaluate(kRule, closes(values)).episodes;
}

Day nth(int day) { return date("2030-01-01") + Days{day}; }  ///< day 0 is the first

TEST(Tracker, TwoDaysBelowArePendingTheThirdMakesItActive) {
    EXPECT_EQ(episodes_of({100, 79, 79}).at(0).state, EpisodeState::pending);
    EXPECT_EQ(episodes_of({100, 79, 79}).at(0).severity, Severity::none);
    const Episode e = episodes_of({100, 79, 79, 79}).at(0);
    EXPECT_EQ(e.state, EpisodeState::active);
    EXPECT_EQ(e.severity, Severity::notice);
    EXPECT_EQ(e.pending_since(), nth(1));
    EXPECT_EQ(e.first(EpisodeState::active), nth(3));
}

TEST(Tracker, ADayThatFallsShortDropsAPendingEpisode) {
    EXPECT_TRUE(episodes_of({100, 79, 79, 81}).empty());
    const Episode e = episodes_of({100, 79, 79, 81, 79, 79, 79}).at(0);
    EXPECT_EQ(e.first(EpisodeState::active), nth(6));
    EXPECT_EQ(e.trough.day, nth(1)) << "of equal lows the first one is the trough";
    const auto events = evaluate(kRule, closes({100, 79, 81})).events;
    ASSERT_EQ(events.size(), 2U);
    EXPECT_EQ(events[1].kind, EventKind::dropped);
    EXPECT_EQ(events[1].episode, "sustained-decline-2030-01-01");
}

TEST(Tracker, ExactlyTwentyPercentCountsWhateverTheLastBitsSay) {
    EXPECT_EQ(episodes_of({100, 80, 80, 80}).size(), 1U);  // 1 - 80.0 / 100 is below 0.2 in binary
    EXPECT_TRUE(episodes_of({100, 80.001, 80.001, 80.001}).empty());
}

TEST(Tracker, TheDepthOfADroppedStartCountsOnceTheEpisodeIsActive) {
    const Episode e = episodes_of({100, 65, 85, 79, 79, 79}).at(0);
    EXPECT_EQ(e.trough, (DailyPoint{nth(1), 65}));
    EXPECT_EQ(e.severity, Severity::warning);
}

TEST(Tracker, SeverityFollowsTheDepthAndNeverFalls) {
    const Episode e = episodes_of({100, 79, 79, 79, 70, 75, 60, 75}).at(0);
    EXPECT_EQ(e.first(Severity::notice), nth(3));
    EXPECT_EQ(e.first(Severity::warning), nth(4));
    EXPECT_EQ(e.first(Severity::critical), nth(6));
    EXPECT_EQ(e.severity, Severity::critical);
}

// from 100 to 64: a third of the log loss is regained at 64 * (100/64)^(1/3) = 74.26, half at 80
TEST(Tracker, AThirdRegainedIsRecoveringAndOnlyANewLowLeadsBack) {
    const auto start = std::vector<double>{100, 79, 79, 64};
    const auto after = [&](const std::vector<double>& more) {
        return episodes_of(joined({start, more})).at(0).state;
    };
    EXPECT_EQ(after({74.2}), EpisodeState::active);
    EXPECT_EQ(after({74.3}), EpisodeState::recovering);
    EXPECT_EQ(after({74.3, 65}), EpisodeState::recovering);
    EXPECT_EQ(after({74.3, 64}), EpisodeState::recovering);
    EXPECT_EQ(after({74.3, 63.9}), EpisodeState::active);
}

TEST(Tracker, HalfRegainedForSevenDaysCloses) {
    const auto start = std::vector<double>{100, 79, 79, 64};
    const auto open = episodes_of(joined({start, repeated(80, 6)})).at(0);
    EXPECT_EQ(open.state, EpisodeState::recovering);

    const auto closed = episodes_of(joined({start, repeated(80, 7)})).at(0);
    EXPECT_EQ(closed.state, EpisodeState::closed);
    EXPECT_EQ(closed.closure, Closure::recovered);
    EXPECT_EQ(closed.first(EpisodeState::closed), nth(10));
    EXPECT_EQ(closed.through, nth(10));

    const auto broken = joined({start, repeated(80, 6), {79.9}, repeated(80, 6)});
    EXPECT_EQ(episodes_of(broken).at(0).state, EpisodeState::recovering);
}

TEST(Tracker, SettlesWhenThePeakIsOldAndNoNewLowCame) {
    // peak on day 0, low on day 110, flat: 180 days of peak come first at day 180
    const auto flat = joined({{100}, repeated(70, 109), repeated(69, 200)});
    const Episode old_peak = episodes_of(flat).at(0);
    EXPECT_EQ(old_peak.closure, Closure::settled);
    EXPECT_EQ(old_peak.through, nth(180));

    // low on day 150: 60 days without a new one come first at day 210
    const auto late = joined({{100}, repeated(70, 149), repeated(69, 200)});
    EXPECT_EQ(episodes_of(late).at(0).through, nth(210));
}

TEST(Tracker, TheNextPeakIsSearchedFromTheClosingDayOn) {
    const auto v = joined({{100, 79, 79, 64}, repeated(80, 7), {70, 70, 70}});
    EXPECT_EQ(episodes_of(v).size(), 1U) << "70 is 30 % below 100 but 12.5 % below 80";
    const auto deeper = joined({{100, 79, 79, 64}, repeated(80, 7), {64, 64, 64}});
    const auto two = episodes_of(deeper);
    ASSERT_EQ(two.size(), 2U);
    EXPECT_EQ(two[1].peak, (DailyPoint{nth(10), 80}));
}

TEST(Tracker, APeakOlderThanTheWindowOpensNothing) {
    // the fall comes when the peak is 179 days old, and when it is 180
    EXPECT_EQ(episodes_of(joined({{100}, repeated(85, 178), {79}})).size(), 1U);
    EXPECT_EQ(episodes_of(joined({{100}, repeated(85, 179), {79}})).size(), 0U);
}

TEST(Tracker, OfEqualPeaksTheLastOneCounts) {
    EXPECT_EQ(episodes_of({100, 90, 100, 79, 79, 79}).at(0).peak.day, nth(2));
}

TEST(Tracker, AMissingDayNeitherCountsNorBreaksAHold) {
    EXPECT_EQ(episodes_of({100, 79, NAN, 79}).at(0).state, EpisodeState::pending);
    const Episode e = episodes_of({100, 79, NAN, 79, NAN, NAN, 79}).at(0);
    EXPECT_EQ(e.first(EpisodeState::active), nth(6));
    EXPECT_EQ(e.observed_days, 4);
    EXPECT_DOUBLE_EQ(e.coverage(), 4.0 / 7.0);

    const auto gap =
        joined({{100, 79, 79, 64}, repeated(80, 3), repeated(NAN, 9), repeated(80, 3)});
    EXPECT_EQ(episodes_of(gap).at(0).state, EpisodeState::recovering);
    EXPECT_EQ(episodes_of(joined({gap, {80}})).at(0).state, EpisodeState::closed);
}

TEST(Tracker, NoDataSuspendsAnEpisodeAndNeverResolvesIt) {
    const Series s = closes({100, 70, 70, 70});
    const Episode live = evaluate(kRule, s).episodes.at(0);
    EXPECT_FALSE(live.suspended);

    const Episode later = evaluate(kRule, s, nth(400)).episodes.at(0);
    EXPECT_TRUE(later.suspended);
    EXPECT_EQ(later.state, EpisodeState::active);
    EXPECT_EQ(later.history, live.history);
    EXPECT_EQ(later.through, nth(400));
    EXPECT_EQ(later.last.day, nth(3));

    // a single close after 400 silent days has not seen 60 days without a new low
    Tracker tracker(kRule);
    for (const DailyPoint& p : s.points) tracker.step(p.day, p.value);
    tracker.step(nth(400), std::nullopt);
    tracker.step(nth(401), 75.0);
    EXPECT_EQ(tracker.episodes().at(0).state, EpisodeState::active);
    EXPECT_FALSE(tracker.episodes().at(0).suspended);
}

TEST(Tracker, ValuesThatAreNoPriceAreMissingDays) {
    Tracker tracker(kRule);
    tracker.step(nth(0), 100);
    int day = 1;
    for (const double v : {0.0, -5.0, double{NAN}, double{INFINITY}, 79.0, 79.0}) {
        tracker.step(nth(day++), v);
    }
    EXPECT_EQ(tracker.episodes().at(0).state, EpisodeState::pending);
    EXPECT_EQ(tracker.episodes().at(0).trough.value, 79);
}

TEST(Tracker, NothingOnePointAndConstantSeriesHaveNoEpisodes) {
    EXPECT_TRUE(episodes_of({}).empty());
    EXPECT_TRUE(episodes_of({42}).empty());
    EXPECT_TRUE(episodes_of(repeated(42, 1000)).empty());
    EXPECT_TRUE(evaluate(kRule, Series{}, nth(5)).episodes.empty());
}

TEST(Tracker, ASeriesShorterThanTheWindowIsJudgedByWhatThereIs) {
    const Episode e = episodes_of({100, 60, 60, 60}).at(0);
    EXPECT_EQ(e.severity, Severity::critical);
    EXPECT_EQ(e.peak.day, nth(0));
}

TEST(Tracker, AtOrAboveThePeakTheDrawdownIsNone) {
    const Episode e = episodes_of({100, 79, 79, 79, 101}).at(0);
    EXPECT_EQ(e.drawdown(), 0);
    EXPECT_EQ(e.state, EpisodeState::recovering);
    EXPECT_DOUBLE_EQ(e.depth(), 0.21);
}

TEST(Tracker, AnEpisodeTellsItsRelapseAndItsEnd) {
    const auto v = joined({{100, 79, 79, 64}, {75}, {63}, repeated(90, 7)});
    std::vector<EventKind> kinds;
    for (const Event& e : evaluate(kRule, closes(v)).events) kinds.push_back(e.kind);
    EXPECT_EQ(kinds, (std::vector{EventKind::pending, EventKind::active, EventKind::recovering,
                                  EventKind::relapsed, EventKind::recovering, EventKind::closed}));
}

TEST(Tracker, ARuleThatNeedsOneDayIsActiveAtOnce) {
    domain::Rule eager = kRule;
    eager.open_for = 1;
    const Episode e = evaluate(eager, closes({100, 79})).episodes.at(0);
    EXPECT_EQ(e.history,
              (std::vector<domain::Change>{{nth(1), EpisodeState::active, Severity::notice}}));
}

}  // namespace
}  // namespace hashprice::trend
