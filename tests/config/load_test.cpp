#include "config/load.hpp"

#include <gmock/gmock.h>

#include "tests/config/fixture.hpp"

namespace hashprice::config {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

const Source& source(const Settings& settings, std::string_view name) {
    for (const Source& one : settings.sources) {
        if (one.name == name) return one;
    }
    throw std::out_of_range("no such source");
}

TEST_F(Config, WithoutAFileTheDefaultsOfTheContractAreInForce) {
    const Loaded all = loaded();
    const Settings& s = all.settings;

    // CONTRACT section 3, the listing
    EXPECT_FALSE(all.file);
    EXPECT_EQ(s.http.listen, "127.0.0.1:8480");
    EXPECT_EQ(s.http.base_path, "/");
    EXPECT_TRUE(s.http.token.empty());
    EXPECT_TRUE(s.http.cors_origins.empty());
    EXPECT_EQ(s.poll.interval, 60s);
    EXPECT_EQ(s.poll.block_interval, 30s);
    EXPECT_EQ(s.poll.timeout, 10s);
    EXPECT_EQ(s.poll.backfill_on_start, 400 * 24h);
    EXPECT_THAT(s.price.sources, ElementsAre("coinbase", "kraken", "bitstamp", "gemini"));
    EXPECT_EQ(s.price.method, PriceMethod::mean);
    EXPECT_EQ(s.price.min_sources, 2);
    EXPECT_EQ(s.price.max_age, 5min);
    EXPECT_EQ(s.price.max_deviation, 0.03);
    EXPECT_EQ(s.retention.poll_log, 90 * 24h);
    EXPECT_EQ(s.retention.price_ticks, 0s);
    EXPECT_TRUE(s.fleets.empty() && s.alternatives.empty() && s.notify.empty() && s.sinks.empty());
}

TEST_F(Config, EightSourcesAreBuiltInAndOnesOwnNodeIsOff) {
    const Settings s = loaded().settings;

    std::vector<std::string> names;
    for (const Source& one : s.sources) {
        names.push_back(one.name);
        EXPECT_EQ(one.enabled, one.name != "bitcoin_core");
        EXPECT_EQ(one.name, name_of(one.kind));
    }
    EXPECT_THAT(names, ElementsAre("mempool", "esplora", "bitcoin_core", "blockchain_com",
                                   "coinbase", "kraken", "bitstamp", "gemini"));
    EXPECT_EQ(source(s, "mempool").base_url, "https://mempool.space");
    EXPECT_EQ(source(s, "mempool").requests_per_minute, 30);
    EXPECT_EQ(source(s, "esplora").base_url, "https://blockstream.info/api");
}

TEST_F(Config, NoDefaultBudgetPassesWhatTheProviderPublishes) {
    const Settings s = loaded().settings;

    struct Limit {
        const char* name;
        double per_minute;  // what the provider's documentation allows one address
    };
    for (const Limit& limit :
         {Limit{"coinbase", 600},      // docs.cdp.coinbase.com, public endpoints: 10 a second
          Limit{"kraken", 60},         // support article 206548367: 1 a second
          Limit{"bitstamp", 1000},     // api docs: 10,000 in 10 minutes
          Limit{"gemini", 60},         // developer.gemini.com: 120 a minute, 1 a second advised
          Limit{"blockchain_com", 6},  // api docs: one in 10 seconds
          Limit{"esplora", 6}}) {      // none published: 0.1 a second
        SCOPED_TRACE(limit.name);
        EXPECT_LE(source(s, limit.name).requests_per_minute, limit.per_minute);
    }
}

TEST_F(Config, OneRuleIsBuiltInWithTheFiguresOfTheMethod) {
    const Settings s = loaded().settings;

    // METHOD section 3: 20 % under the highest close of 180 days, 3 days to open, 7 to close,
    // settled after 60
    ASSERT_EQ(s.rules.size(), 1U);
    const TrendRule& rule = s.rules[0];
    EXPECT_EQ(rule.name, "sustained-decline");
    EXPECT_EQ(rule.kind, RuleKind::drawdown);
    EXPECT_EQ(rule.denomination, Denomination::usd);
    EXPECT_EQ(rule.window, 180 * 24h);
    EXPECT_EQ(rule.open_depth, 0.20);
    EXPECT_EQ(rule.open_for, 3);
    EXPECT_EQ(rule.close_for, 7);
    EXPECT_EQ(rule.settle_after, 60 * 24h);
}

TEST_F(Config, EveryListedKeyIsReadFromTheFile) {
    const std::string token = write("token", "s3cret\n");
    use(R"([database]
path = "/srv/h.db"
[http]
listen = "0.0.0.0:80"
token_file = "token"
base_path = "/hash/"
cors_origins = ["https://a.example", "*"]
[poll]
interval = "30s"
block_interval = "1m"
timeout = "5s"
user_agent = "mine/<version>"
proxy = "socks5h://127.0.0.1:9050"
backfill_on_start = "0"
[price]
sources = ["kraken", "bitstamp", "gemini"]
method = "median"
min_sources = 3
max_age = "2m"
max_deviation = 0.05
[retention]
poll_log = "30d"
price_ticks = "365d"
[log]
level = "debug"
format = "json"
)");
    const Settings s = loaded().settings;

    EXPECT_EQ(s.database.path, "/srv/h.db");
    EXPECT_EQ(s.http.listen, "0.0.0.0:80");
    EXPECT_EQ(s.http.token_file, token);  // relative to the file's directory
    EXPECT_EQ(s.http.token.reveal(), "s3cret");
    EXPECT_EQ(s.http.base_path, "/hash");
    EXPECT_THAT(s.http.cors_origins, ElementsAre("https://a.example", "*"));
    EXPECT_EQ(s.poll.interval, 30s);
    EXPECT_EQ(s.poll.block_interval, 1min);
    EXPECT_EQ(s.poll.timeout, 5s);
    EXPECT_THAT(s.poll.user_agent, ::testing::MatchesRegex("mine/[0-9]+\\.[0-9]+\\.[0-9]+"));
    EXPECT_EQ(s.poll.proxy, "socks5h://127.0.0.1:9050");
    EXPECT_EQ(s.poll.backfill_on_start, 0s);
    EXPECT_THAT(s.price.sources, ElementsAre("kraken", "bitstamp", "gemini"));
    EXPECT_EQ(s.price.method, PriceMethod::median);
    EXPECT_EQ(s.price.min_sources, 3);
    EXPECT_EQ(s.price.max_age, 2min);
    EXPECT_EQ(s.price.max_deviation, 0.05);
    EXPECT_EQ(s.retention.poll_log, 30 * 24h);
    EXPECT_EQ(s.retention.price_ticks, 365 * 24h);
    EXPECT_EQ(s.log.level, LogLevel::debug);
    EXPECT_EQ(s.log.format, LogFormat::json);
}

TEST_F(Config, TablesOfManyKeepTheirOrderAndTypes) {
    use(R"([[fleet]]
name = "hall-a"
efficiency_j_per_th = 17.5
power_usd_per_mwh = 60
hashrate_ph = 120.0
pool_fee = 0.02
uptime = 0.97
take_or_pay = true
machine_price_usd_per_th = 16.0
[[fleet]]
name = "hall-b"
efficiency_j_per_th = 30.5
power_usd_per_mwh = 45.0
hashrate_ph = 40
[[alternative]]
name = "ai-hosting"
usd_per_mwh = 200.0
[[notify]]
kind = "webhook"
url = "https://alerts.example.org/x?room=1"
min_severity = "critical"
repeat_interval = "1d"
format = "text"
events = ["episode", "fleet"]
[[sink]]
kind = "influx"
url = "http://127.0.0.1:8428/write?db=h"
token_scheme = "token"
revisions = "dedup"
[[trend.rule]]
name = "low"
kind = "level"
denomination = "btc"
below = 0.0004
rearm_above = 0.0005
notify = ["webhook"]
[[trend.rule]]
name = "fast"
kind = "rate"
fall = 0.1
days = 7
)");
    const Settings s = loaded().settings;

    ASSERT_EQ(s.fleets.size(), 2U);
    EXPECT_EQ(s.fleets[0].efficiency, domain::JoulePerTh{17.5});
    EXPECT_EQ(s.fleets[0].power, domain::UsdPerMwh{60});
    EXPECT_TRUE(s.fleets[0].take_or_pay);
    EXPECT_EQ(s.fleets[0].machine_price_usd_per_th, 16.0);
    EXPECT_EQ(s.fleets[1].name, "hall-b");
    EXPECT_EQ(s.fleets[1].uptime, 1.0);
    EXPECT_FALSE(s.fleets[1].machine_price_usd_per_th);
    ASSERT_EQ(s.alternatives.size(), 1U);
    EXPECT_EQ(s.alternatives[0].usd_per_mwh, domain::UsdPerMwh{200});
    ASSERT_EQ(s.notify.size(), 1U);
    EXPECT_EQ(s.notify[0].name, "webhook");  // called by its kind
    EXPECT_EQ(s.notify[0].min_severity, Severity::critical);
    EXPECT_EQ(s.notify[0].repeat_interval, 24h);
    EXPECT_EQ(s.notify[0].format, WebhookFormat::text);
    EXPECT_THAT(s.notify[0].events, ElementsAre("episode", "fleet"));
    ASSERT_EQ(s.sinks.size(), 1U);
    EXPECT_EQ(s.sinks[0].name, "influx");
    EXPECT_EQ(s.sinks[0].token_scheme, TokenScheme::token);
    EXPECT_EQ(s.sinks[0].revisions, Revisions::dedup);
    ASSERT_EQ(s.rules.size(), 3U);
    EXPECT_EQ(s.rules[1].below, 0.0004);
    EXPECT_EQ(s.rules[1].denomination, Denomination::btc);
    EXPECT_THAT(s.rules[1].notify, ElementsAre("webhook"));
    EXPECT_EQ(s.rules[2].days, 7);
    EXPECT_EQ(s.rules[2].fall, 0.1);
}

TEST_F(Config, ATableWithABuiltInNameChangesOnlyTheKeysItGives) {
    use(R"([[source]]
name = "mempool"
base_url = "http://192.0.2.1:8999/"
[[source]]
name = "second"
kind = "mempool"
base_url = "https://mempool.example"
[[trend.rule]]
name = "sustained-decline"
open_depth = 0.25
)");
    const Settings s = loaded().settings;

    ASSERT_EQ(s.sources.size(), 9U);
    EXPECT_EQ(s.sources[0].name, "mempool");
    EXPECT_EQ(s.sources[0].base_url, "http://192.0.2.1:8999");
    EXPECT_EQ(s.sources[0].priority, 10);
    EXPECT_EQ(s.sources[0].requests_per_minute, 30);
    EXPECT_EQ(s.sources[8].name, "second");
    EXPECT_EQ(s.sources[8].kind, SourceKind::mempool);
    ASSERT_EQ(s.rules.size(), 1U);
    EXPECT_EQ(s.rules[0].open_depth, 0.25);
    EXPECT_EQ(s.rules[0].window, 180 * 24h);
}

TEST_F(Config, ASourceOfOnesOwnMayTakeAnExchangesPlaceInTheIndex) {
    use(R"([price]
sources = ["kraken", "mirror"]
[[source]]
name = "mirror"
kind = "coinbase"
base_url = "http://127.0.0.1:9000"
)");

    EXPECT_THAT(loaded().settings.price.sources, ElementsAre("kraken", "mirror"));
}

TEST_F(Config, TheNodeTakesACookieOrAPasswordAndTheCookieIsNotReadHere) {
    write("pw", "pass word\r\n");
    use("[[source]]\nname = \"bitcoin_core\"\nenabled = true\ncookie_file = "
        "\"~/.bitcoin/.cookie\"\n");
    EXPECT_EQ(source(loaded().settings, "bitcoin_core").cookie_file,
              dir_ / "home" / ".bitcoin" / ".cookie");

    use("[[source]]\nname = \"bitcoin_core\"\nenabled = true\nrpc_user = \"me\"\n"
        "rpc_password_file = \"pw\"\n");
    const Settings by_password = loaded().settings;
    EXPECT_EQ(source(by_password, "bitcoin_core").rpc_user, "me");
    EXPECT_EQ(source(by_password, "bitcoin_core").rpc_password.reveal(), "pass word");
}

TEST_F(Config, LoadTellsTheFirstProblemInOneLineAndCountsTheRest) {
    use("[http]\nlissten = \"x\"\n[poll]\ntimeout = 10\nproxi = \"\"\n");

    const auto outcome = load(request_);

    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().code, domain::Errc::config);
    EXPECT_EQ(outcome.error().what, request_.file->string() +
                                        ":2:1: [http] has no key 'lissten'; did you mean "
                                        "'listen'? (and 2 more: hashprice config check lists "
                                        "them)");
}

}  // namespace
}  // namespace hashprice::config
