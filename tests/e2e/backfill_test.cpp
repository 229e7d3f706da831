#include <SQLiteCpp/SQLiteCpp.h>
#include <gmock/gmock.h>

#include <thread>

#include "tests/e2e/upstream.hpp"

/// `hashprice backfill`, the real binary against the fake upstream over HTTP.
namespace hashprice::test {
namespace {

using testing::HasSubstr;
using namespace std::chrono_literals;

struct Golden {
    const char* date;
    std::int64_t height;
    double difficulty;
    double mean_fee_sat;
    double price_usd;
    double usd_per_ph_day;
};
/// METHOD's golden series, by a program that shares no code with this one.
constexpr Golden kGolden[] = {
#include "tests/trend/golden_2025.inc"
};

const std::vector<std::string> kAutumn{"backfill", "--from", "2025-07-01", "--to", "2025-12-01"};

std::vector<std::string> with(std::vector<std::string> call, const std::vector<std::string>& more) {
    call.insert(call.end(), more.begin(), more.end());
    return call;
}

std::int64_t close_of(const char* date) {
    return domain::unix_s(domain::parse_instant(date, {}).value());
}

/// Each row of a query as one line.
std::vector<std::string> lines(const Installation& installation, const std::string& sql) {
    SQLite::Database db(installation.database(), SQLite::OPEN_READONLY);
    SQLite::Statement query(db, sql);
    std::vector<std::string> lines;
    while (query.executeStep()) {
        std::string line;
        for (int i = 0; i < query.getColumnCount(); ++i)
            line += query.getColumn(i).getString() + "|";
        lines.push_back(std::move(line));
    }
    return lines;
}

/// All that is promised and does not say when it was fetched or recorded.
std::vector<std::string> content(const Installation& installation) {
    std::vector<std::string> all;
    for (const char* sql :
         {"SELECT time, usd_per_ph_day, sat_per_ph_day, price_usd, difficulty, height, "
          "fee_sat_mean, fee_window, span_s, stale, degraded FROM v_hashprice ORDER BY time",
          "SELECT time, usd_open, usd_high, usd_low, usd_close, usd_mean, coverage "
          "FROM v_hashprice_hourly ORDER BY time",
          "SELECT time, usd_open, usd_high, usd_low, usd_close, usd_mean, coverage "
          "FROM v_hashprice_daily ORDER BY time",
          "SELECT time, height, blocks, fee_sat_sum, source FROM v_inputs_fees "
          "ORDER BY time, height, source",
          "SELECT time, source, span_s, price_usd FROM v_inputs_price ORDER BY time, source, "
          "span_s",
          "SELECT height, bits FROM v_inputs_difficulty ORDER BY height"}) {
        for (std::string& line : lines(installation, sql)) all.push_back(std::move(line));
    }
    return all;
}

void expect_golden(const Installation& installation) {
    SQLite::Database db(installation.database(), SQLite::OPEN_READONLY);
    SQLite::Statement query(db,
                            "SELECT usd_per_ph_day, height, difficulty, fee_sat_mean, price_usd "
                            "FROM v_hashprice WHERE time = ?");
    for (const Golden& g : kGolden) {
        SCOPED_TRACE(g.date);
        query.reset();
        query.bind(1, close_of(g.date));
        ASSERT_TRUE(query.executeStep());
        EXPECT_NEAR(query.getColumn(0).getDouble(), g.usd_per_ph_day, 5e-7);
        EXPECT_EQ(query.getColumn(1).getInt64(), g.height);
        EXPECT_NEAR(query.getColumn(2).getDouble(), g.difficulty, 0.01);
        EXPECT_NEAR(query.getColumn(3).getDouble(), g.mean_fee_sat, 5e-5);
        EXPECT_NEAR(query.getColumn(4).getDouble(), g.price_usd, 1e-9);
    }
}

TEST(BackfillCommand, BringsTheGoldenValuesTellsOfTheHoleAndHealsIt) {
    Furnished house;

    const Outcome first = house.run(kAutumn);

    EXPECT_EQ(first.status, 3) << first.err;  // blocks of 2025-08-06 to 08-10 are nowhere
    EXPECT_THAT(first.out, HasSubstr("blocks from 2025-08-06"));
    EXPECT_THAT(first.out, HasSubstr("to 2025-08-10"));
    EXPECT_THAT(first.err, HasSubstr("1 of 6: 2025-11-02 to 2025-12-01 done"));
    expect_golden(house);
    EXPECT_EQ(lines(house,
                    "SELECT COUNT(*) FROM v_inputs_fees WHERE source = 'mempool' AND "
                    "time >= 1751328000 AND time < 1764547200"),
              std::vector<std::string>{"21822|"});
    EXPECT_THAT(house.output({"gaps", "--from", "2025-08-01", "--to", "2025-09-01"}),
                HasSubstr("no blocks"));

    house.upstream.fill_hole();
    house.upstream.forget_hits();
    const Outcome second = house.run(kAutumn);

    EXPECT_EQ(second.status, 0) << second.err;
    EXPECT_THAT(second.out, HasSubstr("still missing  nothing"));
    EXPECT_LE(house.upstream.requests(), 6U) << "only the hole is asked for";
    EXPECT_EQ(
        house.output({"gaps", "--from", "2025-08-01", "--to", "2025-09-01"}).find("no blocks"),
        std::string::npos);
    expect_golden(house);

    const auto before = content(house);
    house.upstream.forget_hits();
    const Outcome third = house.run(with(kAutumn, {"--json"}));

    EXPECT_EQ(third.status, 0);
    EXPECT_THAT(third.out, HasSubstr(R"("new":0,"unchanged":0,"revised":0,"refused":0)"));
    EXPECT_LE(house.upstream.requests(), 1U);
    EXPECT_EQ(content(house), before);
}

TEST(BackfillCommand, KilledInTheMiddleAndStartedAgainEndsWithTheRowsOfAnUndisturbedRun) {
    Furnished undisturbed;
    EXPECT_EQ(undisturbed.run(kAutumn).status, 3);
    const auto windows = undisturbed.upstream.requests("/mempool/api/v1/mining/blocks/fees");
    Furnished house(2400);  // slow enough to be caught in the act

    {
        Process killed(house.call(kAutumn));
        ASSERT_TRUE(killed.says("3 of 6")) << killed.err();
        killed.send(SIGKILL);
        EXPECT_EQ(killed.wait(), 128 + SIGKILL);
    }
    const auto asked_first = house.upstream.requests("/mempool/api/v1/mining/blocks/fees");
    house.settings(60'000);
    const Outcome again = house.run(kAutumn);

    EXPECT_EQ(again.status, 3) << again.err;
    EXPECT_LT(asked_first, windows) << "it was over before it was killed";
    // what the killed one had not stored yet is at most one chunk: ten windows
    EXPECT_LE(house.upstream.requests("/mempool/api/v1/mining/blocks/fees"), windows + 10);
    EXPECT_EQ(content(house), content(undisturbed));
    EXPECT_EQ(house.run({"status"}).status, 0);
}

TEST(BackfillCommand, TheDryRunSendsNothing) {
    Furnished house(30);

    const std::string text = house.output(with(kAutumn, {"--dry-run"}));
    const std::string json = house.output(with(kAutumn, {"--dry-run", "--json"}));

    EXPECT_EQ(house.upstream.requests(), 0U);
    EXPECT_THAT(text, HasSubstr("none was sent"));
    EXPECT_THAT(text, HasSubstr("127.0.0.1:"));
    EXPECT_THAT(json, HasSubstr(R"("dry_run":true,"requests":)"));
    EXPECT_THAT(json, HasSubstr(R"("requests_per_minute":30,)"));
}

TEST(BackfillCommand, SigintEndsItAtOnceWithWhatItHas) {
    Furnished house;
    house.upstream.order({.prefix = "/mempool/api/v1/mining/blocks/fees",
                          .kind = fake::FaultKind::slow_headers,
                          .amount = 5'000});
    for (const int signal : {SIGINT, SIGTERM}) {
        Process process(house.call(kAutumn));
        const auto patience = std::chrono::steady_clock::now() + 10s;
        while (house.upstream.requests("/mempool/api/v1/mining/blocks/fees") == 0 &&
               std::chrono::steady_clock::now() < patience) {
            std::this_thread::sleep_for(10ms);
        }
        process.send(signal);

        EXPECT_EQ(process.wait(2s), 3) << process.err();
        EXPECT_THAT(process.out(), HasSubstr("stopped;"));
        house.upstream.forget_hits();
    }
}

TEST(BackfillCommand, OnlyOneAtATime) {
    Furnished house;
    house.upstream.order(
        {.prefix = "/mempool", .kind = fake::FaultKind::slow_headers, .amount = 3'000});
    Process first(house.call(kAutumn));
    while (first.running() && house.upstream.requests() == 0) std::this_thread::sleep_for(10ms);

    const Outcome second = house.run(kAutumn);

    EXPECT_EQ(second.status, 5);
    EXPECT_THAT(second.err, HasSubstr("another backfill"));
    first.send(SIGTERM);
    EXPECT_EQ(first.wait(2s), 3);
}

TEST(BackfillCommand, WrongCallsAreNamed) {
    Furnished house;
    EXPECT_EQ(house.run({"backfill"}).status, 2);
    EXPECT_EQ(house.run({"backfill", "--from", "yesterday"}).status, 2);
    EXPECT_EQ(house.run({"backfill", "--from", "2025-12-05"}).status, 2) << "the future";
    EXPECT_EQ(house.run({"backfill", "--from", "2025-11-01", "--step", "5m"}).status, 2);
    const Outcome unknown = house.run({"backfill", "--from", "2025-11-01", "--source", "mtgox"});
    EXPECT_EQ(unknown.status, 2);
    EXPECT_THAT(unknown.err, HasSubstr("mtgox"));
    EXPECT_EQ(house.upstream.requests(), 0U);
}

TEST(BackfillCommand, WithoutANetworkItSaysWhatItCouldNotReach) {
    Furnished house;
    house.upstream.order({.prefix = "/", .kind = fake::FaultKind::status, .amount = 404});

    const Outcome outcome = house.run({"backfill", "--from", "2025-11-20", "--to", "2025-11-25"});

    EXPECT_EQ(outcome.status, 3);
    EXPECT_THAT(outcome.out, HasSubstr("HTTP 404"));
    EXPECT_THAT(house.output({"sources"}), HasSubstr("down"));
}

TEST(BackfillCommand, DaysAreEnoughForALongPast) {
    Furnished house;

    const Outcome outcome =
        house.run({"backfill", "--from", "2025-09-01", "--to", "2025-12-01", "--step", "1d"});

    EXPECT_EQ(outcome.status, 0) << outcome.out << outcome.err;
    EXPECT_LE(house.upstream.requests("/coinbase"), 4U);
    EXPECT_EQ(lines(house, "SELECT COUNT(*) FROM v_inputs_price WHERE source = 'coinbase'"),
              std::vector<std::string>{"91|"});
}

TEST(BackfillCommand, WorksBesideTheDaemonWhichServesWhatItBrings) {
    Furnished house;
    house.settings(60'000, "[poll]\nbackfill_on_start = \"0\"\n");
    const Daemon daemon(house, {});

    const Outcome outcome = house.run({"backfill", "--from", "2025-11-01", "--to", "2025-12-01"});

    EXPECT_EQ(outcome.status, 0) << outcome.out << outcome.err;
    const HttpAnswer series =
        daemon.get("/api/v1/hashprice?from=2025-11-22&to=2025-11-23&step=1d&format=csv");
    EXPECT_THAT(series.body, HasSubstr("35.1953"));  // METHOD's golden table, 2025-11-22
    const HttpAnswer sources = daemon.get("/api/v1/sources");
    EXPECT_EQ(sources.status, 200);
    EXPECT_THAT(sources.body, HasSubstr(R"("name":"mempool")"));
    const std::string range = "from=2025-07-01&to=2025-12-01";
    EXPECT_EQ(daemon.get("/api/v1/gaps?" + range).body + "\n",
              house.output({"gaps", "--from", "2025-07-01", "--to", "2025-12-01", "--json"}));
}

TEST(Healing, TheDaemonFillsItsPastAndGoesOnAfterAnInterruption) {
    Furnished house;
    house.settings(60'000, "[poll]\nbackfill_on_start = \"60d\"\n");
    {
        Daemon daemon(house, {});
        ASSERT_TRUE(daemon.process.says("healed with")) << daemon.process.err();
        EXPECT_THAT(daemon.get("/api/v1/gaps?from=2025-10-03").body,
                    testing::Not(HasSubstr("no blocks")));
        daemon.process.send(SIGTERM);
        EXPECT_EQ(daemon.process.wait(2s), 0);
    }
    house.upstream.forget_hits();
    {
        Daemon daemon(house, {});
        std::this_thread::sleep_for(500ms);
        EXPECT_EQ(house.upstream.requests("/mempool/api/v1/mining/blocks/fees"), 0U);
    }
}

TEST(Healing, EndsAtOnceWithItsRequestsInFlight) {
    Furnished house;
    house.upstream.order({.prefix = "/", .kind = fake::FaultKind::slow_headers, .amount = 8'000});
    Daemon daemon(house, {});
    const auto patience = std::chrono::steady_clock::now() + kPatience;
    while (house.upstream.requests() == 0 && std::chrono::steady_clock::now() < patience) {
        std::this_thread::sleep_for(10ms);
    }

    daemon.process.send(SIGTERM);

    EXPECT_EQ(daemon.process.wait(2s), 0);
}

}  // namespace
}  // namespace hashprice::test
