#include <gmock/gmock.h>

#include "tests/e2e/hashprice.hpp"
#include "tests/e2e/operations/notify_socket.hpp"

namespace hashprice::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

struct Service {
    Service() { installation.environment["NOTIFY_SOCKET"] = socket.path; }
    Installation installation;
    NotifySocket socket{installation.dir.path() / "notify"};
};

TEST(Systemd, IsToldWhenItServesAndWhenItEnds) {
    Service service;
    ASSERT_TRUE(service.socket.good());

    Daemon daemon(service.installation);
    const std::string ready = service.socket.wait_for("READY=1");
    EXPECT_THAT(ready, HasSubstr("STATUS=serves " + daemon.url));
    EXPECT_EQ(daemon.get("/healthz").status, 200);  // ready means that it answers
    daemon.process.send(SIGTERM);

    EXPECT_NE(service.socket.wait_for("STOPPING=1"), "");
    EXPECT_EQ(daemon.process.wait(2s), 0);
}

TEST(Systemd, StatusTellsTheNewestHashPrice) {
    Service service;

    const Daemon daemon(service.installation);

    // the starter history ends with 2025-11-30
    EXPECT_THAT(service.socket.wait_for("USD per PH/s"), HasSubstr("at 2025-12-01T00:00:00Z"));
}

TEST(Systemd, TheWatchdogHearsFromAWorkingDaemonAndNothingFromAFrozenOne) {
    Service service;
    service.installation.environment["WATCHDOG_USEC"] = "600000";

    const Daemon daemon(service.installation);
    EXPECT_NE(service.socket.wait_for("WATCHDOG=1"), "");
    EXPECT_NE(service.socket.wait_for("WATCHDOG=1"), "");
    daemon.process.send(SIGSTOP);
    poll(nullptr, 0, 200);  // until every thread has stopped
    service.socket.forget_what_came();
    EXPECT_EQ(service.socket.next(1500ms), "");
    daemon.process.send(SIGCONT);

    EXPECT_NE(service.socket.wait_for("WATCHDOG=1"), "");
}

TEST(Systemd, TheWatchdogHearsNothingFromADaemonThatLivesButCannotReadItsHistory) {
    Service service;
    service.installation.environment["WATCHDOG_USEC"] = "600000";

    Daemon daemon(service.installation);
    EXPECT_NE(service.socket.wait_for("WATCHDOG=1"), "");
    std::filesystem::rename(service.installation.database(),
                            service.installation.dir.path() / "gone");
    EXPECT_TRUE(daemon.process.says("the daemon does not work"));
    service.socket.forget_what_came();

    EXPECT_EQ(service.socket.next(1500ms), "");
    EXPECT_EQ(daemon.get("/healthz").status, 200);  // it lives
}

TEST(Healthcheck, IsGoodWhileTheDaemonAnswersAndFailsAfterwards) {
    const Installation installation;
    Daemon daemon(installation);
    const std::vector<std::string> check{"healthcheck", "--url", daemon.url};

    EXPECT_EQ(installation.run(check).status, 0);
    daemon.process.send(SIGTERM);
    EXPECT_EQ(daemon.process.wait(2s), 0);

    const Outcome after = installation.run(check);
    EXPECT_EQ(after.status, 1);
    EXPECT_THAT(after.err, HasSubstr("127.0.0.1"));
}

TEST(Healthcheck, ReadyAsksForFreshData) {
    const Installation installation;
    const Daemon daemon(installation);  // it has the starter history alone, which is old

    const Outcome ready = installation.run({"healthcheck", "--url", daemon.url, "--ready"});

    EXPECT_EQ(ready.status, 1);
    EXPECT_THAT(ready.err, HasSubstr("/readyz answers 503"));
}

}  // namespace
}  // namespace hashprice::test
