// Answers about declines and miners where there is little to answer from.
#include "service/answers/declines.hpp"

#include <gtest/gtest.h>

#include "config/load.hpp"
#include "domain/consensus.hpp"
#include "service/answers/annotations.hpp"
#include "service/answers/attribution.hpp"
#include "service/answers/backtest.hpp"
#include "service/answers/breakeven.hpp"
#include "service/answers/explain.hpp"
#include "service/answers/projection.hpp"
#include "service/answers/trend.hpp"
#include "storage/bars.hpp"
#include "storage/record.hpp"

namespace hashprice::service::answers {
namespace {

using domain::Errc;
using domain::seconds;
using domain::utc;

const UtcSeconds kMidnight = utc(1763251200);  // 2025-11-16T00:00:00Z: the close of the 15th
const UtcSeconds kNow = kMidnight + domain::kHour;
constexpr std::int64_t kHeight = 923'800;

const std::vector<domain::Rule>& rules() {
    static const auto all = domain::builtin_rules();
    return all;
}
Freshness fresh() { return {.now = kNow}; }

class Answers : public ::testing::Test {
protected:
    /// Equal closes on `days` days up to kMidnight.
    void put_closes(int days) {
        std::vector<domain::Observation> observations;
        for (int i = days; i > 0; --i) {
            observations.push_back({.time = kMidnight - domain::kDay * (i - 1),
                                    .span = domain::kDay,
                                    .height = kHeight,
                                    .bits = domain::Bits{0x1701d936},
                                    .fee_sum = domain::Satoshi{288'000'000},
                                    .fee_blocks = 144,
                                    .price_usd = 95'555.28,
                                    .usd_per_ph_day = 40,
                                    .sat_per_ph_day = 41'860});
        }
        const UtcSeconds first = kMidnight - domain::kDay * days;
        const auto done = storage::in_transaction(db, [&]() -> domain::Status {
            const auto changed =
                storage::replace_observations(db, first, kMidnight, observations, kNow);
            if (!changed) return tl::unexpected(changed.error());
            return storage::rebuild_bars(db, first + seconds{1}, kMidnight);
        });
        ASSERT_TRUE(done);
    }
    void record(const domain::FactBatch& facts) {
        const auto done = storage::in_transaction(
            db, [&] { return storage::record(db, facts).map([](const auto&) {}); });
        ASSERT_TRUE(done) << done.error().what;
    }

    storage::Database db = *storage::Database::in_memory();
};

TEST_F(Answers, OfAnEmptyDatabaseAreEmptyAndSayWhy) {
    const auto trend = answers::trend(db, rules(), std::nullopt, kNow);

    ASSERT_TRUE(trend);
    EXPECT_FALSE(trend->declining());
    EXPECT_EQ(trend->stale_reason, "no day has a close yet");
    EXPECT_FALSE(trend->rules.front().last);
    EXPECT_TRUE(declines(db, rules(), {}, kNow)->empty());
    EXPECT_FALSE(backtest(db, rules(), {.rule = "sustained-decline"}, kNow)->first);
    EXPECT_FALSE(breakeven(db, {}, {}, fresh())->hashprice);
    EXPECT_EQ(projection(db, fresh())->missing, "there is no observation yet");
    EXPECT_TRUE(annotations(db, {utc(0), kNow})->empty());
    EXPECT_EQ(attribution(db, kMidnight, std::nullopt).error().code, Errc::not_found);
}

TEST_F(Answers, OfOneDayAndOfEqualDaysKnowNoDecline) {
    for (const int days : {1, 300}) {
        SCOPED_TRACE(days);
        put_closes(days);

        const auto trend = answers::trend(db, rules(), std::nullopt, kNow);

        ASSERT_TRUE(trend);
        EXPECT_EQ(trend->stale_reason, "");
        EXPECT_FALSE(trend->rules.front().decline);
        EXPECT_EQ(trend->rules.front().last->value, 40);
        EXPECT_EQ(trend->rules.front().high->value, 40);
        EXPECT_TRUE(declines(db, rules(), {}, kNow)->empty());
    }
}

TEST_F(Answers, AnUnchangedHashPriceHasPartsAndNoShares) {
    put_closes(2);

    const auto same = attribution(db, kMidnight - domain::kDay, kMidnight);

    ASSERT_TRUE(same);
    EXPECT_EQ(same->parts.log_change, 0);
    EXPECT_NE(attribution_json(*same).find("\"shares\":{\"price\":null"), std::string::npos);
}

TEST_F(Answers, WhatIsNotThereIsNotFoundByName) {
    put_closes(3);

    const auto rule = backtest(db, rules(), {.rule = "mine"}, kNow);
    const auto id = decline(db, rules(), "sustained-decline-2001-01-01", kNow);

    ASSERT_FALSE(rule);
    EXPECT_EQ(rule.error().code, Errc::not_found);
    EXPECT_EQ(rule.error().what, "there is no rule 'mine'; the settings have: sustained-decline");
    ASSERT_FALSE(id);
    EXPECT_EQ(id.error().code, Errc::not_found);
}

// 40 * 1000 / (24 * 20) = 83.33 USD/MWh; a what-if at half the price is a BTC of half the price
TEST_F(Answers, AWhatIfKeepsTheSatoshiAndMovesThePriceOfBitcoin) {
    put_closes(1);
    const TrendSettings settings{.fleets = {{.name = "a",
                                             .efficiency = domain::JoulePerTh{20},
                                             .power = domain::UsdPerMwh{50},
                                             .hashrate_ph = 1}}};

    const auto now = breakeven(db, settings, {}, fresh());
    const auto what_if = breakeven(db, settings, {.usd_per_ph_day = 20}, fresh());

    ASSERT_TRUE(now && what_if);
    EXPECT_NEAR(now->fleets[0].economics.gross_breakeven.value, 83.3333333, 1e-6);
    EXPECT_NEAR(what_if->fleets[0].economics.gross_breakeven.value, 41.6666667, 1e-6);
    EXPECT_TRUE(what_if->what_if);
    EXPECT_NEAR(*what_if->price_usd, 20 / (41'860 / 1e8), 1e-6);
    for (const double bad : {0.0, -1.0, std::nan(""), HUGE_VAL}) {
        const auto refused = breakeven(db, settings, {.efficiency_j_per_th = bad}, fresh());
        ASSERT_FALSE(refused) << bad;
        EXPECT_EQ(refused.error().code, Errc::usage);
    }
}

TEST_F(Answers, AnObservationWithoutAFaultHasNullForAReason) {
    put_closes(1);

    const auto explained = explain(db, kMidnight, std::nullopt, {});

    ASSERT_TRUE(explained);
    EXPECT_NE(explain_json(*explained).find("\"degraded_reason\":null"), std::string::npos);
}

TEST_F(Answers, AProjectionWithoutTheEpochsStartSaysSo) {
    put_closes(1);
    record({.source = "mempool",
            .fetched_at = kNow,
            .blocks = {{.height = kHeight, .time = kMidnight, .bits = domain::Bits{0x1701d936}}}});

    const auto p = projection(db, fresh());

    ASSERT_TRUE(p);
    EXPECT_FALSE(p->projection);
    EXPECT_FALSE(p->from_blocks) << "the tip is a block, the epoch's start is not known at all";
    EXPECT_EQ(p->missing, "the time of block 923328, the first of this epoch, is not known");
}

// 2015 intervals of 540 s: the next difficulty is 600/540 of this one, 11.11 % more (pow.cpp)
TEST_F(Answers, AProjectionFromTheEpochsLastBlockIsExact) {
    put_closes(1);
    const std::int64_t first = 923'328;
    const std::int64_t last = first + 2015;
    const auto block = [&](std::int64_t height) {
        return domain::Block{.height = height,
                             .time = kMidnight + seconds{540} * (height - last),
                             .bits = domain::Bits{0x1701d936},
                             .fees = domain::Satoshi{0}};
    };
    record({.source = "mempool", .fetched_at = kNow, .blocks = {block(first), block(last)}});

    const auto p = projection(db, fresh());

    ASSERT_TRUE(p && p->projection);
    EXPECT_TRUE(p->from_blocks);
    EXPECT_TRUE(p->projection->retarget.exact);
    EXPECT_EQ(p->projection->retarget.height, first + 2016);
    EXPECT_EQ(p->projection->retarget.relative_error, 0);
    // Core's off by one: 2015 intervals against two weeks; bits have a mantissa of 17 bits here
    EXPECT_NEAR(p->projection->retarget.change, 1'209'600.0 / (2015 * 540) - 1, 1e-5);
}

TEST(TrendSettings, TheDefaultsAreTheBuiltInRule) {
    const auto loaded = config::load(
        {.environment = {{"HOME", "/nowhere"}}, .system_file = "/nowhere/hashprice.toml"});
    ASSERT_TRUE(loaded);

    const TrendSettings settings = trend_settings(loaded->settings);

    EXPECT_EQ(settings.rules, domain::builtin_rules());
    EXPECT_TRUE(settings.fleets.empty());  // nobody's opinion on machines or power is built in
    EXPECT_TRUE(settings.alternatives.empty());
    for (const domain::Rule& rule : settings.rules) EXPECT_TRUE(domain::check_rule(rule));
}

TEST(TrendSettings, ARuleThatIsSwitchedOffCanStillBeAskedAbout) {
    config::Settings settings;
    settings.rules = {{.name = "off",
                       .kind = config::RuleKind::level,
                       .enabled = false,
                       .below = 40,
                       .rearm_above = 44}};

    const TrendSettings mapped = trend_settings(settings);

    EXPECT_TRUE(mapped.rules.empty());
    ASSERT_EQ(mapped.all_rules.size(), 1U);
    EXPECT_EQ(mapped.all_rules[0].below, 40);
    EXPECT_EQ(mapped.all_rules[0].kind, domain::RuleKind::level);
    EXPECT_TRUE(domain::check_rule(mapped.all_rules[0]));
}

}  // namespace
}  // namespace hashprice::service::answers
