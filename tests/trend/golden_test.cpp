// The decline that the product was asked for: July to November 2025. Dates, values and shares are
// METHOD section 3's, made from real blocks and closes by an independent program.
#include "tests/trend/golden.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "trend/attribution.hpp"
#include "trend/evaluate.hpp"
#include "trend/jumps.hpp"

namespace hashprice::trend {
namespace {

using domain::Episode;
using domain::EpisodeState;
using domain::Severity;

const domain::Rule kRule = domain::builtin_rules().front();

Episode only_episode(std::optional<Day> through = std::nullopt) {
    const auto all = evaluate(kRule, golden_series(), through).episodes;
    EXPECT_EQ(all.size(), 1U);
    return all.at(0);
}

TEST(Decline2025, IsPendingActiveWarningAndCriticalOnItsDays) {
    const Episode e = only_episode();

    EXPECT_EQ(e.id, "sustained-decline-2025-07-11");
    const std::vector<domain::Change> expected{
        {date("2025-09-22"), EpisodeState::pending, Severity::none},
        {date("2025-09-24"), EpisodeState::active, Severity::notice},
        {date("2025-10-29"), EpisodeState::active, Severity::warning},
        {date("2025-11-19"), EpisodeState::active, Severity::critical}};
    EXPECT_EQ(e.history, expected);
    EXPECT_EQ(e.through, date("2025-11-30"));
    EXPECT_EQ(e.state, EpisodeState::active);
    EXPECT_FALSE(e.closure);
    EXPECT_FALSE(e.suspended);
}

TEST(Decline2025, StandsBetweenItsPeakAndItsTrough) {
    const Episode e = only_episode();

    EXPECT_EQ(e.peak, (DailyPoint{date("2025-07-11"), 63.950158}));
    EXPECT_EQ(e.trough, (DailyPoint{date("2025-11-22"), 35.195311}));
    EXPECT_NEAR(e.depth(), 0.4496447, 5e-8);
    EXPECT_EQ(e.days_to_trough(), Days{134});
    EXPECT_EQ(e.days_under_water(), Days{142});
    // 143 days from 07-11 to 11-30, both included; five have no blocks
    EXPECT_DOUBLE_EQ(e.coverage(), 138.0 / 143.0);
}

TEST(Decline2025, IsFlaggedWhileItHappensAndDoesNotEndAt40) {
    EXPECT_TRUE(evaluate(kRule, golden_series(), date("2025-09-21")).episodes.empty());
    EXPECT_EQ(only_episode(date("2025-09-23")).state, EpisodeState::pending);

    const Episode nov4 = only_episode(date("2025-11-04"));
    EXPECT_NEAR(nov4.drawdown(), 0.3543986, 5e-8);
    EXPECT_EQ(nov4.severity, Severity::warning);

    const Episode nov15 = only_episode(date("2025-11-15"));
    EXPECT_NEAR(nov15.last.value, 39.676822, 1e-9);
    EXPECT_NEAR(nov15.drawdown(), 0.3795665, 5e-8);
    EXPECT_EQ(nov15.state, EpisodeState::active);
}

TEST(Decline2025, BacktestTellsTheSameDays) {
    const auto all = backtest(kRule, golden_series(), date("2025-07-01"), date("2025-11-30"));
    std::vector<std::pair<Day, EventKind>> told;
    told.reserve(all.size());
    for (const Event& e : all) told.emplace_back(e.day, e.kind);
    EXPECT_THAT(told, testing::ElementsAre(std::pair{date("2025-09-22"), EventKind::pending},
                                           std::pair{date("2025-09-24"), EventKind::active},
                                           std::pair{date("2025-10-29"), EventKind::escalated},
                                           std::pair{date("2025-11-19"), EventKind::escalated}));
    EXPECT_EQ(backtest(kRule, golden_series(), date("2025-10-01"), date("2025-11-18")).size(), 1U);
}

TEST(Decline2025, HasASlopeAndIsSignificant) {
    Episode e = only_episode();
    const std::vector<DailyInputs> inputs = golden_inputs();
    explain(e, golden_series(), inputs);

    ASSERT_TRUE(e.slope);
    EXPECT_LT(e.slope->high, 0);
    EXPECT_LT(e.slope->low, e.slope->percent_per_30d);
    ASSERT_TRUE(e.significance);
    EXPECT_TRUE(e.significance->significant);
    EXPECT_LT(std::abs(e.significance->z), std::abs(e.significance->plain_z));
    ASSERT_TRUE(e.attribution);
    EXPECT_EQ(e.attribution->to, date("2025-11-22"));
    ASSERT_TRUE(e.attribution_to_date);
    EXPECT_EQ(e.attribution_to_date->to, date("2025-11-30"));
}

struct Window {
    const char* from;
    const char* to;
    double change;
    double price;
    double difficulty;
    double fees;
};

TEST(Decline2025, AttributionAgreesWithMethodsTableToItsDigits) {
    const std::vector<DailyInputs> inputs = golden_inputs();
    for (const Window& w :
         {Window{"2025-07-11", "2025-11-04", -35.43986, 33.61157, 65.78648, 0.60195},
          Window{"2025-07-11", "2025-11-13", -35.27427, 38.03625, 60.65250, 1.31125},
          Window{"2025-07-11", "2025-11-15", -37.95665, 43.44151, 55.27444, 1.28405},
          Window{"2025-07-12", "2025-11-13", -29.83317, 46.44782, 52.84645, 0.70572},
          Window{"2025-07-11", "2025-11-22", -44.96447, 54.92166, 44.18103, 0.89730}}) {
        SCOPED_TRACE(w.to);
        const auto* from = inputs_on(inputs, date(w.from));
        const auto* to = inputs_on(inputs, date(w.to));
        ASSERT_TRUE(from != nullptr && to != nullptr);
        const auto a = attribution_of(*from, *to, domain::Denomination::usd);
        ASSERT_TRUE(a);
        EXPECT_NEAR(100 * a->change(), w.change, 5.01e-6);
        EXPECT_NEAR(100 * *a->share(a->price), w.price, 5.01e-6);
        EXPECT_NEAR(100 * *a->share(a->difficulty), w.difficulty, 5.01e-6);
        EXPECT_NEAR(100 * *a->share(a->fees), w.fees, 5.01e-6);
        EXPECT_EQ(a->subsidy, 0);
    }
}

// Retargets of the window from the chain: heights 905184, 907200, ... 923328; the moves of the
// price by sorting its 134 days
TEST(Decline2025, ItsLargestStepsAreNamed) {
    const auto jumps = jumps_between(golden_inputs(), date("2025-07-11"), date("2025-11-22"), 2);

    const auto named = [&](JumpKind kind) {
        std::vector<Jump> some;
        for (const Jump& j : jumps) {
            if (j.kind == kind) some.push_back(j);
        }
        return some;
    };
    const auto retargets = named(JumpKind::retarget);
    ASSERT_EQ(retargets.size(), 10U);
    EXPECT_EQ(retargets.front().day, date("2025-07-12"));
    EXPECT_EQ(retargets.front().height, 905'184);
    EXPECT_NEAR(retargets.front().change, 0.0796, 5e-5);
    EXPECT_EQ(retargets.back().height, 923'328);
    double together = 0;
    for (const Jump& j : retargets) together += j.log_effect;
    EXPECT_NEAR(together, -std::log(152271405447597.38 / 116958512019762.11), 1e-12);

    EXPECT_TRUE(named(JumpKind::halving).empty());
    // from the closes of 10-09 and 10-10, 11-19 and 11-20 in golden_2025.inc
    const auto moves = named(JumpKind::price);
    ASSERT_EQ(moves.size(), 2U);
    EXPECT_EQ(moves[0].day, date("2025-10-10"));
    EXPECT_NEAR(moves[0].change, -0.07160256, 5e-9);
    EXPECT_EQ(moves[1].day, date("2025-11-20"));
    EXPECT_NEAR(moves[1].change, -0.05388366, 5e-9);
}

}  // namespace
}  // namespace hashprice::trend
