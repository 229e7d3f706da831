#include "config/show.hpp"

#include <gmock/gmock.h>
#include <rapidjson/document.h>

#include "tests/config/fixture.hpp"

namespace hashprice::config {
namespace {

using ::testing::HasSubstr;

TEST_F(Config, WhatIsShownLoadsToTheSameSettings) {
    write("token", "t0ken\n");
    use(R"([http]
listen = "0.0.0.0:80"
token_file = "token"
cors_origins = ["https://a.example", "*"]
[poll]
user_agent = "quote \" and \\ backslash"
interval = "90s"
[price]
max_deviation = 0.1
[[source]]
name = "mirror"
kind = "esplora"
base_url = "http://127.0.0.1:1/api"
requests_per_minute = 0.3333333333333333
[[trend.rule]]
name = "low"
kind = "level"
below = 40.1
rearm_above = 1e3
notify = ["webhook"]
[[fleet]]
name = "hall-a"
efficiency_j_per_th = 17.5
power_usd_per_mwh = 60
hashrate_ph = 120.0
machine_price_btc_per_th = 0.00018
[[alternative]]
name = "ai-hosting"
usd_per_mwh = 200.0
[[notify]]
kind = "webhook"
url = "http://a"
repeat_interval = "36h"
[[sink]]
kind = "influx"
url = "http://a/write?db=x&p=1"
)");
    set("HASHPRICE_LOG_LEVEL", "trace");
    set("HASHPRICE_SOURCE_KRAKEN_PRIORITY", "3");
    const Loaded first = loaded();

    request_ = {.file = write("shown.toml", show_toml(first)), .system_file = dir_ / "none"};
    const Loaded second = loaded();

    EXPECT_EQ(second.settings, first.settings) << show_toml(first);
    EXPECT_EQ(second.effective.size(), first.effective.size());
}

TEST_F(Config, EveryValueIsShownWithItsOrigin) {
    const std::string file = use("[http]\n\nlisten = \"127.0.0.1:1\"\n");
    set("HASHPRICE_POLL_TIMEOUT", "5s");
    request_.overrides = {{"--log-level", "log", "level", "warn"}};

    const std::string shown = show_toml(loaded());

    EXPECT_THAT(shown, HasSubstr("# file: " + file + "\n"));
    EXPECT_THAT(shown, HasSubstr("listen = \"127.0.0.1:1\"                   # " + file + ":3\n"));
    EXPECT_THAT(shown, HasSubstr("timeout = \"5s\"                           # "
                                 "HASHPRICE_POLL_TIMEOUT\n"));
    EXPECT_THAT(shown, HasSubstr("level = \"warn\"                           # --log-level\n"));
    EXPECT_THAT(shown, HasSubstr("block_interval = \"30s\"                   # default\n"));
}

TEST_F(Config, EverySettingOfASingleTableIsShownExactlyOnce) {
    const Loaded all = loaded();
    for (const Section& section : describe()) {
        if (section.repeated()) continue;
        for (const Key& key : section.keys) {
            const auto times = std::count_if(
                all.effective.begin(), all.effective.end(),
                [&](const auto& e) { return e.section == section.name && e.key == key.name; });
            EXPECT_EQ(times, 1) << section.name << " " << key.name;
        }
    }
}

TEST_F(Config, TheSameIsShownToProgramsWithJsonsOwnTypes) {
    const std::string file =
        use("[price]\nmin_sources = 3\n[[fleet]]\nname = \"a\"\nefficiency_j_per_th = 17.5\n"
            "power_usd_per_mwh = 60\nhashrate_ph = 1\n");
    set("HASHPRICE_HTTP_TOKEN", "hush");

    rapidjson::Document json;
    json.Parse(show_json(loaded()).c_str());

    ASSERT_FALSE(json.HasParseError());
    EXPECT_EQ(json["file"].GetString(), file);
    const auto find = [&](std::string_view section, std::string_view key) -> rapidjson::Value& {
        for (auto& one : json["settings"].GetArray()) {
            if (one["section"].GetString() == section && one["key"].GetString() == key) return one;
        }
        ADD_FAILURE() << section << " " << key;
        return json;
    };
    auto& fewest = find("price", "min_sources");
    EXPECT_EQ(fewest["value"].GetInt(), 3);
    EXPECT_EQ(fewest["origin"].GetString(), file);
    EXPECT_EQ(fewest["line"].GetInt(), 2);
    EXPECT_EQ(fewest["column"].GetInt(), 15);
    EXPECT_TRUE(fewest["table"].IsNull());
    EXPECT_STREQ(find("poll", "backfill_on_start")["value"].GetString(), "400d");
    EXPECT_STREQ(find("poll", "backfill_on_start")["origin"].GetString(), "default");
    EXPECT_TRUE(find("poll", "backfill_on_start")["line"].IsNull());
    EXPECT_EQ(find("price", "sources")["value"].Size(), 4U);
    EXPECT_TRUE(find("source", "enabled")["value"].GetBool());
    EXPECT_STREQ(find("fleet", "uptime")["table"].GetString(), "a");
    EXPECT_DOUBLE_EQ(find("fleet", "efficiency_j_per_th")["value"].GetDouble(), 17.5);
    EXPECT_TRUE(find("fleet", "machine_price_usd_per_th")["value"].IsNull());
    EXPECT_STREQ(find("http", "token")["value"].GetString(), "***");
    EXPECT_STREQ(find("http", "token")["origin"].GetString(), "HASHPRICE_HTTP_TOKEN");
}

}  // namespace
}  // namespace hashprice::config
