// Declines and miners on the command line, over the starter history.
//
// Expected figures: METHOD sections 3 and 4, made by a program that shares no code with this one
// from blocks and daily closes.
#include "tests/e2e/hashprice.hpp"
#include "tests/e2e/json_answer.hpp"

namespace hashprice::test {
namespace {

using ::testing::Test;

class TrendCommands : public Test {
protected:
    [[nodiscard]] JsonAnswer json(std::vector<std::string> arguments) const {
        arguments.emplace_back("--json");
        return JsonAnswer(installation.output(arguments));
    }
    /// "2025-09-22 pending none" for each event.
    [[nodiscard]] static std::vector<std::string> events_of(const JsonAnswer& backtest) {
        std::vector<std::string> events;
        for (std::size_t i = 0; i < backtest.size("/events"); ++i) {
            const std::string at = "/events/" + std::to_string(i);
            events.push_back(backtest.text(at + "/date") + " " + backtest.text(at + "/state") +
                             " " + backtest.text(at + "/severity"));
        }
        return events;
    }

    Installation installation;
};

using Lines = std::vector<std::string>;
const Lines kMethodDates{"2025-09-22 pending none", "2025-09-24 active notice",
                         "2025-10-29 active warning", "2025-11-19 active critical"};

TEST_F(TrendCommands, TheBuiltInRuleFiresOnTheDatesOfTheMethod) {
    const auto backtest = json({"backtest", "--rule", "sustained-decline", "--from", "2025-07-01"});

    EXPECT_EQ(events_of(backtest), kMethodDates);
    EXPECT_EQ(backtest.text("/declines/0/state"), "active");
    EXPECT_EQ(backtest.text("/declines/0/peak/date"), "2025-07-11");
    EXPECT_NEAR(backtest.number("/declines/0/peak/value"), 63.950158, 5e-7);
}

TEST_F(TrendCommands, ABacktestUpToADayKnowsNothingLater) {
    const auto backtest = json(
        {"backtest", "--rule", "sustained-decline", "--from", "2025-07-01", "--to", "2025-11-05"});

    EXPECT_EQ(events_of(backtest), Lines(kMethodDates.begin(), kMethodDates.begin() + 3));
    EXPECT_EQ(backtest.text("/last/date"), "2025-11-04");
    EXPECT_EQ(backtest.text("/declines/0/severity"), "warning");
}

TEST_F(TrendCommands, TrendSaysWhereItStandsAndWhy) {
    const auto trend = json({"trend"});

    EXPECT_TRUE(trend.flag("/declining"));
    const std::string d = "/rules/0/decline";
    EXPECT_EQ(trend.text(d + "/state"), "active");
    EXPECT_EQ(trend.text(d + "/severity"), "critical");
    EXPECT_EQ(trend.text(d + "/peak/time"), "2025-07-11T00:00:00Z");
    EXPECT_EQ(trend.number(d + "/peak/time_s"), 1752192000);
    EXPECT_NEAR(trend.number(d + "/peak/value"), 63.950158, 5e-7);
    EXPECT_EQ(trend.text(d + "/trough/date"), "2025-11-22");
    EXPECT_NEAR(trend.number(d + "/trough/value"), 35.195311, 5e-7);
    EXPECT_NEAR(trend.number(d + "/depth"), 0.4496447, 5e-8);
    EXPECT_NEAR(trend.number(d + "/attribution/shares/difficulty"), 0.4418103, 5e-8);
    EXPECT_NEAR(trend.number(d + "/attribution/shares/price"), 0.5492166, 5e-8);
}

// the blocks of 2025-08-06 to 08-10 are missing in the starter history
TEST_F(TrendCommands, DaysWithoutACloseAreCountedAsMissingAndNeverAsResolved) {
    const auto trend = json({"trend", "2025-08-08"});

    EXPECT_TRUE(trend.flag("/stale"));
    EXPECT_EQ(trend.text("/date"), "2025-08-05");
    const auto now = json({"trend"});
    EXPECT_TRUE(now.flag("/rules/0/decline/suspended"));  // the starter history ends in 2025
    EXPECT_EQ(now.text("/rules/0/decline/state"), "active");
    // 2025-07-11 to 11-30 are 143 days
    EXPECT_EQ(now.number("/rules/0/decline/observed_days"), 138);
    EXPECT_NEAR(now.number("/rules/0/decline/coverage"), 138.0 / 143, 1e-12);
}

TEST_F(TrendCommands, OnTheWayDownItStoodWhereTheHeadlinesSaid) {
    const auto on = [&](const std::string& day) {
        const auto trend = json({"trend", day});
        EXPECT_EQ(trend.text("/rules/0/decline/state"), "active") << day;
        EXPECT_EQ(trend.text("/date"), day);
        return trend.number("/rules/0/decline/drawdown");
    };

    EXPECT_NEAR(on("2025-11-04"), 0.3543986, 5e-8);
    EXPECT_NEAR(on("2025-11-15"), 0.3795665, 5e-8);  // "62 to 40", and not over
}

TEST_F(TrendCommands, TheExitCodeTellsOfAnActiveDecline) {
    EXPECT_EQ(installation.run({"trend", "--exit-code"}).status, 4);
    EXPECT_EQ(installation.run({"trend"}).status, 0);
    EXPECT_EQ(installation.run({"trend", "2025-09-23", "--exit-code"}).status, 0);  // pending
    EXPECT_EQ(installation.run({"trend", "2025-09-24", "--exit-code"}).status, 4);
}

TEST_F(TrendCommands, AttributionIsTheTableOfTheMethodToItsDigits) {
    struct Window {
        std::string from, to;
        double change, price, difficulty, fees;  // percent
    };
    for (const Window& w :
         {Window{"2025-07-11", "2025-11-04", -35.43986, 33.61157, 65.78648, 0.60195},
          Window{"2025-07-11", "2025-11-13", -35.27427, 38.03625, 60.65250, 1.31125},
          Window{"2025-07-11", "2025-11-15", -37.95665, 43.44151, 55.27444, 1.28405},
          Window{"2025-07-12", "2025-11-13", -29.83317, 46.44782, 52.84645, 0.70572},
          Window{"2025-07-11", "2025-11-22", -44.96447, 54.92166, 44.18103, 0.89730}}) {
        SCOPED_TRACE(w.from + " to " + w.to);
        const auto a = json({"attribution", "--from", w.from, "--to", w.to});
        EXPECT_NEAR(100 * a.number("/change"), w.change, 5.1e-6);
        EXPECT_NEAR(100 * a.number("/shares/price"), w.price, 5.1e-6);
        EXPECT_NEAR(100 * a.number("/shares/difficulty"), w.difficulty, 5.1e-6);
        EXPECT_NEAR(100 * a.number("/shares/fees"), w.fees, 5.1e-6);
        EXPECT_EQ(a.number("/shares/subsidy"), 0);
        EXPECT_NEAR(a.number("/parts/price") + a.number("/parts/difficulty") +
                        a.number("/parts/fees") + a.number("/parts/subsidy"),
                    a.number("/log_change"), 1e-12);
    }
}

TEST_F(TrendCommands, AttributionSaysWhichEndIsNotKnown) {
    const Outcome gap = installation.run({"attribution", "--from", "2025-08-07"});

    EXPECT_EQ(gap.status, 1);
    EXPECT_NE(gap.err.find("from: no observation speaks for 2025-08-08T00:00:00Z"),
              std::string::npos)
        << gap.err;
    EXPECT_EQ(
        installation.run({"attribution", "--from", "2025-09-01", "--to", "2025-08-01"}).status, 2);
}

// METHOD section 4: break-even USD/MWh at a hash price of 62, 40 and 35
TEST_F(TrendCommands, BreakEvenIsTheTableOfTheMethodToTheDigit) {
    struct Row {
        std::string efficiency;
        std::string at_62, at_40, at_35;
    };
    for (const Row& row :
         {Row{"13.5", "191.4", "123.5", "108.0"}, Row{"17.5", "147.6", "95.2", "83.3"},
          Row{"21.5", "120.2", "77.5", "67.8"}, Row{"30.5", "84.7", "54.6", "47.8"}}) {
        SCOPED_TRACE(row.efficiency);
        const auto at = [&](const std::string& hashprice, const std::string& expected) {
            const std::string text = installation.output(
                {"breakeven", "--hashprice", hashprice, "--efficiency", row.efficiency});
            EXPECT_NE(text.find("breaks even at " + expected + " USD/MWh"), std::string::npos)
                << text;
        };
        at("62", row.at_62);
        at("40", row.at_40);
        at("35", row.at_35);
    }
}

// 0.024 * 17.5 * 60 = 25.20 a day for power; 25.20 / 0.98 is where the fee leaves nothing
TEST_F(TrendCommands, FleetsAreReckonedFromTheSettings) {
    const std::string file =
        installation.dir.write("fleets.toml",
                               "[[fleet]]\nname = \"hall-a\"\nefficiency_j_per_th = 17.5\n"
                               "power_usd_per_mwh = 60.0\nhashrate_ph = 120.0\npool_fee = 0.02\n"
                               "machine_price_usd_per_th = 16.0\n"
                               "[[alternative]]\nname = \"ai-hosting\"\nusd_per_mwh = 200.0\n");
    const auto b = json({"--config", file, "breakeven", "--hashprice", "40"});

    EXPECT_EQ(b.text("/fleets/0/name"), "hall-a");
    EXPECT_NEAR(b.number("/fleets/0/power_cost_usd_per_ph_day"), 25.20, 1e-12);
    EXPECT_NEAR(b.number("/fleets/0/margin_usd_per_ph_day"), 14.00, 1e-12);  // 39.20 - 25.20
    EXPECT_NEAR(b.number("/fleets/0/margin_usd_per_day"), 1680, 1e-9);
    EXPECT_NEAR(b.number("/fleets/0/shutdown_usd_per_ph_day"), 25.20 / 0.98, 1e-12);
    EXPECT_NEAR(b.number("/fleets/0/payback_days_usd"), 16'000 / 14.0, 1e-9);
    EXPECT_NEAR(b.number("/fleets/0/power_mw"), 2.1, 1e-12);
    EXPECT_NEAR(b.number("/alternatives/0/usd_per_mwh"), 200, 0);
    EXPECT_FALSE(b.flag("/fleets/0/under_water"));
}

/// The ```toml blocks of docs/trend.md, one after the other.
std::string documented_settings() {
    const std::string page = read_file(HP_SOURCE_DIR "/docs/trend.md");
    std::string settings;
    for (std::size_t at = page.find("```toml\n"); at != std::string::npos;
         at = page.find("```toml\n", at + 1)) {
        const std::size_t begin = at + 8;
        settings += page.substr(begin, page.find("```", begin) - begin);
    }
    return settings;
}

// the golden series closes below 40 first on 2025-11-14 (39.324232), and stays there
TEST_F(TrendCommands, TheRulesAndFleetsOfTheManualWork) {
    const std::string file = installation.dir.write("manual.toml", documented_settings());

    const auto level =
        json({"--config", file, "backtest", "--rule", "below-forty", "--from", "2025-07-01"});
    EXPECT_EQ(level.text("/kind"), "level");
    EXPECT_EQ(level.text("/events/0/state"), "pending");
    EXPECT_EQ(level.text("/events/0/date"), "2025-11-14");
    const auto rate = json({"--config", file, "backtest", "--rule", "fast-fall"});
    EXPECT_GT(rate.size("/events"), 0U);
    EXPECT_EQ(json({"--config", file, "trend"}).size("/rules"), 3U);
    EXPECT_EQ(json({"--config", file, "breakeven"}).text("/fleets/0/name"), "hall-a");
}

TEST_F(TrendCommands, WhatCannotBeAskedIsRefusedWithWords) {
    const auto refused = [&](const std::vector<std::string>& arguments, const std::string& word) {
        const Outcome outcome = installation.run(arguments);
        EXPECT_EQ(outcome.status, 2) << word;
        EXPECT_NE(outcome.err.find(word), std::string::npos) << outcome.err;
        EXPECT_EQ(outcome.out, "");
    };
    refused({"backtest", "--rule", "nope"}, "no rule 'nope'");
    refused({"backtest"}, "--rule");
    refused({"declines", "--state", "gone"}, "--state");
    refused({"declines", "--from", "2025-02-01", "--to", "2025-01-01"}, "--from must be before");
    refused({"trend", "yesterday"}, "yesterday");
    refused({"breakeven", "--efficiency", "0"}, "efficiency_j_per_th must be a number above 0");
    refused({"breakeven", "--power", "cheap"}, "--power: 'cheap' is no number");
    refused({"annotate", "remove", "77"}, "no note 77");
}

TEST_F(TrendCommands, ARangeInTheFutureHoldsNothing) {
    EXPECT_EQ(json({"declines", "--from", "2190-01-01"}).size("/declines"), 0U);
    const auto backtest = json({"backtest", "--rule", "sustained-decline", "--from", "2190-01-01"});
    EXPECT_EQ(backtest.size("/events"), 0U);
    EXPECT_TRUE(backtest.is_null("/first/date"));
}

TEST_F(TrendCommands, NotesAreKeptAndTakenBack) {
    EXPECT_EQ(installation.run({"annotate", "add", "2025-09-01", "hall B online"}).status, 0);

    const std::vector<std::string> list{"annotate",   "list", "--from",
                                        "2025-08-20", "--to", "2025-09-10"};
    const auto notes = json(list);
    ASSERT_EQ(notes.size("/annotations"), 3U);  // between two retargets
    EXPECT_EQ(notes.text("/annotations/0/kind"), "retarget");
    EXPECT_EQ(notes.number("/annotations/0/height"), 911232);
    EXPECT_EQ(notes.text("/annotations/1/text"), "hall B online");
    EXPECT_EQ(notes.text("/annotations/1/time"), "2025-09-01T00:00:00Z");

    EXPECT_EQ(installation.run({"annotate", "remove", "1"}).status, 0);
    EXPECT_EQ(json(list).size("/annotations"), 2U);
}

TEST_F(TrendCommands, TheTextIsPlainWhereNoTerminalIs) {
    const std::string text = installation.output({"trend"});

    EXPECT_NE(text.find("active, critical"), std::string::npos) << text;
    EXPECT_NE(text.find("stale: the newest close is that of 2025-11-30"), std::string::npos);
    EXPECT_NE(text.find("█"), std::string::npos);
    EXPECT_EQ(text.find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace hashprice::test
