#include <SQLiteCpp/SQLiteCpp.h>
#include <gmock/gmock.h>

#include <random>
#include <thread>

#include "tests/e2e/upstream.hpp"

/// kill -9 in the middle of a backfill, beside a living daemon, again and again.
namespace hashprice::test {
namespace {

using namespace std::chrono_literals;

constexpr int kKills = 25;
constexpr domain::UtcSeconds kFrom = domain::utc(1'751'328'000);  // 2025-07-01T00:00:00Z
constexpr domain::UtcSeconds kTo = domain::utc(1'764'547'200);    // 2025-12-01T00:00:00Z

std::vector<std::string> lines(const Installation& house, const std::string& sql) {
    SQLite::Database db(house.database(), SQLite::OPEN_READONLY);
    db.setBusyTimeout(10'000);
    SQLite::Statement query(db, sql);
    std::vector<std::string> all;
    while (query.executeStep()) {
        std::string line;
        for (int i = 0; i < query.getColumnCount(); ++i)
            line += query.getColumn(i).getString() + "|";
        all.push_back(std::move(line));
    }
    return all;
}

/// Facts, observations and bars of the range; not when they were fetched or recorded.
std::vector<std::string> content(const Installation& house) {
    const std::string range =
        fmt::format(" WHERE time >= {} AND time < {} ", domain::unix_s(kFrom), domain::unix_s(kTo));
    std::vector<std::string> all;
    for (const std::string& sql :
         {"SELECT time, usd_per_ph_day, sat_per_ph_day, price_usd, difficulty, height, "
          "fee_sat_mean, fee_window, span_s, stale, degraded FROM v_hashprice" +
              range + "ORDER BY time",
          "SELECT time, usd_open, usd_high, usd_low, usd_close, usd_mean, coverage "
          "FROM v_hashprice_hourly" +
              range + "ORDER BY time",
          "SELECT time, height, blocks, fee_sat_sum, source FROM v_inputs_fees" + range +
              "ORDER BY time, height, source",
          "SELECT time, source, span_s, price_usd FROM v_inputs_price" + range +
              "ORDER BY time, source, span_s",
          "SELECT time, height, bits FROM v_inputs_difficulty" + range + "ORDER BY height"}) {
        for (std::string& line : lines(house, sql)) all.push_back(std::move(line));
    }
    return all;
}

std::int64_t facts(const Installation& house) {
    return std::stoll(lines(house,
                            "SELECT (SELECT COUNT(*) FROM blocks) + (SELECT COUNT(*) FROM prices) "
                            "+ (SELECT COUNT(*) FROM epochs)")
                          .front());
}

std::vector<std::string> backfill(domain::UtcSeconds from, domain::UtcSeconds to) {
    return {"backfill", "--from", domain::format_time(from), "--to", domain::format_time(to)};
}

TEST(KilledBackfill, BesideALivingDaemonLosesNothingDoublesNothingAndEndsTheSame) {
    Furnished undisturbed;
    undisturbed.settings(60'000, "[poll]\nbackfill_on_start = \"0\"\n");
    EXPECT_EQ(run(undisturbed.call(backfill(kFrom, kTo)), 60s).status, 3) << "August's hole";
    Furnished house;
    const std::string live =
        "[poll]\ninterval = \"1s\"\nblock_interval = \"1s\"\nbackfill_on_start = \"0\"\n";
    house.settings(1'500, live);  // slow enough to be caught in the act
    Daemon daemon(house, {});

    std::mt19937 random(20251115);
    const auto part = (kTo - kFrom) / kKills;
    int in_the_act = 0;
    std::int64_t known = 0;
    for (int n = 0; n < kKills; ++n) {
        SCOPED_TRACE(n);
        // newest first, each overlapping the one before, so that some of it is there already
        const domain::UtcSeconds to = kTo - n * part;
        Process process(house.call(backfill(std::max(kFrom, to - 2 * part), to)));
        std::this_thread::sleep_for(
            milliseconds{std::uniform_int_distribution<int>(20, 700)(random)});
        in_the_act += process.running() ? 1 : 0;
        process.send(SIGKILL);
        (void)process.wait();

        const Outcome check = house.run({"check"});
        ASSERT_EQ(check.status, 0) << check.err;
        const std::int64_t now = facts(house);
        EXPECT_GE(now, known) << "a row was lost";
        known = now;
    }
    EXPECT_GE(in_the_act, kKills / 2) << "too many were over before they were killed";
    EXPECT_TRUE(daemon.process.running()) << daemon.process.err();

    house.settings(60'000, live);
    const Outcome last = run(house.call(backfill(kFrom, kTo)), 60s);
    EXPECT_EQ(last.status, 3) << last.err;
    EXPECT_EQ(content(house), content(undisturbed));
    daemon.process.send(SIGTERM);
    EXPECT_EQ(daemon.process.wait(), 0);
    EXPECT_EQ(house.run({"check"}).status, 0);
}

}  // namespace
}  // namespace hashprice::test
