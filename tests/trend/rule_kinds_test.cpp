#include <gtest/gtest.h>

#include "tests/trend/golden.hpp"
#include "trend/evaluate.hpp"
#include "trend/signals.hpp"

namespace hashprice::trend {
namespace {

using domain::Episode;
using domain::EpisodeState;
using domain::RuleKind;

Day nth(int day) { return date("2030-01-01") + Days{day}; }

const domain::Rule kLevel{.name = "under-40",
                          .kind = RuleKind::level,
                          .open_for = 2,
                          .close_for = 3,
                          .below = 40,
                          .rearm_above = 44};
const domain::Rule kRate{.name = "quick-fall",
                         .kind = RuleKind::rate,
                         .open_for = 1,
                         .close_for = 2,
                         .fall = 0.10,
                         .fall_days = Days{3}};

std::vector<Episode> episodes_of(const domain::Rule& rule, const std::vector<double>& values) {
    EXPECT_TRUE(domain::check_rule(rule));
    return evaluate(rule, closes(values)).episodes;
}

TEST(LevelRule, OpensBelowAndIsReArmedAbove) {
    const auto v = std::vector<double>{60, 39, 39, 41, 43, 45, 45, 43, 45, 45, 45};
    const auto all = episodes_of(kLevel, v);
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(all[0].first(EpisodeState::active), nth(2));
    EXPECT_EQ(all[0].first(EpisodeState::recovering), nth(5));
    EXPECT_EQ(all[0].first(EpisodeState::closed), nth(10)) << "43 broke the first hold";
    EXPECT_EQ(all[0].peak.value, 60);
}

TEST(LevelRule, APriceThatGrazesTheLevelFiresOnce) {
    EXPECT_EQ(episodes_of(kLevel, {50, 39, 39, 41, 39, 42, 38, 41, 39, 41, 39}).size(), 1U);
    EXPECT_TRUE(episodes_of(kLevel, {50, 40, 40, 40}).empty()) << "at the level is not below it";
}

TEST(LevelRule, BelowAgainWhileRecoveringIsActiveAgain) {
    const Episode e = episodes_of(kLevel, {50, 38, 38, 45, 39}).at(0);
    EXPECT_EQ(e.state, EpisodeState::active);
    EXPECT_EQ(e.trough.value, 38) << "a new low is not asked for";
}

TEST(LevelRule, StaysOpenBetweenTheLevelsHoweverLong) {
    const auto v = joined({{50, 39, 39}, repeated(42, 400)});
    EXPECT_EQ(episodes_of(kLevel, v).at(0).state, EpisodeState::active);
}

TEST(LevelRule, ASeriesThatStartsBelowHasAPeakOfItsOwn) {
    const Episode e = episodes_of(kLevel, {30, 30, 30}).at(0);
    EXPECT_EQ(e.state, EpisodeState::active);
    EXPECT_EQ(e.depth(), 0);
}

TEST(LevelRule, NoTwoEpisodesShareAPeak) {
    const auto dip = std::vector<double>{39, 39, 45, 45, 45};
    const auto two = episodes_of(kLevel, joined({{60}, dip, dip}));
    ASSERT_EQ(two.size(), 2U);
    EXPECT_NE(two[0].id, two[1].id);
    EXPECT_EQ(two[1].peak.day, nth(5)) << "searched from the closing day on";
}

TEST(RateRule, FiresOnAFallOfMoreThanSoMuchInSoManyDays) {
    EXPECT_TRUE(episodes_of(kRate, {100, 97, 93, 90}).empty()) << "ten percent is not more than it";
    EXPECT_EQ(episodes_of(kRate, {100, 97, 93, 89.9}).at(0).pending_since(), nth(3));
    EXPECT_TRUE(episodes_of(kRate, {100, 97, 94, 91, 88, 85}).empty()) << "slow is not fast";
}

TEST(RateRule, AFallInFewerDaysIsOneInThree) {
    EXPECT_EQ(episodes_of(kRate, {100, 89}).size(), 1U);
    EXPECT_EQ(episodes_of(kRate, {100, NAN, NAN, 89}).size(), 1U);
    EXPECT_TRUE(episodes_of(kRate, {100, NAN, NAN, NAN, 89}).empty()) << "that took four days";
}

TEST(RateRule, ClosesWhenTheFallHasCalmedDown) {
    // over three days: 15 %, then 85 against 100, 100, then 85 against 85
    const auto all = episodes_of(kRate, {100, 100, 85, 85, 85, 85, 85});
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(all[0].first(EpisodeState::recovering), nth(5));
    EXPECT_EQ(all[0].first(EpisodeState::closed), nth(6));
}

TEST(RateRule, AnotherFallWhileRecoveringIsActiveAgain) {
    EXPECT_EQ(episodes_of(kRate, {100, 100, 85, 85, 85, 85, 70}).at(0).state, EpisodeState::active);
}

TEST(Signals, TheLastBitsOfADivisionDoNotDecide) {
    // two closes have some 1e-16 of error each; a billionth of a percent is another figure
    EXPECT_TRUE(reaches(0.2 - 5e-13, 0.2));
    EXPECT_FALSE(reaches(0.2 - 1e-11, 0.2));
    const auto rate = [](double fall) { return triggers(kRate, {.value = 1, .fall = fall}); };
    EXPECT_FALSE(rate(0.10 + 5e-13));
    EXPECT_TRUE(rate(0.10 + 1e-11));
}

TEST(Signals, WhereNothingWasLostAllIsRegained) {
    EXPECT_EQ(regained_share({.value = 30, .peak = 30, .trough = 30}), 1);
    EXPECT_DOUBLE_EQ(regained_share({.value = 20, .peak = 40, .trough = 10}), 0.5);
}

TEST(LevelRule, TellsWhenTheGoldenSeriesStoodUnder40) {
    // closes under 40 on 11-14, 11-15, ... and none of the later ones clears 44
    domain::Rule rule = kLevel;
    rule.open_for = 3;
    const auto all = evaluate(rule, golden_series()).episodes;
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(all[0].peak.value, 63.950158);
    EXPECT_EQ(all[0].state, EpisodeState::active);
}

}  // namespace
}  // namespace hashprice::trend
