#include "service/app/heartbeat.hpp"

#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>

#include <future>
#include <sstream>

#include "tests/support/process.hpp"
#include "tests/support/sim_clock.hpp"

namespace hashprice::service::app {
namespace {

using namespace std::chrono_literals;
using domain::Errc;
using domain::fail;
using domain::Result;

/// A heartbeat whose proof was asked for as often as `script` is long; 'y': it holds.
struct Beats {
    explicit Beats(const std::string& script) {
        const auto log = std::make_shared<spdlog::logger>(
            "test", std::make_shared<spdlog::sinks::ostream_sink_mt>(out));
        log->set_pattern("%l %v");
        fake::SimClock clock;
        std::promise<void> over;
        std::size_t asked = 0;  // only the heartbeat's own thread counts
        const auto proof = [&]() -> Result<std::string> {
            const std::size_t n = asked++;
            if (n == script.size()) over.set_value();
            // beyond the script nothing changes any more: no line is added
            const char answer = n < script.size() ? script[n] : script.back();
            return answer == 'y' ? Result<std::string>("") : fail(Errc::timeout, "silent");
        };
        const auto beat = [&](const std::string&) { beats += asked <= script.size() ? 1 : 0; };
        const Heartbeat heartbeat({1s, proof, beat}, clock, log);
        over.get_future().wait();
    }
    std::ostringstream out;
    int beats = 0;
};

TEST(Heartbeat, BeatsWithEachProofThatHolds) { EXPECT_EQ(Beats("yyy").beats, 3); }

TEST(Heartbeat, StopsWhileTheDaemonDoesNotWorkAndSaysSoOnce) {
    const Beats beats("ynny");

    EXPECT_EQ(beats.beats, 2);
    EXPECT_EQ(beats.out.str(),
              "error the daemon does not work, and the watchdog is not told that it does: silent\n"
              "info the daemon works again\n");
}

TEST(Heartbeat, ComesThreeTimesAsOftenAsTheWatchdogDemands) {
    EXPECT_EQ(heartbeat_period(60s), 20s);
    EXPECT_EQ(heartbeat_period(0s), 30s);     // no watchdog: only the status line is kept new
    EXPECT_EQ(heartbeat_period(3600s), 30s);  // `systemctl status` shows nothing older
}

TEST(VitalSigns, AServerThatDoesNotAnswerIsNotAlive) {
    const test::TempDir dir;

    const auto signs = vital_signs("http://127.0.0.1:1/", dir.path() / "none.db");

    ASSERT_FALSE(signs);
    EXPECT_EQ(signs.error().code, Errc::network);
}

}  // namespace
}  // namespace hashprice::service::app
