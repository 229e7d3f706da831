#include "domain/rule.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

namespace hashprice::domain {
namespace {

// METHOD section 3
TEST(Rule, TheBuiltInOneIsSustainedDeclineInUsd) {
    const auto rules = builtin_rules();
    ASSERT_EQ(rules.size(), 1U);
    const Rule& r = rules.front();
    EXPECT_EQ(r.name, "sustained-decline");
    EXPECT_EQ(r.kind, RuleKind::drawdown);
    EXPECT_EQ(r.denomination, Denomination::usd);
    EXPECT_EQ(r.window, Days{180});
    EXPECT_EQ(r.open_depth, 0.2);
    EXPECT_EQ(r.open_for, 3);
    EXPECT_EQ(r.close_for, 7);
    EXPECT_EQ(r.warning_depth, 0.3);
    EXPECT_EQ(r.critical_depth, 0.4);
    EXPECT_EQ(r.recover_share, 1.0 / 3);
    EXPECT_EQ(r.close_share, 0.5);
    EXPECT_EQ(r.settle_after, Days{60});
    EXPECT_TRUE(check_rule(r));
}

struct Fault {
    const char* named;
    RuleKind kind;
    std::function<void(Rule&)> make;
};

Rule working(RuleKind kind) {
    return {.name = "mine", .kind = kind, .below = 40, .rearm_above = 44, .fall = 0.1};
}

TEST(Rule, WhatCannotWorkIsRefusedByItsName) {
    const std::vector<Fault> faults{
        {"name", RuleKind::drawdown, [](Rule& r) { r.name = ""; }},
        {"name", RuleKind::drawdown, [](Rule& r) { r.name = "Not A Name"; }},
        {"name", RuleKind::drawdown, [](Rule& r) { r.name = "a/b"; }},
        {"name", RuleKind::drawdown, [](Rule& r) { r.name = std::string(65, 'a'); }},
        {"window", RuleKind::drawdown, [](Rule& r) { r.window = Days{0}; }},
        {"window", RuleKind::drawdown, [](Rule& r) { r.window = Days{3661}; }},
        {"open_for", RuleKind::drawdown, [](Rule& r) { r.open_for = 0; }},
        {"open_for", RuleKind::drawdown, [](Rule& r) { r.open_for = 367; }},
        {"close_for", RuleKind::level, [](Rule& r) { r.close_for = 0; }},
        {"open_depth", RuleKind::drawdown, [](Rule& r) { r.open_depth = 0; }},
        {"open_depth", RuleKind::drawdown, [](Rule& r) { r.open_depth = 20; }},
        {"open_depth", RuleKind::drawdown, [](Rule& r) { r.open_depth = NAN; }},
        {"warning_depth", RuleKind::rate, [](Rule& r) { r.warning_depth = 1; }},
        {"critical_depth", RuleKind::rate, [](Rule& r) { r.critical_depth = 0.25; }},
        {"recover_share", RuleKind::drawdown, [](Rule& r) { r.recover_share = 0; }},
        {"close_share", RuleKind::drawdown, [](Rule& r) { r.close_share = 0.2; }},
        {"settle_after", RuleKind::drawdown, [](Rule& r) { r.settle_after = Days{-1}; }},
        {"below", RuleKind::level, [](Rule& r) { r.below = 0; }},
        {"rearm_above", RuleKind::level, [](Rule& r) { r.rearm_above = 39; }},
        {"rearm_above", RuleKind::level, [](Rule& r) { r.rearm_above = INFINITY; }},
        {"fall", RuleKind::rate, [](Rule& r) { r.fall = 10; }},
        {"days", RuleKind::rate, [](Rule& r) { r.fall_days = Days{0}; }},
        {"fall_rearm_share", RuleKind::rate, [](Rule& r) { r.fall_rearm_share = 1.5; }}};
    for (const Fault& fault : faults) {
        SCOPED_TRACE(fault.named);
        Rule rule = working(fault.kind);
        ASSERT_TRUE(check_rule(rule));
        fault.make(rule);
        const Status s = check_rule(rule);
        ASSERT_FALSE(s);
        EXPECT_EQ(s.error().code, Errc::config);
        EXPECT_NE(s.error().what.find(std::string("': ") + fault.named + " must"),
                  std::string::npos)
            << s.error().what;
    }
}

TEST(Rule, ItsBoundsBelongToIt) {
    Rule least = working(RuleKind::drawdown);
    least.name = "a";
    least.window = least.settle_after = Days{1};
    least.open_for = least.close_for = 1;
    least.critical_depth = least.warning_depth;
    least.close_share = least.recover_share;
    EXPECT_TRUE(check_rule(least));

    Rule most = working(RuleKind::drawdown);
    most.name = std::string(64, 'a');
    most.window = most.settle_after = Days{3660};
    most.open_for = most.close_for = 366;
    most.recover_share = most.close_share = 1;
    EXPECT_TRUE(check_rule(most));

    Rule level = working(RuleKind::level);
    level.rearm_above = level.below;
    EXPECT_TRUE(check_rule(level));
}

TEST(Rule, AsksOnlyForTheParametersOfItsKind) {
    EXPECT_TRUE(check_rule({.name = "plain"})) << "a drawdown needs no level";
    Rule level = working(RuleKind::level);
    level.open_depth = 5;
    EXPECT_TRUE(check_rule(level));
}

TEST(Rule, NamesLeadBackToWhatTheyName) {
    for (const RuleKind k : {RuleKind::drawdown, RuleKind::level, RuleKind::rate}) {
        EXPECT_EQ(parse_rule_kind(rule_kind_name(k)), k);
    }
    for (const Denomination d : {Denomination::usd, Denomination::btc, Denomination::sat}) {
        EXPECT_EQ(parse_denomination(denomination_name(d)), d);
    }
    EXPECT_EQ(parse_rule_kind("slope").error().code, Errc::usage);
    EXPECT_EQ(parse_denomination("USD").error().code, Errc::usage);
    EXPECT_EQ(parse_denomination("").error().code, Errc::usage);
    // a word that is too long is repeated up to its fortieth letter
    const std::string cut = "'" + std::string(40, 'x') + "...'";
    EXPECT_EQ(parse_rule_kind(std::string(41, 'x')).error().what.find(cut), 0U);
    EXPECT_EQ(parse_denomination(std::string(41, 'x')).error().what.find(cut), 0U);
}

TEST(Denomination, ABtcIsAHundredMillionSatoshi) {
    EXPECT_EQ(value_in(Denomination::usd, UsdPerPhDay{57}, SatPerPhDay{54'000}), 57);
    EXPECT_EQ(value_in(Denomination::sat, UsdPerPhDay{57}, SatPerPhDay{54'000}), 54'000);
    EXPECT_DOUBLE_EQ(value_in(Denomination::btc, UsdPerPhDay{57}, SatPerPhDay{54'000}), 0.00054);
}

}  // namespace
}  // namespace hashprice::domain
