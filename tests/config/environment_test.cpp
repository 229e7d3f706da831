#include <gmock/gmock.h>

#include "tests/config/fixture.hpp"

namespace hashprice::config {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

TEST_F(Config, EveryKeyOfASingleTableCanBeSetFromTheEnvironment) {
    set("HASHPRICE_DATABASE_PATH", "~/h.db");
    set("HASHPRICE_HTTP_LISTEN", "[::1]:9999");
    set("HASHPRICE_HTTP_CORS_ORIGINS", "https://a.example, https://b.example");
    set("HASHPRICE_POLL_INTERVAL", "1s");
    set("HASHPRICE_POLL_BACKFILL_ON_START", "0");
    set("HASHPRICE_PRICE_SOURCES", "kraken,gemini");
    set("HASHPRICE_PRICE_MIN_SOURCES", "1");
    set("HASHPRICE_PRICE_MAX_DEVIATION", "0.1");
    set("HASHPRICE_RETENTION_POLL_LOG", "7d");
    set("HASHPRICE_LOG_LEVEL", "warn");
    const Settings s = loaded().settings;

    EXPECT_EQ(s.database.path, dir_ / "home" / "h.db");
    EXPECT_EQ(s.http.listen, "[::1]:9999");
    EXPECT_THAT(s.http.cors_origins, ElementsAre("https://a.example", "https://b.example"));
    EXPECT_EQ(s.poll.interval, 1s);
    EXPECT_EQ(s.poll.backfill_on_start, 0s);
    EXPECT_THAT(s.price.sources, ElementsAre("kraken", "gemini"));
    EXPECT_EQ(s.price.min_sources, 1);
    EXPECT_EQ(s.price.max_deviation, 0.1);
    EXPECT_EQ(s.retention.poll_log, 7 * 24h);
    EXPECT_EQ(s.log.level, LogLevel::warn);
}

TEST_F(Config, EveryKeyOfTheTableHasAVariableThatReachesIt) {
    for (const Section& section : describe()) {
        for (const Key& key : section.keys) {
            if (section.repeated() && key.name == "name") continue;
            request_.environment = {{"HOME", "/home/me"}};
            const std::string name = "HASHPRICE_" + std::string(section.environment) + "_" +
                                     (section.repeated() ? "SOME_NAME_" : "") +
                                     environment_form(key.name);
            SCOPED_TRACE(name);
            set(name, std::string(2001, 'x'));  // no key takes this: it must be refused, by name
            EXPECT_THAT(problems(), HasSubstr(name + ": "));
            EXPECT_THAT(problems(), ::testing::Not(HasSubstr("no such setting")));
        }
    }
}

TEST_F(Config, TheEnvironmentWinsOverTheFileAndTheCommandLineOverBoth) {
    use("[http]\nlisten = \"127.0.0.1:1\"\n[log]\nlevel = \"debug\"\n");
    EXPECT_EQ(loaded().settings.http.listen, "127.0.0.1:1");
    set("HASHPRICE_HTTP_LISTEN", "127.0.0.1:2");
    EXPECT_EQ(loaded().settings.http.listen, "127.0.0.1:2");
    request_.overrides = {{"--listen", "http", "listen", "127.0.0.1:3"}};
    EXPECT_EQ(loaded().settings.http.listen, "127.0.0.1:3");
    EXPECT_EQ(loaded().settings.log.level, LogLevel::debug);
}

TEST_F(Config, AnEmptyVariableIsOneThatIsNotSet) {
    set("HASHPRICE_HTTP_LISTEN", "");
    set("HASHPRICE_CONFIG", "");
    set("HASHPRICE_NONSENSE_LISTEN", "");
    EXPECT_EQ(loaded().settings.http.listen, "127.0.0.1:8480");
}

TEST_F(Config, NamedTablesAreReachedByTheirNameInCapitals) {
    use("[[fleet]]\nname = \"hall-a\"\nefficiency_j_per_th = 17.5\npower_usd_per_mwh = 60\n"
        "hashrate_ph = 1\n[[notify]]\nkind = \"webhook\"\nurl = \"http://a\"\n");
    set("HASHPRICE_SOURCE_MEMPOOL_BASE_URL", "http://127.0.0.1:1/");
    set("HASHPRICE_SOURCE_BITCOIN_CORE_ENABLED", "true");
    set("HASHPRICE_SOURCE_BITCOIN_CORE_RPC_USER", "me");
    set("HASHPRICE_SOURCE_BITCOIN_CORE_RPC_PASSWORD", "pw");
    set("HASHPRICE_FLEET_HALL_A_POWER_USD_PER_MWH", "75.5");
    set("HASHPRICE_RULE_SUSTAINED_DECLINE_OPEN_DEPTH", "0.3");
    set("HASHPRICE_NOTIFY_WEBHOOK_SECRET", "sign");
    const Settings s = loaded().settings;

    EXPECT_EQ(s.sources[0].base_url, "http://127.0.0.1:1");
    EXPECT_TRUE(s.sources[2].enabled);
    EXPECT_EQ(s.sources[2].rpc_user, "me");
    EXPECT_EQ(s.sources[2].rpc_password.reveal(), "pw");
    ASSERT_EQ(s.fleets.size(), 1U);
    EXPECT_EQ(s.fleets[0].power, domain::UsdPerMwh{75.5});
    EXPECT_EQ(s.rules[0].open_depth, 0.3);
    EXPECT_EQ(s.notify[0].secret.reveal(), "sign");
}

TEST_F(Config, AContainerWithoutAFileCanBringTablesOfItsOwn) {
    set("HASHPRICE_FLEET_HALL_B_EFFICIENCY_J_PER_TH", "30.5");
    set("HASHPRICE_FLEET_HALL_B_POWER_USD_PER_MWH", "45");
    set("HASHPRICE_FLEET_HALL_B_HASHRATE_PH", "2");
    set("HASHPRICE_SINK_VM_KIND", "influx");
    set("HASHPRICE_SINK_VM_URL", "http://vm:8428/write");
    const Settings s = loaded().settings;

    ASSERT_EQ(s.fleets.size(), 1U);
    EXPECT_EQ(s.fleets[0].name, "hall_b");
    ASSERT_EQ(s.sinks.size(), 1U);
    EXPECT_EQ(s.sinks[0].name, "vm");
    EXPECT_EQ(s.sinks[0].url, "http://vm:8428/write");
}

TEST_F(Config, WhatIsWrongInTheEnvironmentIsToldByTheVariablesName) {
    struct Case {
        const char* name;
        const char* value;
        const char* told;
    };
    for (const Case& c : {
             Case{"HASHPRICE_POLL_TIMEOUT", "10",
                  "'10' is no duration: write 90s, 5m, 1h, 400d, 2w or 0\n"},
             Case{"HASHPRICE_PRICE_MIN_SOURCES", "two", "must be a whole number, not 'two'\n"},
             Case{"HASHPRICE_PRICE_MAX_DEVIATION", "0,1", "must be a number, not '0,1'\n"},
             Case{"HASHPRICE_PRICE_MAX_DEVIATION", "1e999", "must be a number, not '1e999'\n"},
             Case{"HASHPRICE_SOURCE_KRAKEN_ENABLED", "maybe",
                  "must be true or false, not "
                  "'maybe'\n"},
             Case{"HASHPRICE_PRICE_SOURCES", "kraken,,gemini", "must not be empty\n"},
             Case{"HASHPRICE_HTTP_LISTEN", "0.0.0.0:1", "[http] listen reaches beyond..."},
             Case{"HASHPRICE_FLEET_X_UPTIME", "0.9",
                  "[[fleet]] 'x': efficiency_j_per_th is missing: add it..."},
             Case{"HASHPRICE_HTTP_LISTN", "x",
                  "no such setting; did you mean HASHPRICE_HTTP_LISTEN?; unset it, or see "
                  "docs/configuration.md\n"},
             Case{"HASHPRICE_HTPP_LISTEN", "x",
                  "no such setting; did you mean "
                  "HASHPRICE_HTTP_LISTEN?..."},
             Case{"HASHPRICE_LISTEN", "x",
                  "no such setting; did you mean "
                  "HASHPRICE_HTTP_LISTEN?..."},
             Case{"HASHPRICE_CONFIGG", "x", "no such setting; did you mean HASHPRICE_CONFIG?..."},
             Case{"HASHPRICE_SOURCE_MEMPOOL_BASEURL", "x",
                  "no such setting; did you mean HASHPRICE_SOURCE_MEMPOOL_BASE_URL?..."},
             Case{"HASHPRICE_SOURCE_MEMPOOL_NAME", "x", "no such setting..."},
             Case{"HASHPRICE_SOURCE_BASE_URL", "http://a", "no such setting..."},
             Case{"HASHPRICE_SOURCE__BASE_URL", "http://a", "no such setting..."},
             Case{"HASHPRICE_HTTP_", "x", "no such setting..."},
         }) {
        SCOPED_TRACE(c.name);
        request_.environment = {{"HOME", "/home/me"}, {c.name, c.value}};
        std::string told = std::string(c.name) + ": " + c.told;
        if (told.ends_with("...")) {
            EXPECT_THAT(problems(), StartsWith(told.substr(0, told.size() - 3)));
        } else {
            EXPECT_EQ(problems(), told);
        }
    }
}

TEST_F(Config, VariablesThatAreNoSettingsAreLeftAlone) {
    // what Kubernetes sets for a service named hashprice and one named hashprice-http
    set("HASHPRICE_SERVICE_HOST", "10.0.0.1");
    set("HASHPRICE_SERVICE_PORT", "8480");
    set("HASHPRICE_PORT", "tcp://10.0.0.1:8480");
    set("HASHPRICE_PORT_8480_TCP_ADDR", "10.0.0.1");
    set("HASHPRICE_HTTP_SERVICE_PORT_WEB", "80");
    set("HASHPRICE_HTTP_PORT", "tcp://10.0.0.1:80");
    set("HASHPRICE_VERSION", "0.1.0");
    set("HASHPRICE", "x");
    set("HASHPRICER_HTTP_LISTEN", "x");
    EXPECT_THAT(problems(), IsEmpty());
}

TEST(Environment, IsCopiedFromTheProcesssList) {
    const std::array<const char*, 5> entries{"A=1", "B=x=y", "BROKEN", "C=", nullptr};

    const Environment environment = environment_of(entries.data());

    EXPECT_EQ(environment, (Environment{{"A", "1"}, {"B", "x=y"}, {"C", ""}}));
    EXPECT_TRUE(environment_of(nullptr).empty());
}

}  // namespace
}  // namespace hashprice::config
