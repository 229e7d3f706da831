#include <cmath>

#include "tests/e2e/hashprice.hpp"

// What a fresh installation answers, before any source was asked.
namespace hashprice::test {
namespace {

using ::std::chrono::milliseconds;

/// The number behind "name":, in JSON as we write it.
double number_in(const std::string& json, const std::string& name) {
    std::smatch found;
    if (!std::regex_search(json, found, std::regex("\"" + name + R"(":(-?[0-9][0-9.e+-]*))"))) {
        ADD_FAILURE() << "no number " << name << " in " << json;
        return std::nan("");
    }
    return std::stod(found[1]);
}

/// The point of a series that begins on that day, from its brace on.
std::string point_of(const std::string& series, const std::string& day) {
    const auto at = series.find("{\"time\":\"" + day + "T00:00:00Z\"");
    EXPECT_NE(at, std::string::npos) << day;
    return at == std::string::npos ? "" : series.substr(at, series.find('}', at) - at);
}

double round_to_cents(double usd) { return std::round(usd * 100) / 100; }

TEST(FirstUse, TheDaemonAnswersLatestAsStaleAndSaysWhy) {
    const Installation fresh;
    const Daemon daemon(fresh);

    const HttpAnswer latest = daemon.get("/api/v1/hashprice/latest");

    ASSERT_EQ(latest.status, 200) << latest.error;
    // the starter history ends with the close of 2025-11-30
    EXPECT_NE(latest.body.find(R"("time":"2025-12-01T00:00:00Z")"), std::string::npos);
    EXPECT_NE(latest.body.find(R"("stale":true)"), std::string::npos);
    EXPECT_NE(latest.body.find(R"("stale_reason":"the newest observation is )"), std::string::npos);
    EXPECT_NE(latest.body.find(R"("price":["starter"])"), std::string::npos);
    EXPECT_EQ(daemon.get("/healthz").status, 200);
    EXPECT_EQ(daemon.get("/readyz").status, 503);
}

TEST(FirstUse, TheDailySeriesHoldsTheDeclineOf2025AndTheGapOfAugust) {
    const Installation fresh;
    const Daemon daemon(fresh);

    const HttpAnswer answer = daemon.get("/api/v1/hashprice?from=2025-07-01&to=2025-12-01&step=1d");

    ASSERT_EQ(answer.status, 200) << answer.error;
    // METHOD section 1: 63.950158 and 35.195311
    EXPECT_EQ(round_to_cents(number_in(point_of(answer.body, "2025-07-11"), "close")), 63.95);
    EXPECT_EQ(round_to_cents(number_in(point_of(answer.body, "2025-11-22"), "close")), 35.20);
    for (const char* day : {"2025-08-06", "2025-08-07", "2025-08-08", "2025-08-09", "2025-08-10"}) {
        const std::string point = point_of(answer.body, day);
        EXPECT_NE(point.find(R"("close":null)"), std::string::npos) << point;
        EXPECT_NE(point.find(R"("mean":null)"), std::string::npos) << point;
        EXPECT_EQ(number_in(point, "coverage"), 0);
    }
    std::size_t points = 0;
    for (auto at = answer.body.find("{\"time\""); at != std::string::npos;
         at = answer.body.find("{\"time\"", at + 1))
        ++points;
    EXPECT_EQ(points, 153U);  // days from July to November
}

TEST(FirstUse, CtrlCEndsTheDaemonWithinTwoSecondsAndStatus0) {
    const Installation fresh;
    for (const int signal : {SIGINT, SIGTERM}) {
        Daemon daemon(fresh);
        ASSERT_EQ(daemon.get("/healthz").status, 200);
        daemon.process.send(signal);
        EXPECT_EQ(daemon.process.wait(milliseconds{2'000}), 0);
    }
}

TEST(FirstUse, AHangupDoesNotEndTheDaemon) {
    const Installation fresh;
    Daemon daemon(fresh);
    daemon.process.send(SIGHUP);
    EXPECT_FALSE(daemon.process.wait(milliseconds{200}));
    EXPECT_EQ(daemon.get("/healthz").status, 200);
}

TEST(FirstUse, TheCommandsReadBesideTheDaemonAndAgreeWithIt) {
    const Installation fresh;
    const Daemon daemon(fresh);
    const std::string series = "/api/v1/hashprice?from=2025-11-20&to=2025-11-24&step=1d";
    EXPECT_EQ(fresh.output({"query", "--from", "2025-11-20", "--to", "2025-11-24", "--step", "1d",
                            "--json"}),
              daemon.get(series).body + "\n");
    EXPECT_EQ(fresh.output({"explain", "2025-11-15", "--json"}),
              daemon.get("/api/v1/explain?time=2025-11-15").body + "\n");
    EXPECT_EQ(fresh.output({"query", "--from", "2025-11-20", "--to", "2025-11-24", "--step", "1d",
                            "--format", "csv"}),
              daemon.get(series + "&format=csv").body);
}

TEST(FirstUse, AnImportShowsInTheRunningDaemon) {
    const Installation fresh;
    const Daemon daemon(fresh);
    const std::string range = "/api/v1/hashprice?from=2024-12-31&to=2025-01-01&step=1d";
    ASSERT_NE(daemon.get(range).body.find(R"("close":null)"), std::string::npos);
    const std::string file = fresh.dir.write(
        "closes.csv",
        "date,close_usd,tip_height,fee_sat_sum_144\n2024-12-31,93391.98,877258,635194944\n");

    const Outcome imported = fresh.run({"import", file, "--source", "my-archive"});

    ASSERT_EQ(imported.status, 0) << imported.err;
    // daily statistics of that day give 54.2337 with difficulty * 2^32, which is high by 1.526e-5
    EXPECT_NEAR(number_in(point_of(daemon.get(range).body, "2024-12-31"), "close"),
                54.2337 / (1 + 1.526e-5), 5e-5);
}

TEST(FirstUse, FactsMayComeThroughAPipe) {
    const Installation fresh;
    Call call = fresh.call({"import", "-", "--source", "my-archive"});
    call.input = "date,close_usd\n2025-11-22,84700.00\n";
    const Outcome piped = run(call);
    EXPECT_EQ(piped.status, 0) << piped.err;
    EXPECT_NE(piped.err.find("1 facts new"), std::string::npos);
    call.input = "date,close_usd\n2025-11-22,much\n";
    const Outcome refused = run(call);
    EXPECT_EQ(refused.status, 1);
    EXPECT_NE(refused.err.find("-:2: close_usd 'much'"), std::string::npos) << refused.err;
}

TEST(FirstUse, TheArithmeticThatExplainPrintsGivesTheValueItPrints) {
    const Installation fresh;
    const std::string text = fresh.output({"explain", "2025-11-15"});
    const auto numbers = [&](const std::string& pattern) {
        std::vector<double> all;
        std::smatch found;
        if (!std::regex_search(text, found, std::regex(pattern))) {
            ADD_FAILURE() << "no " << pattern << " in\n" << text;
            return std::vector<double>(8, std::nan(""));
        }
        for (std::size_t n = 1; n < found.size(); ++n) all.push_back(std::stod(found[n]));
        return all;
    };
    const std::string n = "([0-9][0-9.]*)";
    const auto fee = numbers("fee_sat_mean   = " + n + " / " + n + " = " + n);
    const auto sat = numbers("sat_per_ph_day = 86400e15 \\* \\(" + n + " \\+ " + n + "\\) / \\(" +
                             n + " \\* 2\\^48 / 65535\\) = " + n);
    const auto usd = numbers("usd_per_ph_day = " + n + " / 1e8 \\* " + n + " = " + n);
    const auto head = numbers("^" + n + " USD/PH/day as of 2025-11-16T00:00:00Z");

    EXPECT_DOUBLE_EQ(fee[0] / fee[1], fee[2]);
    EXPECT_EQ(sat[1], fee[2]);
    const double by_hand =
        86400e15 * (sat[0] + sat[1]) / (sat[2] * 281474976710656.0 / 65535);  // 2^48
    EXPECT_NEAR(by_hand / sat[3], 1, 1e-14);
    EXPECT_NEAR(by_hand / 1e8 * usd[1] / usd[2], 1, 1e-14);
    EXPECT_NEAR(head[0], usd[2], 5e-7);
    EXPECT_NEAR(head[0], 39.676822, 5e-7);  // METHOD section 1
    EXPECT_EQ(usd[1], 95555.28);
    // every input with who said it and when it was fetched
    for (const char* input : {"tip", "difficulty", "subsidy", "fees", "price"})
        EXPECT_TRUE(std::regex_search(text, std::regex("\n  " + std::string(input) + " +[a-z0-9]")))
            << input;
    EXPECT_TRUE(std::regex_search(
        text, std::regex("\n  price +95555.28 USD +starter 1d candle as of 2025-11-16T00:00:00Z, "
                         "fetched [0-9]{4}-")));
}

TEST(FirstUse, EverythingIsMadeOnceAndReadingChangesNothing) {
    const Installation fresh;
    EXPECT_NE(fresh.run({"latest"}).err.find("with the starter history"), std::string::npos);
    const std::string first = fresh.output(
        {"query", "--from", "2025-01-01", "--to", "2026-01-01", "--step", "1d", "--format", "csv"});
    const Outcome again = fresh.run({"latest"});
    EXPECT_EQ(again.err, "") << "the second time there is nothing to say";
    EXPECT_EQ(fresh.output({"query", "--from", "2025-01-01", "--to", "2026-01-01", "--step", "1d",
                            "--format", "csv"}),
              first);
}

}  // namespace
}  // namespace hashprice::test
