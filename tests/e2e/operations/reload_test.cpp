#include <gmock/gmock.h>

#include "tests/e2e/hashprice.hpp"
#include "tests/e2e/operations/notify_socket.hpp"

namespace hashprice::test {
namespace {

using testing::HasSubstr;

/// An installation whose settings file can be written anew.
struct Reloaded {
    explicit Reloaded(const std::string& toml) {
        installation.environment["NOTIFY_SOCKET"] = socket.path;
        write(toml);
        installation.environment["HASHPRICE_CONFIG"] = installation.dir.path() / "hashprice.toml";
        daemon.emplace(installation);
        EXPECT_NE(socket.wait_for("READY=1"), "");
    }
    void write(const std::string& toml) const {
        EXPECT_NE(installation.dir.write("hashprice.toml", toml), "");
    }
    /// SIGHUP, and until it is ready again.
    void reload() const {
        daemon->process.send(SIGHUP);
        EXPECT_THAT(socket.wait_for("RELOADING=1"), HasSubstr("MONOTONIC_USEC="));
        EXPECT_NE(socket.wait_for("READY=1"), "");
    }
    Installation installation;
    NotifySocket socket{installation.dir.path() / "notify"};
    std::optional<Daemon> daemon;
};

TEST(Reload, NewSettingsAreInForceAtTheSameAddress) {
    Reloaded it("");
    EXPECT_EQ(it.daemon->get("/hp/healthz").status, 404);

    it.write("[http]\nbase_path = \"/hp\"\n");
    it.reload();

    EXPECT_EQ(it.daemon->get("/hp/healthz").status, 200);
    EXPECT_THAT(it.daemon->process.err(), HasSubstr("in force now: http.base_path"));
}

TEST(Reload, AWrongFileLeavesTheOldSettingsInForceAndSaysWhere) {
    const Reloaded it("[http]\nbase_path = \"/hp\"\n");

    it.write("[http]\nbase_path = \"/other\"\nlisten = 7\n");
    it.reload();

    EXPECT_EQ(it.daemon->get("/hp/healthz").status, 200);
    EXPECT_EQ(it.daemon->get("/other/healthz").status, 404);
    EXPECT_THAT(it.daemon->process.err(), HasSubstr("hashprice.toml:3:"));
    EXPECT_THAT(it.daemon->process.err(), HasSubstr("the old ones stay in force"));
}

TEST(Reload, WhatTakesARestartIsNamedAndLeftAlone) {
    Reloaded it("");

    it.write("[database]\npath = \"/nowhere/at-all.db\"\n");
    it.reload();

    EXPECT_THAT(it.daemon->process.err(),
                HasSubstr("database.path has changed, and takes a restart"));
    EXPECT_EQ(it.daemon->get("/api/v1/hashprice/latest").status, 200);
}

TEST(Reload, TheLogBecomesJsonWithoutARestart) {
    Reloaded it("");

    it.write("[log]\nformat = \"json\"\n");
    it.reload();

    EXPECT_TRUE(
        it.daemon->process.says(R"("level":"info","message":"reload: in force now: log.format")"));
}

TEST(Reload, AnotherTokenIsDemandedAtOnce) {
    Reloaded it("");
    const std::string token = it.installation.dir.write("token", "a-new-token-of-the-operator");
    EXPECT_EQ(it.daemon->get("/api/v1/status").status, 200);

    it.write("[http]\ntoken_file = \"" + token + "\"\n");
    it.reload();

    EXPECT_EQ(it.daemon->get("/api/v1/status").status, 401);
    const auto with = http_get(it.daemon->url + "/api/v1/status",
                               {"Authorization: Bearer a-new-token-of-the-operator"});
    EXPECT_EQ(with.status, 200);
}

}  // namespace
}  // namespace hashprice::test
