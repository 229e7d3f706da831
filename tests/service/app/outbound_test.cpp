// Receivers and sinks at work, each in its thread: a bad one is nobody else's trouble.
#include "service/app/outbound.hpp"

#include <gmock/gmock.h>
#include <spdlog/sinks/ostream_sink.h>

#include <condition_variable>

#include "service/app/system_clock.hpp"
#include "service/notify/webhook.hpp"
#include "storage/observations.hpp"
#include "tests/support/process.hpp"
#include "tests/support/raw_server.hpp"
#include "tests/support/tls_server.hpp"

namespace hashprice::service::app {
namespace {

using fake::RawConnection;
using fake::RawServer;
using storage::Access;
using storage::Database;
using testing::HasSubstr;
using Clock = std::chrono::steady_clock;

class OutboundTest : public testing::Test {
protected:
    void SetUp() override {
        settings.database.path = dir.path() / "x.db";
        db = std::make_unique<Database>(*Database::open(settings.database.path, Access::write));
    }
    void add_receiver(const std::string& name, const std::string& url) {
        config::Receiver receiver;
        receiver.name = name;
        receiver.url = url;
        settings.notify.push_back(receiver);
    }
    static std::string url_of(const RawServer& server) {
        return "http://127.0.0.1:" + std::to_string(server.port()) + "/";
    }
    void start() {
        auto made = Outbound::make(settings, clock, log());
        ASSERT_TRUE(made) << made.error().what;
        outbound = std::move(*made);
        outbound->start();
    }
    std::shared_ptr<spdlog::logger> log() {
        return std::make_shared<spdlog::logger>(
            "", std::make_shared<spdlog::sinks::ostream_sink_mt>(lines));
    }
    void add_message(const std::string& event) {
        ASSERT_TRUE(storage::add_message(*db, {.event = event,
                                               .kind = "episode",
                                               .subject = "d",
                                               .change = "active",
                                               .severity = domain::Severity::warning,
                                               .at = clock.now(),
                                               .recorded_at = clock.now(),
                                               .body = "{}"}));
    }
    storage::ReceiverState state_of(const std::string& name) {
        const auto all = storage::receivers(*db);
        for (const auto& r : *all) {
            if (r.name == name) return r;
        }
        return {};
    }
    template <class Holds>
    static bool eventually(Holds holds) {
        const auto end = Clock::now() + test::kPatience;
        while (!holds() && Clock::now() < end)
            std::this_thread::sleep_for(std::chrono::milliseconds{20});
        return holds();
    }

    test::TempDir dir;
    SystemClock clock;
    config::Settings settings;
    std::ostringstream lines;
    std::unique_ptr<Database> db;
    std::unique_ptr<Outbound> outbound;
};

TEST_F(OutboundTest, AReceiverThatHangsHoldsUpNeitherAnotherNorTheEnd) {
    RawServer hangs([](RawConnection& c) { c.read_until("never"); });
    RawServer well([](RawConnection& c) {
        c.read_until("\r\n\r\n");
        c.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    });
    add_receiver("hangs", url_of(hangs));
    add_receiver("well", url_of(well));
    start();

    add_message("a");

    ASSERT_TRUE(eventually([&] { return state_of("well").delivered == 1; }));
    ASSERT_TRUE(eventually([&] { return hangs.connections() == 1; }));
    EXPECT_EQ(state_of("hangs").pending, 1);
    const auto begin = Clock::now();
    outbound.reset();
    EXPECT_LT(Clock::now() - begin, std::chrono::seconds{8});  // its timeout alone is 10 s
    EXPECT_EQ(state_of("hangs").pending, 1);                   // and waits for the next start
}

TEST_F(OutboundTest, AnExpiredCertificateIsNamedAndNothingIsSentToIt) {
    fake::TlsServer expired("IP:127.0.0.1", {-7200, -3600});
    const std::string ca = dir.write("ca.pem", expired.certificate_pem());
    ingest::CurlTransport http({.ca_file = ca});
    notify::Webhook webhook({.url = expired.url()}, http, clock);

    const auto outcome = webhook.deliver({.body = "{}"}, false, *db, {});

    EXPECT_FALSE(outcome.received);
    EXPECT_FALSE(outcome.refused);
    EXPECT_THAT(outcome.error, HasSubstr("certificate has expired"));
}

TEST_F(OutboundTest, ASinkThatHangsLeavesRangesAndNoCopies) {
    RawServer hangs([](RawConnection& c) { c.read_until("never"); });
    config::Sink sink;
    sink.name = "vm";
    sink.url = url_of(hangs);
    settings.sinks.push_back(sink);
    start();
    const auto observe = [&](int minute) {
        const domain::UtcSeconds t = domain::utc(1'763'164'800 + 60 * minute);
        const std::vector<domain::Observation> one{{.time = t,
                                                    .span = domain::seconds{60},
                                                    .height = 923'800,
                                                    .bits = domain::Bits{0x1701d936},
                                                    .fee_blocks = 144,
                                                    .price_usd = 95'555,
                                                    .usd_per_ph_day = 40,
                                                    .sat_per_ph_day = 41'000}};
        ASSERT_TRUE(storage::in_transaction(*db, [&]() -> domain::Status {
            return storage::replace_observations(*db, t - domain::seconds{1}, t, one, t)
                .map([](const auto&) {});
        }));
    };
    observe(0);
    ASSERT_TRUE(eventually([&] { return hangs.connections() == 1; }));

    for (int minute = 1; minute < 2000; ++minute) observe(minute);

    const auto state = storage::sinks(*db)->front();
    EXPECT_LE(state.ranges, 2);
    EXPECT_EQ(state.points, 0);
}

}  // namespace
}  // namespace hashprice::service::app
