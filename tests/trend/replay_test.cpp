// One state machine for live, backtest and whole history: however the days come, the episodes are
// the same, and no day changes what was decided before it.
#include <gtest/gtest.h>

#include <random>
#include <set>

#include "tests/trend/golden.hpp"
#include "trend/evaluate.hpp"

namespace hashprice::trend {
namespace {

using domain::RuleKind;

std::vector<domain::Rule> rules() {
    std::vector<domain::Rule> all = domain::builtin_rules();
    all.push_back({.name = "short", .window = Days{40}, .settle_after = Days{15}});
    all.push_back({.name = "level", .kind = RuleKind::level, .below = 45, .rearm_above = 50});
    all.push_back({.name = "rate", .kind = RuleKind::rate, .fall = 0.12, .fall_days = Days{10}});
    return all;
}

/// A walk of the log with a little noise, some days missing, some days no price at all.
std::vector<DailyPoint> random_walk(std::uint64_t seed, int length) {
    std::mt19937_64 random(seed);
    std::normal_distribution<double> step(0, 0.04);
    std::uniform_real_distribution<double> chance(0, 1);
    std::vector<DailyPoint> points;
    double log_value = std::log(60.0);
    Day day = date("2020-01-01");
    for (int i = 0; i < length; ++i, day += Days{1}) {
        log_value += step(random);
        const double luck = chance(random);
        if (luck < 0.05) continue;
        points.push_back({day, luck < 0.06 ? NAN : std::exp(log_value)});
    }
    return points;
}

/// What an episode is made of, whatever day one asks: `through` and its kin move on with time.
bool same_story(const domain::Episode& a, const domain::Episode& b) {
    return a.id == b.id && a.history == b.history && a.peak == b.peak && a.trough == b.trough &&
           a.closure == b.closure && a.last == b.last;
}

TEST(Replay, DayByDayGivesExactlyTheEpisodesOfTheWhole) {
    for (const std::uint64_t seed : {1U, 2U, 3U, 4U, 5U}) {
        const auto points = random_walk(seed, 900);
        const Series series = series_of(points).value();
        for (const domain::Rule& rule : rules()) {
            SCOPED_TRACE(rule.name + " seed " + std::to_string(seed));
            Tracker live(rule);
            std::size_t next = 0;
            for (Day day = points.front().day; day <= points.back().day; day += Days{1}) {
                const bool known = points[next].day == day;
                live.step(day, known ? std::optional(points[next].value) : std::nullopt);
                if (known) ++next;
            }
            const Evaluation whole = evaluate(rule, series, points.back().day);
            EXPECT_FALSE(whole.episodes.empty());
            EXPECT_EQ(live.episodes(), whole.episodes);
            EXPECT_EQ(live.events(), whole.events);
        }
    }
}

TEST(Replay, NoLaterDayChangesWhatADayDecided) {
    const Series series = series_of(random_walk(6, 500)).value();
    for (const domain::Rule& rule : rules()) {
        SCOPED_TRACE(rule.name);
        const Evaluation whole = evaluate(rule, series);
        for (const DailyPoint& p : series.points) {
            const Evaluation then = evaluate(rule, series, p.day);
            ASSERT_LE(then.events.size(), whole.events.size());
            EXPECT_TRUE(std::equal(then.events.begin(), then.events.end(), whole.events.begin()));
            // and the past alone gives the same answer as the past of the whole
            Series past;
            const auto span = series.between(series.points.front().day, p.day);
            past.points.assign(span.begin(), span.end());
            EXPECT_EQ(evaluate(rule, past).episodes, then.episodes);
        }
    }
}

TEST(Replay, ACopyCanTryADayOutWithoutHarm) {
    Tracker tracker(domain::builtin_rules().front());
    for (const DailyPoint& p : golden_series().points) tracker.step(p.day, p.value);
    const auto before = tracker.episodes();

    Tracker trial = tracker;
    trial.step(date("2025-12-01"), 20.0);

    EXPECT_EQ(tracker.episodes(), before);
    EXPECT_NE(trial.episodes(), before);
}

TEST(Replay, NoTwoEpisodesShareAPeakAndNoneOverlap) {
    for (const std::uint64_t seed : {7U, 8U, 9U}) {
        const Series series = series_of(random_walk(seed, 3000)).value();
        for (const domain::Rule& rule : rules()) {
            SCOPED_TRACE(rule.name + " seed " + std::to_string(seed));
            const auto all = evaluate(rule, series).episodes;
            std::set<Day> peaks;
            std::set<std::string> ids;
            for (std::size_t i = 0; i < all.size(); ++i) {
                EXPECT_TRUE(peaks.insert(all[i].peak.day).second);
                EXPECT_TRUE(ids.insert(all[i].id).second);
                EXPECT_LE(all[i].peak.day, all[i].trough.day);
                EXPECT_GE(all[i].coverage(), 0);
                EXPECT_LE(all[i].coverage(), 1);
                if (i > 0) {
                    EXPECT_GE(all[i].peak.day, all[i - 1].through);
                    EXPECT_FALSE(all[i - 1].open());
                }
            }
        }
    }
}

TEST(Replay, AnEpisodesStoryGoesOnWhileItIsSuspended) {
    const Series series = golden_series();
    const auto now = evaluate(domain::builtin_rules().front(), series).episodes;
    const auto later =
        evaluate(domain::builtin_rules().front(), series, date("2026-02-01")).episodes;
    ASSERT_EQ(later.size(), now.size());
    EXPECT_TRUE(same_story(now[0], later[0]));
    EXPECT_TRUE(later[0].suspended);
}

}  // namespace
}  // namespace hashprice::trend
