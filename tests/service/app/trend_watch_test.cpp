// The daemon follows the rules day by day, keeps what it saw, and tells listeners.
#include "service/app/trend_watch.hpp"

#include <gmock/gmock.h>
#include <spdlog/sinks/null_sink.h>

#include <condition_variable>

#include "tests/service/http/fixture.hpp"
#include "tests/service/judge/days.hpp"
#include "tests/support/process.hpp"

namespace hashprice::service::app {
namespace {

using http::test::Connection;
using http::test::eventually;
using judge::after;
using judge::joined;
using judge::put_closes;
using judge::repeated;
using testing::HasSubstr;

/// Time passes when the test says so: each call of `pass` ends one nap.
class SteppedClock final : public domain::Clock {
public:
    explicit SteppedClock(domain::UtcSeconds now) : now_(now) {}
    [[nodiscard]] domain::UtcSeconds now() const override {
        const std::lock_guard lock(m_);
        return now_;
    }
    [[nodiscard]] std::chrono::milliseconds uptime() const override { return {}; }
    bool sleep_for(std::chrono::milliseconds /*nap*/, const std::stop_token& stop) override {
        std::unique_lock lock(m_);
        ++naps_;
        return passed_.wait(lock, stop, [&] { return std::exchange(awake_, false); });
    }
    void pass(domain::UtcSeconds until) {
        const std::lock_guard lock(m_);
        now_ = until;
        awake_ = true;
        passed_.notify_all();
    }
    [[nodiscard]] int naps() const {
        const std::lock_guard lock(m_);
        return naps_;
    }

private:
    mutable std::mutex m_;
    std::condition_variable_any passed_;
    domain::UtcSeconds now_;  // guarded by m_
    bool awake_ = false;      // guarded by m_
    int naps_ = 0;            // guarded by m_
};

class Watch : public http::test::HttpTest {
protected:
    void SetUp() override {
        auto opened = storage::Database::open(file(), storage::Access::write);
        ASSERT_TRUE(opened);
        db.emplace(std::move(*opened));
        options.events = &hub;
        add(hub.route("/events"));
        start();
    }
    void TearDown() override { server->stop(); }
    [[nodiscard]] std::filesystem::path file() const { return dir.path() / "hashprice.db"; }
    [[nodiscard]] std::unique_ptr<TrendWatch> watch(SteppedClock& time) {
        return std::make_unique<TrendWatch>(
            TrendWatch::Options{file(), domain::builtin_rules(), {}}, time, hub,
            std::make_shared<spdlog::logger>("", std::make_shared<spdlog::sinks::null_sink_mt>()));
    }
    Connection listen() {
        Connection connection(port);
        connection.send("GET /events HTTP/1.1\r\nHost: a\r\n\r\n");
        EXPECT_THAT(connection.receive_until("retry: 3000\n\n"), HasSubstr("200 OK"));
        EXPECT_TRUE(eventually([&] { return hub.clients() > 0; }));
        return connection;
    }

    test::TempDir dir;
    http::EventHub hub;
    std::optional<storage::Database> db;
};

TEST_F(Watch, ADayThatMakesADeclineActiveIsRecordedAndToldAsAnEvent) {
    put_closes(*db, joined({repeated(60, 10), repeated(47, 2)}));  // pending for two days
    SteppedClock time(after(11));
    const auto watching = watch(time);
    ASSERT_TRUE(eventually([&] { return time.naps() == 1; }));
    Connection listener = listen();

    put_closes(*db, joined({repeated(60, 10), repeated(47, 3)}));
    time.pass(after(12));

    const std::string told = listener.receive_until("}\n\n");
    EXPECT_THAT(told, HasSubstr("event: episode\n"));
    EXPECT_THAT(told, HasSubstr(R"("event":"active")"));
    EXPECT_THAT(told, HasSubstr(R"("date":"2030-01-13")"));
    EXPECT_THAT(told, HasSubstr(R"("decline":"sustained-decline-2030-01-10")"));
    const auto changes = storage::changes_after(*db, 0);
    ASSERT_EQ(changes->size(), 2U);
    EXPECT_EQ((*changes)[0].recorded_at, after(11));
    EXPECT_EQ((*changes)[1].recorded_at, after(12));
}

TEST_F(Watch, WhatWasThereBeforeIsRecordedInSilence) {
    put_closes(*db, joined({repeated(60, 10), repeated(47, 5)}));
    Connection listener = listen();
    SteppedClock time(after(14));
    const auto watching = watch(time);
    ASSERT_TRUE(eventually([&] { return time.naps() == 1; }));

    EXPECT_EQ(storage::changes_after(*db, 0)->size(), 2U);
    hub.publish("mark", "m", "{}");
    EXPECT_EQ(listener.receive_until("{}\n\n").find("episode"), std::string::npos);
}

TEST_F(Watch, AMinuteInWhichNothingChangedWritesNothing) {
    put_closes(*db, joined({repeated(60, 10), repeated(47, 5)}));
    SteppedClock time(after(14));
    const auto watching = watch(time);
    ASSERT_TRUE(eventually([&] { return time.naps() == 1; }));
    const auto before = db->data_version();

    time.pass(after(14) + domain::kMinute);
    ASSERT_TRUE(eventually([&] { return time.naps() == 2; }));

    EXPECT_EQ(*db->data_version(), *before);
}

}  // namespace
}  // namespace hashprice::service::app
