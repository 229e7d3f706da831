#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "service/cli/config_commands.hpp"
#include "service/cli/data_commands.hpp"
#include "service/cli/fact_commands.hpp"
#include "service/cli/parse.hpp"
#include "service/cli/read_commands.hpp"
#include "service/cli/session.hpp"
#include "tests/support/process.hpp"
#include "tests/support/sim_clock.hpp"

// Commands over a database of their own, in process.
namespace hashprice::service::cli {
namespace {

using domain::Errc;
using std::chrono_literals::operator""h;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

struct Done {
    int status = -1;
    Errc code{};  ///< with status -1: it ended in an error
    std::string out;
    std::string err;
};

class Commands : public ::testing::Test {
protected:
    Commands() {
        for (const auto& group :
             {read_commands(), fact_commands(), config_commands(), data_commands()})
            table.insert(table.end(), group.begin(), group.end());
    }
    Done run(const std::vector<std::string>& words) {
        std::vector<const char*> argv{"hashprice"};
        for (const std::string& word : words) argv.push_back(word.c_str());
        const auto parsed = parse(table, static_cast<int>(argv.size()), argv.data());
        if (!parsed) return {-1, parsed.error().code, "", parsed.error().what};
        config::Request request;
        request.system_file = dir.path() / "none.toml";
        request.overrides.push_back({"--db", "database", "path", database().string()});
        auto settings = config::load(request);
        EXPECT_TRUE(settings) << settings.error().what;
        std::ostringstream out;
        std::ostringstream err;
        Session session(std::move(*settings), {clock, out, err});
        const auto status = parsed->command->run(session, parsed->arguments);
        if (!status) return {-1, status.error().code, out.str(), status.error().what};
        return {*status, {}, out.str(), err.str()};
    }
    [[nodiscard]] std::filesystem::path database() const { return dir.path() / "hashprice.db"; }

