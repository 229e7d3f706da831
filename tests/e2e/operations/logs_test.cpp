#include <gmock/gmock.h>

#include <sstream>

#include "tests/e2e/hashprice.hpp"

namespace hashprice::test {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr const char* kHttpToken = "tok-3f9a51c7d2-http";
constexpr const char* kRpcPassword = "pw-8be04417aa-rpc";
constexpr const char* kWebhookSecret = "sec-c1d770e2f6-hook";

/// Every kind of secret: by file, by environment, and sent by a client.
struct WithSecrets : Installation {
    WithSecrets() {
        environment["HASHPRICE_CONFIG"] = dir.write(
            "hashprice.toml",
            "[[source]]\nname = \"bitcoin_core\"\nkind = \"bitcoin_core\"\nenabled = true\n"
            "base_url = \"http://127.0.0.1:1\"\nrpc_user = \"me\"\nrpc_password_file = \"" +
                dir.write("rpc", kRpcPassword) +
                "\"\n[[notify]]\nname = \"hook\"\nkind = \"webhook\"\n"
                "url = \"http://127.0.0.1:1/x\"\nsecret_file = \"" +
                dir.write("hook", kWebhookSecret) + "\"\n");
        environment["HASHPRICE_HTTP_TOKEN"] = kHttpToken;
    }
};

void expect_no_secret(const std::string& where, const std::string& text) {
    for (const char* secret : {kHttpToken, kRpcPassword, kWebhookSecret})
        EXPECT_THAT(text, Not(HasSubstr(secret))) << where;
}

TEST(Logs, NoSecretIsEverWrittenHoweverMuchIsLogged) {
    const WithSecrets installation;
    Daemon daemon(installation, {"--no-poll", "--log-level", "trace"});
    const std::string good = std::string("Authorization: Bearer ") + kHttpToken;

    std::string answers;
    for (const char* target : {"/api/v1/status", "/api/v1/hashprice/latest", "/metrics", "/nope",
                               "/api/v1/hashprice?from=x", "/openapi.json"}) {
        answers += daemon.get(target).body + http_get(daemon.url + target, {good}).body;
    }
    answers += http_get(daemon.url + "/api/v1/status", {good + "-wrong"}).body;
    daemon.process.send(SIGHUP);
    EXPECT_TRUE(daemon.process.says("reload: "));
    daemon.process.send(SIGTERM);
    EXPECT_EQ(daemon.process.wait(), 0);

    EXPECT_THAT(daemon.process.err(), HasSubstr("/hook can be read by everybody"));
    expect_no_secret("log", daemon.process.err() + daemon.process.out());
    expect_no_secret("answers", answers);
}

TEST(Logs, NoCommandShowsASecret) {
    const WithSecrets installation;

    for (const std::vector<std::string>& arguments :
         {std::vector<std::string>{"config", "show"}, {"config", "show", "--json"}, {"status"}}) {
        const Outcome outcome = installation.run(arguments);
        EXPECT_EQ(outcome.status, 0) << outcome.err;
        expect_no_secret(arguments.front(), outcome.out + outcome.err);
    }
}

std::string written_with(const std::string& settings) {
    Installation installation;
    installation.environment["HASHPRICE_CONFIG"] = installation.dir.write("c.toml", settings);
    Daemon daemon(installation, {"--no-poll"});
    // it records what it followed before it ends
    while (daemon.get("/api/v1/trend").body.find("\"recorded_at_s\":1") == std::string::npos) {
    }
    daemon.process.send(SIGTERM);
    EXPECT_EQ(daemon.process.wait(), 0);
    return daemon.process.err();
}

TEST(Logs, ARoomMayHaveALevelOfItsOwn) {
    EXPECT_THAT(written_with(""), HasSubstr("info trend: "));
    EXPECT_THAT(written_with("[log]\nrooms = [\"trend=warn\"]\n"),
                AllOf(HasSubstr(" serves "), Not(HasSubstr("trend: "))));
}

TEST(Logs, JsonIsOneObjectALine) {
    const Installation installation;
    Daemon daemon(installation, {"--no-poll", "--log-format", "json"});
    daemon.process.send(SIGTERM);
    EXPECT_EQ(daemon.process.wait(), 0);

    std::istringstream lines(daemon.process.err());
    int seen = 0;
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("hashprice: made ")) continue;  // before there is a daemon
        EXPECT_THAT(line,
                    AllOf(StartsWith(R"({"time":"2)"), HasSubstr(R"("level":"info")"),
                          HasSubstr(R"("room":")"), HasSubstr(R"("message":")"), EndsWith("}")));
        ++seen;
    }
    EXPECT_GE(seen, 2);
}

}  // namespace
}  // namespace hashprice::test
