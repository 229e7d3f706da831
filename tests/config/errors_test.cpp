#include <gmock/gmock.h>

#include "tests/config/fixture.hpp"

namespace hashprice::config {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

struct Case {
    const char* given;
    const char* told;  ///< the whole line, or its beginning when it ends with "..."
};

class Refusals : public Config {
protected:
    void expect(std::initializer_list<Case> cases) {
        for (const Case& c : cases) {
            SCOPED_TRACE(c.given);
            std::string_view told(c.told);
            const std::string got = problems_of(c.given);
            EXPECT_EQ(std::count(got.begin(), got.end(), '\n'), 1) << got;
            if (told.ends_with("...")) {
                told.remove_suffix(3);
                EXPECT_THAT(got, StartsWith(std::string(told)));
            } else {
                EXPECT_EQ(got, std::string(told) + "\n");
            }
        }
    }
};

TEST_F(Refusals, AnUnknownKeyIsNamedWithItsPlaceAndTheOneThatWasMeant) {
    expect({
        {"[poll]\n  intervall = \"60s\"\n",
         "c.toml:2:3: [poll] has no key 'intervall'; did you mean 'interval'?"},
        {"[log]\nrooms = [\"http=loud\"]\n",
         "c.toml:2:9: [log] rooms: 'http=loud' is not known here: write http=debug; rooms: ingest, "
         "trend, http, notify; levels: trace, debug, info, warn, error"},
        {"[http]\nzzz = 1\n",
         "c.toml:2:1: [http] has no key 'zzz'; docs/configuration.md lists its keys"},
        {"\n\n[[source]]\nname = \"mempool\"\nbase-url = \"x\"\n",
         "c.toml:5:1: [[source]] 'mempool': has no key 'base-url'; did you mean 'base_url'?"},
        {"[htpp]\n", "c.toml:1:2: no table 'htpp' is known; did you mean 'http'?"},
        {"[[trend.rules]]\n",
         "c.toml:1:9: [trend] has no key 'rules'; did you mean 'rule'?; only "
         "[[trend.rule]] tables stand there"},
        {"listen = \"127.0.0.1:1\"\n",
         "c.toml:1:1: 'listen' stands outside of any table: put it under [http]"},
        {"[http]\nlisten.port = 1\n",
         "c.toml:2:1: [http] listen: must be text in quotes, not a "
         "table"},
    });
}

TEST_F(Refusals, AWrongTypeIsNamedWithTheTypeThatIsWanted) {
    expect({
        {"[poll]\ntimeout = 10\n",
         "c.toml:2:11: [poll] timeout: must be a duration in quotes such as \"90s\", not a whole "
         "number"},
        {"[price]\nmin_sources = 2.0\n",
         "c.toml:2:15: [price] min_sources: must be a whole number, not a number"},
        {"[price]\nmax_deviation = \"3%\"\n",
         "c.toml:2:17: [price] max_deviation: must be a number, not text in quotes"},
        {"[price]\nsources = \"kraken\"\n",
         "c.toml:2:11: [price] sources: must be a list such as [\"a\", \"b\"], not text in quotes"},
        {"[price]\nsources = [1]\n",
         "c.toml:2:11: [price] sources: must be a list such as "
         "[\"a\", \"b\"], not a list of anything but words"},
        {"[[source]]\nname = \"kraken\"\nenabled = \"no\"\n",
         "c.toml:3:11: [[source]] 'kraken': enabled: must be true or false, not text in quotes"},
        {"[http]\nlisten = 2025-01-01\n",
         "c.toml:2:10: [http] listen: must be text in quotes, not a date or time"},
        {"[[http]]\n", "c.toml:1:3: must be a table: write [http]"},
        {"[source]\nname = \"kraken\"\n", "c.toml:1:2: must be a table: write [[source]]"},
        {"source = [1]\n", "c.toml:1:11: must be a table: write [[source]]"},
        {"http = 1\n", "c.toml:1:1: must be a table: write [http]"},
        {"trend = 1\n", "c.toml:1:1: no table 'trend' is known..."},
        {"[[source]]\nname = 1\n",
         "c.toml:2:8: [[source]] name: must be text in quotes, not a whole number"},
    });
}

TEST_F(Refusals, AnImpossibleValueIsNamedWithWhatIsPossible) {
    expect({
        {"[poll]\ninterval = \"soon\"\n",
         "c.toml:2:12: [poll] interval: 'soon' is no duration: "
         "write 90s, 5m, 1h, 400d, 2w or 0"},
        {"[poll]\ninterval = \"0\"\n",
         "c.toml:2:12: [poll] interval: must be at least 1s and at "
         "most 1h; unit: duration"},
        {"[poll]\ninterval = \"7s\"\n",
         "c.toml:2:12: [poll] interval: must divide an hour: 30s, "
         "60s, 2m, 5m and 15m do"},
        {"[poll]\nbackfill_on_start = \"5m\"\n",
         "c.toml:2:21: [poll] backfill_on_start: must be at least 1h (or \"0\") and at most "
         "7300d; unit: duration"},
        {"[price]\nmin_sources = 0\n",
         "c.toml:2:15: [price] min_sources: must be at least 1 and "
         "at most 20; unit: sources"},
        {"[price]\nmax_deviation = 0\n",
         "c.toml:2:17: [price] max_deviation: must be more than 0 "
         "and at most 1; unit: share, 0.03 = 3 %"},
        {"[price]\nmax_deviation = nan\n",
         "c.toml:2:17: [price] max_deviation: must be a finite number"},
        {"[price]\nmethod = \"medain\"\n",
         "c.toml:2:10: [price] method: 'medain' is not known "
         "here: write mean, median; did you mean 'median'?"},
        {"[price]\nsources = [\"kraken\", \"kraken\"]\n",
         "c.toml:2:11: [price] sources: names 'kraken' twice"},
        {"[poll]\nuser_agent = \"\"\n", "c.toml:2:14: [poll] user_agent: must not be empty"},
        {"[poll]\nuser_agent = \"a\\r\\nHost: b\"\n",
         "c.toml:2:14: [poll] user_agent: may hold printable ASCII only"},
        {"[http]\nbase_path = \"hash\"\n",
         "c.toml:2:13: [http] base_path: 'hash' is no path: write / or /hashprice"},
        {"[http]\nbase_path = \"/../etc\"\n",
         "c.toml:2:13: [http] base_path: '/../etc' is no path: write / or /hashprice"},
        {"[[trend.rule]]\nname = \"sustained-decline\"\nwindow = \"36h\"\n",
         "c.toml:3:10: [[trend.rule]] 'sustained-decline': window: must be at least 7d..."},
        {"[[trend.rule]]\nname = \"sustained-decline\"\nwindow = \"180h\"\n",
         "c.toml:3:10: [[trend.rule]] 'sustained-decline': window: must be whole days, as in "
         "\"7d\""},
        {"[[fleet]]\nname = \"Hall A\"\n",
         "c.toml:2:8: [[fleet]] name: 'Hall A' is no name: use "
         "up to 40 lower-case letters, digits, - and _..."},
        {"[[source]]\nname = \"kraken\"\nrequests_per_minute = inf\n",
         "c.toml:3:23: [[source]] 'kraken': requests_per_minute: must be a finite number"},
    });
}

TEST_F(Refusals, ABadAddressToListenOnIsRefused) {
    for (const char* text : {"8480", ":8480", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536",
                             "127.0.0.1:x", "::1:8480", "[127.0.0.1]:1", "example.org:80", "[]:1",
                             "256.0.0.1:80", "127.0.0.1:-1", "127.1:80", "*:80"}) {
        SCOPED_TRACE(text);
        const std::string got = problems_of(fmt::format("[http]\nlisten = \"{}\"\n", text));
        EXPECT_EQ(got, fmt::format("c.toml:2:10: [http] listen: '{}' is no IP address and port: "
                                   "write 127.0.0.1:8480, [::1]:8480 or, for all of IPv4, "
                                   "0.0.0.0:8480\n",
                                   text));
    }
}

TEST_F(Refusals, AWiderAddressNeedsAToken) {
    for (const char* text : {"0.0.0.0:8480", "[::]:8480", "192.0.2.1:80", "128.0.0.1:80"}) {
        SCOPED_TRACE(text);
        EXPECT_EQ(problems_of(fmt::format("[http]\nlisten = \"{}\"\n", text)),
                  "c.toml:2:10: [http] listen reaches beyond this machine, and no token is set: "
                  "set token_file (or HASHPRICE_HTTP_TOKEN), or listen on 127.0.0.1\n");
    }
    for (const char* text : {"127.0.0.1:0", "127.9.9.9:80", "[::1]:8480", "localhost:8480"}) {
        SCOPED_TRACE(text);
        EXPECT_EQ(problems_of(fmt::format("[http]\nlisten = \"{}\"\n", text)), "");
    }
    request_.file.reset();
    request_.overrides = {{"--listen", "http", "listen", "0.0.0.0:80"}};
    EXPECT_THAT(problems(), StartsWith("--listen: [http] listen reaches beyond this machine"));
    set("HASHPRICE_HTTP_TOKEN", "t");
    EXPECT_EQ(problems(), "");
}

TEST_F(Refusals, ABadUrlIsRefused) {
    for (const char* text :
         {"mempool.space", "ftp://mempool.space", "http://", "http:///path", "https://a b",
          "https://a:0", "https://a:99999", "https://-a", "https://a/?q=1", "https://a#x",
          "https://[::1", "https://a\\\\b", "https://x/\\u0007", "https://ex\\u00e4mple"}) {
        SCOPED_TRACE(text);
        EXPECT_THAT(
            problems_of(fmt::format("[[source]]\nname = \"mempool\"\nbase_url = \"{}\"\n", text)),
            StartsWith("c.toml:3:12: [[source]] 'mempool': base_url: "));
    }
    for (const char* text : {"http://127.0.0.1:8332", "https://a.b/api", "http://[::1]:80/x/"}) {
        SCOPED_TRACE(text);
        EXPECT_EQ(
            problems_of(fmt::format("[[source]]\nname = \"mempool\"\nbase_url = \"{}\"\n", text)),
            "");
    }
    EXPECT_THAT(problems_of("[poll]\nproxy = \"socks4://a:1\"\n"),
                StartsWith("c.toml:2:9: [poll] proxy: 'socks4://a:1' is no address: write "));
    EXPECT_THAT(problems_of("[http]\ncors_origins = [\"https://a/b\"]\n"),
                StartsWith("c.toml:2:16: [http] cors_origins: 'https://a/b' is no address: "));
}

TEST_F(Refusals, NamesStandOnceAndTablesThatNeedOneHaveOne) {
    expect({
        {"[[source]]\nname = \"kraken\"\n[[source]]\nname = \"kraken\"\n",
         "c.toml:4:8: [[source]] 'kraken' stands twice, first in line 1: give one of them another "
         "name"},
        {"[[alternative]]\nname = \"a-b\"\nusd_per_mwh = 1\n[[alternative]]\nname = "
         "\"a_b\"\nusd_per_mwh = 1\n",
         "c.toml:5:8: [[alternative]] 'a_b' stands twice, first in line 1: give one of them "
         "another name"},
        {"[[sink]]\nkind = \"influx\"\nurl = \"http://a\"\n[[sink]]\nkind = \"influx\"\nurl = "
         "\"http://b\"\n",
         "c.toml:4:1: [[sink]] 'influx' stands twice, first in line 1: give each a name of its "
         "own"},
        {"[[fleet]]\n",
         "c.toml:1:1: [[fleet]] has no name: add one, for example name = "
         "\"hall-a\""},
        {"[[notify]]\nurl = \"http://a\"\n",
         "c.toml:1:1: [[notify]] has no kind: add one, for example kind = \"webhook\""},
        {"[[source]]\nname = \"starter\"\nkind = \"mempool\"\nbase_url = \"http://a\"\n",
         "c.toml:2:8: [[source]] 'starter': name is the name of the shipped history: choose "
         "another"},
    });
}

TEST_F(Refusals, KindsDecideWhichKeysMustAndMayStand) {
    expect({
        {"[[source]]\nname = \"x\"\nkind = \"mempol\"\nbase_url = \"http://a\"\n",
         "c.toml:3:8: [[source]] 'x': kind: 'mempol' is not known here: write mempool, esplora, "
         "bitcoin_core, blockchain_com, coinbase, kraken, bitstamp, gemini, braiins, luxor; did "
         "you mean 'mempool'?"},
        {"[[source]]\nname = \"x\"\nkind = \"mempool\"\n",
         "c.toml:1:1: [[source]] 'x': base_url is missing: add it, for example base_url = "
         "\"http://192.0.2.10:8999\""},
        {"[[source]]\nname = \"kraken\"\nkind = \"gemini\"\n",
         "c.toml:3:8: [[source]] 'kraken': kind must stay kraken, because the source is built in: "
         "give yours another name"},
        {"[[source]]\nname = \"kraken\"\ncookie_file = \"/x\"\n",
         "c.toml:3:15: [[source]] 'kraken': cookie_file belongs to kind bitcoin_core only, and "
         "this one is kraken: take it out"},
        {"[[trend.rule]]\nname = \"l\"\nkind = \"level\"\nbelow = 40\nrearm_above = 40\n",
         "c.toml:5:15: [[trend.rule]] 'l': rearm_above must be above below, which is 40"},
        {"[[trend.rule]]\nname = \"l\"\nkind = \"level\"\nrearm_above = 40\n",
         "c.toml:1:1: [[trend.rule]] 'l': below is missing: add it, for example below = 40.0"},
        {"[[trend.rule]]\nname = \"r\"\nkind = \"rate\"\nfall = 0.1\ndays = 7\nsettle_after = "
         "\"30d\"\n",
         "c.toml:6:16: [[trend.rule]] 'r': settle_after belongs to kind drawdown only, and this "
         "one is "
         "rate: take it out"},
        {"[[fleet]]\nname = \"a\"\nefficiency_j_per_th = 1\npower_usd_per_mwh = 1\nhashrate_ph = "
         "1\nmachine_price_usd_per_th = 1\nmachine_price_btc_per_th = 1\n",
         "c.toml:7:28: [[fleet]] 'a': machine_price_btc_per_th cannot stand beside "
         "machine_price_usd_per_th: keep one of them"},
    });
}

TEST_F(Refusals, NamesOfOtherTablesMustExistAndFit) {
    expect({
        {"[price]\nsources = [\"krakn\", \"gemini\"]\n",
         "c.toml:2:11: [price] sources names 'krakn', which is no source: add a [[source]] of "
         "that name, or take it out"},
        {"[price]\nsources = [\"kraken\", \"mempool\"]\n",
         "c.toml:2:11: [price] sources names 'mempool', which is no exchange: use sources of kind "
         "coinbase, kraken, bitstamp or gemini"},
        {"[[source]]\nname = \"kraken\"\nenabled = false\n",
         "c.toml:3:11: 'kraken' counts in [price] sources, but enabled is false: take it out "
         "there, or switch the source on"},
        {"[price]\nmin_sources = 5\n",
         "c.toml:2:15: [price] min_sources do not fit: min_sources "
         "is 5, but sources names 4: lower the one or lengthen the "
         "other"},
        {"[price]\nsources = [\"kraken\"]\n",
         "c.toml:2:11: [price] sources do not fit: min_sources is 2, but sources names 1: lower "
         "the one or lengthen the other"},
        {"[price]\nsources = []\n", "c.toml:2:11: [price] sources do not fit..."},
        {"[[trend.rule]]\nname = \"sustained-decline\"\nnotify = [\"ops\"]\n",
         "c.toml:3:10: [[trend.rule]] 'sustained-decline': notify names 'ops', which is no "
         "receiver: add a [[notify]] of that name, or take it out"},
        {"[[source]]\nname = \"bitcoin_core\"\nenabled = true\n",
         "c.toml:3:11: [[source]] 'bitcoin_core': enabled is true, but no way to log in is set: "
         "set cookie_file, or rpc_user and rpc_password_file"},
        {"[[source]]\nname = \"l\"\nkind = \"luxor\"\nbase_url = \"https://a\"\n",
         "c.toml:1:1: [[source]] 'l': api_key_file is missing: this provider answers nobody "
         "without a key"},
    });
}

TEST_F(Refusals, ASyntaxErrorHasItsPlaceToo) {
    expect({
        {"[http\n", "c.toml:1:6: not readable as TOML: ..."},
        {"[http]\nlisten = \n", "c.toml:2:10: not readable as TOML: ..."},
        {"[http]\nlisten = \"a\"\nlisten = \"b\"\n", "c.toml:3:10: not readable as TOML: ..."},
        {"[http]\nlisten = \"abc\n", "c.toml:2:14: not readable as TOML: ..."},
    });
}

TEST_F(Refusals, AllProblemsOfAFileAreListedByLine) {
    EXPECT_EQ(problems_of("[poll]\nzzz = 1\ntimeout = \"9h\"\n[http]\nbase_path = \"x\"\n"),
              "c.toml:2:1: [poll] has no key 'zzz'; docs/configuration.md lists its keys\n"
              "c.toml:3:11: [poll] timeout: must be at least 1s and at most 5m; unit: duration\n"
              "c.toml:5:13: [http] base_path: 'x' is no path: write / or /hashprice\n");
}

}  // namespace
}  // namespace hashprice::config
