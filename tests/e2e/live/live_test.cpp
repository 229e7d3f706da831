#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <thread>

#include "tests/e2e/hashprice.hpp"
#include "tests/support/fake_upstream.hpp"

/// The daemon polls: from the first second to the last.
namespace hashprice::test {
namespace {

using fake::FakeUpstream;
using fake::FaultKind;
using namespace std::chrono_literals;

constexpr auto kSources = {"mempool", "esplora",  "blockchain_com", "coinbase",
                           "kraken",  "bitstamp", "gemini"};
constexpr domain::UtcSeconds kPresent = domain::utc(1'763'164'800);  // 2025-11-15T00:00:00Z

/// An installation whose sources are all at `url`, on a grid of one second.
class Polling : public Installation {
public:
    explicit Polling(const std::string& url, const std::string& more = {}) {
        std::string config =
            more +
            "[poll]\ninterval = \"1s\"\nblock_interval = \"1s\"\nbackfill_on_start = \"0\"\n";
        for (const char* name : kSources) {
            config += fmt::format(
                "[[source]]\nname = \"{0}\"\nkind = \"{0}\"\nbase_url = \"{1}/{0}\"\n"
                "requests_per_minute = 6000\n",
                name, url);
        }
        environment["HASHPRICE_CONFIG"] = dir.write("polling.toml", config);
    }
    /// The program's clock starts at `now`, and moves on.
    void at(domain::UtcSeconds now) {
        std::string written = domain::format_time(now);
        written.replace(10, 1, " ").pop_back();
        environment["LD_PRELOAD"] = HP_FAKETIME;
        environment["FAKETIME"] = "@" + written;
        environment["FAKETIME_DONT_FAKE_MONOTONIC"] = "1";
        environment["TZ"] = "UTC";
    }
};

template <class Condition>
bool soon(Condition condition, milliseconds patience = kPatience) {
    const auto end = std::chrono::steady_clock::now() + patience;
    while (std::chrono::steady_clock::now() < end) {
        if (condition()) return true;
        std::this_thread::sleep_for(20ms);
    }
    return false;
}

/// The milliseconds until it has ended after a SIGTERM; its status in `status`.
milliseconds ended_within(Process& process, std::optional<int>& status) {
    const auto start = std::chrono::steady_clock::now();
    process.send(SIGTERM);
    status = process.wait();
    return std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - start);
}

int count(const std::string& text, const std::string& part) {
    int found = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
        ++found;
    return found;
}

double number_after(const std::string& text, const std::string& name) {
    const std::size_t at = text.find(name);
    return at == std::string::npos ? -1 : std::stod(text.substr(at + name.size()));
}

TEST(LiveDaemon, ObservesWithinSeconds) {
    FakeUpstream upstream;
    upstream.run_from(kPresent);
    Polling place(upstream.url());
    place.at(kPresent);
    Daemon daemon(place, {});
    const auto latest = [&] { return daemon.get("/api/v1/hashprice/latest").body; };

    ASSERT_TRUE(soon([&] { return latest().find("\"stale\":false") != std::string::npos; }))
        << latest() << daemon.process.err();
    ASSERT_TRUE(soon([&] {
        return latest().find(R"("price":["coinbase","kraken","bitstamp","gemini"])") !=
               std::string::npos;
    })) << latest();

    const std::string body = latest();
    // block 923657 is the tip of that midnight: real chain, tests/support/data/blocks.txt
    EXPECT_NE(body.find(R"("height":923657)"), std::string::npos) << body;
    EXPECT_NE(body.find(R"("fee_window":"blocks_144")"), std::string::npos) << body;
    EXPECT_NE(body.find(R"("fees":["mempool"])"), std::string::npos) << body;
    EXPECT_EQ(daemon.get("/readyz").status, 200);
    EXPECT_EQ(daemon.process.err().find(" warn"), std::string::npos) << daemon.process.err();

    std::optional<int> status;
    EXPECT_LT(ended_within(daemon.process, status), 2s);
    EXPECT_EQ(status, 0) << daemon.process.err();
}

// CONTRACT's names, each with its labels; a daemon that polls, with a fleet and one dead exchange
TEST(LiveDaemon, ShowsEveryPromisedMetric) {
    FakeUpstream upstream;
    upstream.run_from(kPresent);
    upstream.order({.prefix = "/kraken", .kind = FaultKind::status, .amount = 500});
    Polling place(upstream.url(),
                  "[[fleet]]\nname = \"hall\"\nefficiency_j_per_th = 17.5\npower_usd_per_mwh = 60\n"
                  "hashrate_ph = 120\n");
    place.at(kPresent);
    const Daemon daemon(place, {});
    ASSERT_TRUE(soon([&] { return daemon.get("/readyz").status == 200; }));
    const auto metrics = [&] { return daemon.get("/metrics").body; };

    for (const char* promised :
         {"hashprice_usd_per_ph_day ", "hashprice_sat_per_ph_day ", "hashprice_network_difficulty ",
          "hashprice_btc_price_usd{source=\"coinbase\"} ", "hashprice_block_fee_sat_mean ",
          "hashprice_chain_height 923657\n", "hashprice_observation_timestamp_seconds ",
          "hashprice_source_up{source=\"kraken\"} 0\n",
          "hashprice_source_up{source=\"coinbase\"} 1\n",
          "hashprice_source_last_success_timestamp_seconds{source=\"mempool\"} ",
          "hashprice_source_requests_total{source=\"kraken\",outcome=\"ok\"} 0\n",
          "hashprice_source_request_duration_seconds_bucket{source=\"kraken\",le=\"+Inf\"} ",
          "hashprice_source_request_duration_seconds_sum{source=\"coinbase\"} ",
          "hashprice_decline_active{rule=\"sustained-decline\",denomination=\"usd\"} 1\n",
          "hashprice_decline_depth_ratio{rule=\"sustained-decline\",denomination=\"usd\"} 0.3",
          "hashprice_breakeven_usd_per_mwh{fleet=\"hall\"} ", "hashprice_build_info{version=\""}) {
        EXPECT_TRUE(soon([&] { return metrics().find(promised) != std::string::npos; }))
            << promised << "\n"
            << metrics();
    }
    // they count up, and samples of the present carry no time of their own
    const auto asked_in_vain = [&] {
        return number_after(metrics(), R"(requests_total{source="kraken",outcome="http_status"} )");
    };
    const double before = asked_in_vain();
    EXPECT_GE(before, 1);
    EXPECT_TRUE(soon([&] { return asked_in_vain() > before; }));
}

TEST(LiveDaemon, TellsListenersOfEachObservation) {
    FakeUpstream upstream;
    upstream.run_from(kPresent);
    Polling place(upstream.url());
    place.at(kPresent);
    const Daemon daemon(place, {});
    ASSERT_TRUE(soon([&] { return daemon.get("/readyz").status == 200; }));

    const HttpAnswer heard = http({.url = daemon.url + "/api/v1/events", .patience = 3500ms});

    EXPECT_GE(count(heard.body, "event: observation"), 2) << heard.body;
    EXPECT_NE(heard.body.find(R"("usd_per_ph_day":)"), std::string::npos);
}

TEST(LiveDaemon, EndsWithinTwoSecondsWithRequestsInFlight) {
    FakeUpstream upstream;
    upstream.order({.prefix = "/", .kind = FaultKind::slow_headers, .amount = 60'000});
    Polling place(upstream.url());
    Daemon daemon(place, {});
    ASSERT_TRUE(soon([&] { return upstream.requests() >= 5; })) << daemon.process.err();

    std::optional<int> status;
    EXPECT_LT(ended_within(daemon.process, status), 2s);
    EXPECT_EQ(status, 0) << daemon.process.err();
}

TEST(LiveDaemon, WithoutANetworkItServesWhatItHasAndNamesEachSourceOnce) {
    Polling place("http://127.0.0.1:9");
    Daemon daemon(place, {});  // port 9 of the loopback: nobody listens
    for (const char* name : {"mempool", "esplora", "coinbase", "kraken", "bitstamp", "gemini"}) {
        EXPECT_TRUE(daemon.process.says(fmt::format("source {} cannot be used", name)))
            << daemon.process.err();
    }
    std::this_thread::sleep_for(2s);  // some ten more tries

    const std::string log = daemon.process.err();
    EXPECT_EQ(count(log, "cannot be used"), 6) << log;
    const std::string july =
        daemon.get("/api/v1/hashprice?from=2025-07-01&to=2025-07-12&step=1d&fields=close").body;
    EXPECT_NE(july.find("63.95015"), std::string::npos)
        << "METHOD's golden close of 2025-07-11, from the starter history: " << july;
    EXPECT_EQ(daemon.get("/readyz").status, 503);
    std::optional<int> status;
    EXPECT_LT(ended_within(daemon.process, status), 2s);
    EXPECT_EQ(status, 0);
}

TEST(LiveDaemon, SaysWhenASourceIsBack) {
    FakeUpstream upstream;
    upstream.run_from(kPresent);
    upstream.order({.prefix = "/kraken", .kind = FaultKind::status, .amount = 503});
    Polling place(upstream.url());
    place.at(kPresent);
    Daemon daemon(place, {});
    ASSERT_TRUE(daemon.process.says("source kraken cannot be used")) << daemon.process.err();

    upstream.heal();

    EXPECT_TRUE(daemon.process.says("source kraken is back")) << daemon.process.err();
    const std::string log = daemon.process.err();
    EXPECT_EQ(count(log, "source kraken"), 2) << log;
}

TEST(LiveDaemon, LeavesHalfOfEachHostsBudgetToABackfill) {
    FakeUpstream upstream;
    upstream.run_from(kPresent);
    Polling place(upstream.url());
    place.at(kPresent);
    for (const char* name : kSources) {
        std::string variable = fmt::format("HASHPRICE_SOURCE_{}_REQUESTS_PER_MINUTE", name);
        std::ranges::transform(variable, variable.begin(), ::toupper);
        place.environment[variable] = "60";
    }
    const std::string lock = place.database().string() + ".backfill.lock";
    ASSERT_EQ(place.run({"latest"}).status, 0);  // makes the database and its directory
    const int fd = ::open(lock.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    ASSERT_EQ(::flock(fd, LOCK_EX | LOCK_NB), 0);

    const Daemon daemon(place, {});
    std::this_thread::sleep_for(8s);
    ::close(fd);

    // all sources are one host here: of 60 a minute 30 are left, a tenth of them at once
    EXPECT_LE(upstream.requests(), 3U + 8U / 2U + 1U);
    EXPECT_GE(upstream.requests(), 3U);
}

TEST(LiveDaemon, ServesOnlyWhenToldNotToPoll) {
    FakeUpstream upstream;
    Polling place(upstream.url());
    const Daemon daemon(place, {"--no-poll"});

    std::this_thread::sleep_for(1s);

    EXPECT_EQ(upstream.requests(), 0U);
    EXPECT_EQ(daemon.get("/healthz").status, 200);
}

}  // namespace
}  // namespace hashprice::test