    test::TempDir dir;
    // 2025-11-30T12:00:00Z: the last close of the starter history is yet to come
    fake::SimClock clock{domain::utc(1764504000)};
    std::vector<Command> table;
};

TEST_F(Commands, TheFirstOneMakesTheDatabaseWithTheStarterHistoryAndSaysSo) {
    const Done first = run({"latest"});
    EXPECT_EQ(first.status, 0);
    EXPECT_THAT(first.err, AllOf(HasSubstr(database().string()), HasSubstr("starter history")));
    EXPECT_EQ(run({"latest"}).err, "");
}

TEST_F(Commands, LatestShowsTheNewestObservationThatTheClockHasReached) {
    const Done latest = run({"latest"});
    EXPECT_THAT(latest.out, HasSubstr("as of        2025-11-30T00:00:00Z, 12 h"));
    EXPECT_THAT(latest.out, HasSubstr("from starter\n"));
}

TEST_F(Commands, ADailyObservationIsStaleWhenTheNextOneIsOverdue) {
    EXPECT_THAT(run({"latest"}).out, Not(HasSubstr("stale")));
    clock.advance(13h);
    EXPECT_THAT(run({"latest"}).out,
                HasSubstr("stale        the newest observation is 1 d 1 h old"));
}

TEST_F(Commands, LatestInJsonIsOneObject) {
    const std::string json = run({"latest", "--json"}).out;
    EXPECT_THAT(json, StartsWith("{\"time\":\"2025-11-30T00:00:00Z\",\"time_s\":1764460800,"));
    EXPECT_THAT(json, HasSubstr("\"stale\":false,\"stale_reason\":null,\"degraded\":true"));
    EXPECT_TRUE(json.ends_with("}\n"));
}

TEST_F(Commands, QueryTakesTimesInEveryForm) {
    const std::string expected =
        run({"query", "--from", "2025-11-20", "--to", "2025-11-23", "--step", "1d"}).out;
    ASSERT_THAT(expected, HasSubstr("2025-11-22T00:00:00Z       35.1953"));  // METHOD section 1
    EXPECT_THAT(expected, Not(HasSubstr("2025-11-23T")));
    // the same instants: 2025-11-20 and 2025-11-23, both 00:00 UTC
    const std::vector<std::pair<std::string, std::string>> forms{
        {"2025-11-20T00:00:00Z", "2025-11-23T00:00:00Z"},
        {"2025-11-20T01:00:00+01:00", "2025-11-22T19:00:00-05:00"},
        {"1763596800", "1763856000"},
        {"-252h", "-180h"},
        {"now-252h", "now-180h"}};
    for (const auto& [from, to] : forms) {
        SCOPED_TRACE(from);
        EXPECT_EQ(run({"query", "--from", from, "--to", to, "--step", "1d"}).out, expected);
    }
}

TEST_F(Commands, QueryWithoutARangeEndsWithTheDataAndSaysHowOldTheyAre) {
    EXPECT_EQ(run({"query"}).err.find("newest observation"), std::string::npos)
        << "half a day is not old";
    clock.advance(-12h + 360 * 24h);  // a year after the last close

    const Done old = run({"query"});

    EXPECT_THAT(old.err, HasSubstr("the newest observation is 360 d 0 h old"));
    EXPECT_EQ(old.out, run({"query", "--from", "2025-10-31", "--to", "2025-11-30"}).out);
    EXPECT_THAT(old.out, HasSubstr("35.1953"));  // METHOD section 1: the close of 2025-11-22
    EXPECT_EQ(run({"query", "--from", "-30d"}).out.find("35.1953"), std::string::npos);
}

TEST_F(Commands, QueryRefusesWhatIsNoRange) {
    for (const std::vector<std::string>& words :
         {std::vector<std::string>{"query", "--from", "2025-11-23", "--to", "2025-11-20"},
          {"query", "--from", "2025-11-20", "--to", "2025-11-20"},
          {"query", "--from", "yesterday"},
          {"query", "--to", "2025-02-30"}}) {
        const Done refused = run(words);
        EXPECT_EQ(refused.code, Errc::usage) << refused.err;
        EXPECT_EQ(refused.out, "");
    }
}

TEST_F(Commands, QueryHasDenominationsRatesAndFormats) {
    const auto first_mean = [&](std::vector<std::string> more) {
        std::vector<std::string> words{"query",  "--from", "2025-11-22", "--to", "2025-11-23",
                                       "--step", "1d",     "--format",   "csv"};
        words.insert(words.end(), more.begin(), more.end());
        const std::string csv = run(words).out;
        const auto line = csv.find("Z,1763769600,");
        return line == std::string::npos ? 0.0 : std::stod(csv.substr(line + 13));
    };
    EXPECT_NEAR(first_mean({}), 35.195311, 5e-7);  // METHOD section 1
    EXPECT_NEAR(first_mean({"--per", "th"}), 0.035195311, 5e-10);
    EXPECT_NEAR(first_mean({"--per", "eh"}), 35195.311, 5e-4);
    const double sat = 35.195311 / 84696.98 * 1e8;  // the price of that close
    EXPECT_NEAR(first_mean({"--denomination", "sat"}), sat, 1e-3);
    EXPECT_NEAR(first_mean({"--denomination", "btc"}), sat / 1e8, 1e-11);
}

TEST_F(Commands, QueryShowsAGapAsMissing) {
    const std::vector<std::string> august{"query",      "--from", "2025-08-05", "--to",
                                          "2025-08-07", "--step", "1d"};
    EXPECT_THAT(run(august).out, HasSubstr("2025-08-06T00:00:00Z             -"));
    auto csv = august;
    csv.insert(csv.end(), {"--format", "csv"});
    EXPECT_THAT(run(csv).out, HasSubstr("2025-08-06T00:00:00Z,1754438400,,,,,,0\n"));
    auto json = august;
    json.emplace_back("--json");
    EXPECT_THAT(run(json).out, HasSubstr("\"mean\":null,\"open\":null"));
}

TEST_F(Commands, ExplainOfADateMeansItsClose) {
    const Done done = run({"explain", "2025-11-15"});
    EXPECT_EQ(done.status, 0);
    EXPECT_THAT(done.out, StartsWith("39.676822 USD/PH/day as of 2025-11-16T00:00:00Z\n"));
    EXPECT_EQ(run({"explain", "2025-11-16T00:00:00Z"}).out, done.out);
    EXPECT_EQ(run({"explain", "2025-11-15T12:34:56Z"}).out, done.out) << "it speaks for the day";
}

TEST_F(Commands, ExplainOfAGapSaysWhatIsMissingAndFails) {
    const Done done = run({"explain", "2025-08-08"});
    EXPECT_EQ(done.status, 1);
    EXPECT_THAT(done.out, AllOf(StartsWith("no observation speaks for 2025-08-09T00:00:00Z\n"),
                                HasSubstr("no fees"), Not(HasSubstr("no price"))));
}

TEST_F(Commands, ExplainAsOfAnEarlierTimeKnowsNothingYet) {
    run({"latest"});
    EXPECT_EQ(run({"explain", "2025-11-15", "--as-of", "2025-11-16"}).status, 1);
    EXPECT_EQ(run({"explain", "2025-11-15", "--as-of", "now"}).status, 0);
}

TEST_F(Commands, StatusCountsWhatIsThere) {
    const std::string text = run({"status"}).out;
    EXPECT_THAT(text, HasSubstr("0 blocks, 334 prices, 329 fee means, 474 epochs"));
    EXPECT_THAT(text, HasSubstr(database().string()));
    EXPECT_THAT(run({"status", "--json"}).out, HasSubstr("\"prices\":334"));
}

TEST_F(Commands, ImportTellsWhatBecameOfTheFactsAndTwiceChangesNothing) {
    const std::string file =
        dir.write("closes.csv", "date,close_usd\n2025-11-22,84700.00\n2025-11-23,86800.00\n");
    const Done first = run({"import", file, "--source", "my-archive"});
    EXPECT_EQ(first.status, 0);
    EXPECT_THAT(first.err, HasSubstr("2 facts new, 0 unchanged, 0 revised, 0 refused; "
                                     "2 observations changed"));
    EXPECT_EQ(first.out, "");
    EXPECT_THAT(run({"import", file, "--source", "my-archive"}).err,
                HasSubstr("0 facts new, 2 unchanged, 0 revised, 0 refused; 0 observations"));
    EXPECT_THAT(run({"explain", "2025-11-22"}).out,
                AllOf(HasSubstr("84700 USD                  my-archive 1d candle"),
                      HasSubstr("not counted: a source of higher rank has a price"),
                      HasSubstr("earlier values\n  35.195311 USD/PH/day, recorded ")));
}

TEST_F(Commands, ImportEndsWith3WhenSomeFactsContradictAndTakesTheRest) {
    const std::string header = "height,time_s,bits_hex,fee_sat\n";
    const std::string first = dir.write("a.csv", header + "923800,1763250000,1701d936,5\n");
    const std::string second =
        dir.write("b.csv", header + "923800,1763250000,1701d936,6\n923801,1763250600,1701d936,7\n");
    ASSERT_EQ(run({"import", first}).status, 0);
    const Done done = run({"import", second});
    EXPECT_EQ(done.status, 3);
    EXPECT_THAT(done.err, HasSubstr("1 facts new, 0 unchanged, 0 revised, 1 refused"));
}

TEST_F(Commands, ImportRefusesABadLineAndWritesNothingOfTheFile) {
    const std::string file =
        dir.write("closes.csv", "date,close_usd\n2025-11-22,84700.00\n2025-11-23,much\n");
    const Done done = run({"import", file});
    EXPECT_EQ(done.code, Errc::bad_payload);
    EXPECT_THAT(done.err, StartsWith(file + ":3: close_usd 'much'"));
    EXPECT_THAT(run({"status"}).out, HasSubstr("334 prices"));
}

TEST_F(Commands, ImportRefusesWhatItCannotOpenOrMayNotBeCalled) {
    EXPECT_EQ(run({"import", (dir.path() / "none.csv").string()}).code, Errc::usage);
    const std::string file = dir.write("closes.csv", "date,close_usd\n2025-11-22,84700.00\n");
    EXPECT_EQ(run({"import", file, "--source", "starter"}).code, Errc::usage);
    EXPECT_EQ(run({"import", file, "--span", "soon"}).code, Errc::usage);
    EXPECT_FALSE(std::filesystem::exists(database())) << "refused before anything was made";
}

TEST_F(Commands, RecomputeSaysHowManyChanged) {
    run({"latest"});
    const Done done = run({"recompute", "--from", "2025-01-01"});
    EXPECT_EQ(done.status, 0);
    EXPECT_THAT(done.err, HasSubstr("0 observations changed from 2025-01-01T00:00:00Z"));
}

TEST_F(Commands, ConfigShowNamesTheOriginOfWhatWasSet) {
    EXPECT_THAT(run({"config", "show"}).out, HasSubstr(database().string() + "\" "));
    EXPECT_THAT(run({"config", "check"}).out, HasSubstr("the settings are good"));
    EXPECT_THAT(run({"config", "check", "--json"}).out,
                testing::Eq("{\"good\":true,\"file\":null,\"warnings\":[]}\n"));
    EXPECT_FALSE(std::filesystem::exists(database()));
}

TEST_F(Commands, CheckTellsPeopleAndProgramsThatTheFileIsWhole) {
    EXPECT_THAT(run({"check"}).out, HasSubstr(": intact; 0 blocks, 334 prices"));
    EXPECT_EQ(run({"check", "--json"}).out,
              "{\"file\":\"" + database().string() +
                  "\",\"intact\":true,\"blocks\":0,\"prices\":334,\"fee_means\":329,"
                  "\"epochs\":474,\"observations\":328}\n");
}

}  // namespace
}  // namespace hashprice::service::cli
