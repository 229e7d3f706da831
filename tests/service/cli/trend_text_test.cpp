// What a person reads in the terminal.
#include "service/cli/trend_text.hpp"

#include <gmock/gmock.h>

#include "service/cli/miner_text.hpp"

namespace hashprice::service::cli {
namespace {

using domain::Day;
using domain::Days;
using testing::HasSubstr;
using testing::Not;

const Day kPeak{Days{20280}};  // 2025-07-11
const domain::UtcSeconds kNow{Day{Days{20414}} + std::chrono::hours{5}};

domain::Episode episode(domain::EpisodeState state, domain::Severity severity) {
    return {.id = "sustained-decline-2025-07-11",
            .rule = "sustained-decline",
            .state = state,
            .severity = severity,
            .history = {{kPeak + Days{73}, state, severity}},
            .peak = {kPeak, 64},
            .trough = {kPeak + Days{120}, 40},
            .last = {kPeak + Days{133}, 48},
            .through = kPeak + Days{133},
            .observed_days = 134};
}

answers::Trend trend_of(std::optional<domain::Episode> e) {
    answers::RuleStanding standing{.rule = domain::builtin_rules().front(),
                                   .last = domain::DailyPoint{kPeak + Days{133}, 48},
                                   .high = domain::DailyPoint{kPeak, 64}};
    if (e) standing.decline = answers::Decline{*e, {}, {}};
    return {.rules = {standing}, .last = kPeak + Days{133}, .usd = {{kPeak, 64}}};
}

TEST(TrendText, SaysStateFromToDepthAndDays) {
    using enum domain::EpisodeState;
    const auto text =
        trend_text(trend_of(episode(active, domain::Severity::warning)), {.now = kNow});

    EXPECT_THAT(text, HasSubstr("by the close of 2025-11-21, 5 h 0 min ago\n"));
    EXPECT_THAT(text, HasSubstr("sustained-decline in USD/PH/day: active, warning\n"));
    EXPECT_THAT(text, HasSubstr("from         2025-07-11  64.00"));
    EXPECT_THAT(text, HasSubstr("to           2025-11-08  40.00  (the trough), 120 days later"));
    EXPECT_THAT(text, HasSubstr("depth        37.5 %, now 25.0 % under the peak"));
    EXPECT_THAT(text, HasSubstr("133 days; 134 of 134 closes known"));
    EXPECT_THAT(text, Not(HasSubstr("stale")));
}

TEST(TrendText, ColourIsTheSeverityAndOnlyWhereItIsWanted) {
    using enum domain::EpisodeState;
    const auto critical = trend_of(episode(active, domain::Severity::critical));

    EXPECT_THAT(trend_text(critical, {.now = kNow, .colour = true}),
                HasSubstr("\x1b[1;31mactive, critical\x1b[0m"));
    EXPECT_THAT(trend_text(trend_of({}), {.now = kNow, .colour = true}),
                HasSubstr("\x1b[1;32mno decline\x1b[0m"));
    EXPECT_THAT(trend_text(critical, {.now = kNow}), Not(HasSubstr("\x1b")));
}

TEST(TrendText, WithoutADeclineItSaysHowFarTheHighIs) {
    const auto text = trend_text(trend_of({}), {.now = kNow});

    EXPECT_THAT(text, HasSubstr("no decline"));
    EXPECT_THAT(text, HasSubstr("highest      2025-07-11  64.00, 33.3 % above the newest"));
}

TEST(TrendText, OldDataSayTheirAgeAndWhy) {
    auto trend = trend_of({});
    trend.stale_reason = "the newest close is that of 2025-11-21; 3 complete days since have none";

    const auto text = trend_text(trend, {.now = kNow + std::chrono::hours{72}});

    EXPECT_THAT(text, HasSubstr("3 d 5 h ago"));
    EXPECT_THAT(text, HasSubstr("stale: the newest close is that of 2025-11-21"));
}

TEST(TrendText, NothingIsSaidOfNothing) {
    EXPECT_EQ(trend_text({}, {.now = kNow}), "no complete day has a close yet\n");
    EXPECT_EQ(declines_text({}), "no decline\n");
    EXPECT_EQ(backtest_text({}), "no complete day of that range has a close\n");
    EXPECT_EQ(breakeven_text({}, kNow), "there is no observation yet\n");
    EXPECT_EQ(projection_text({.missing = "there is no observation yet"}, kNow),
              "there is no observation yet\n");
}

}  // namespace
}  // namespace hashprice::service::cli
