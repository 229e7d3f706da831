#pragma once
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "config/choices.hpp"
#include "config/secret.hpp"
#include "domain/units.hpp"

/// What the operator may set. Plain values; the initializers here are the documented defaults.
///
///   origin   load() fills them; what each key means, its unit and its bounds stand in describe()
///   optional a std::optional is a key without a default; an empty path or text means "none"
///   secrets  a Secret beside a path was read from that file, or came from the environment
namespace hashprice::config {

using std::chrono::seconds;
using Path = std::filesystem::path;

struct Database {
    Path path;  ///< load() puts default_database_path() where none is set
    std::int64_t min_free_mb = 64;
    friend bool operator==(const Database&, const Database&) = default;
};

struct Http {
    std::string listen = "127.0.0.1:8480";
    Path token_file;
    Secret token;
    std::string base_path = "/";  ///< without a slash at the end, but for "/" itself
    std::vector<std::string> cors_origins;
    friend bool operator==(const Http&, const Http&) = default;
};

struct Poll {
    seconds interval{60};
    seconds block_interval{30};
    seconds timeout{10};
    std::string user_agent = "hashprice/<version> (self-hosted)";  ///< load() fills in <version>
    std::string proxy;
    seconds backfill_on_start{400 * 86400};
    friend bool operator==(const Poll&, const Poll&) = default;
};

struct PriceIndex {
    std::vector<std::string> sources{"coinbase", "kraken", "bitstamp", "gemini"};
    PriceMethod method = PriceMethod::mean;
    std::int64_t min_sources = 2;
    seconds max_age{300};
    double max_deviation = 0.03;
    friend bool operator==(const PriceIndex&, const PriceIndex&) = default;
};

struct Source {
    std::string name;
    SourceKind kind{};
    std::string base_url;  ///< without a slash at the end
    bool enabled = true;
    std::int64_t priority = 50;
    double requests_per_minute = 6;
    Path cookie_file;  ///< bitcoin_core; handed on unread, because the node rewrites it
    std::string rpc_user;
    Path rpc_password_file;
    Secret rpc_password;
    Path api_key_file;
    Secret api_key;
    friend bool operator==(const Source&, const Source&) = default;
};

struct TrendRule {
    std::string name;
    RuleKind kind{};
    Denomination denomination = Denomination::usd;
    bool enabled = true;
    std::vector<std::string> notify;  ///< names of receivers; empty: all of them
    // drawdown
    seconds window{180 * 86400};
    double open_depth = 0.20;
    std::int64_t open_for = 3;   ///< observed days
    std::int64_t close_for = 7;  ///< observed days
    seconds settle_after{60 * 86400};
    // level, in the denomination per PH/s and day
    std::optional<double> below;
    std::optional<double> rearm_above;
    // rate
    std::optional<double> fall;  ///< a share of the value `days` ago
    std::optional<std::int64_t> days;
    friend bool operator==(const TrendRule&, const TrendRule&) = default;
};

struct Fleet {
    std::string name;
    domain::JoulePerTh efficiency{};
    domain::UsdPerMwh power{};
    double hashrate_ph{};
    double pool_fee = 0.0;
    double uptime = 1.0;
    bool take_or_pay = false;
    std::optional<double> machine_price_usd_per_th;
    std::optional<double> machine_price_btc_per_th;
    friend bool operator==(const Fleet&, const Fleet&) = default;
};

struct Alternative {
    std::string name;
    domain::UsdPerMwh usd_per_mwh{};
    friend bool operator==(const Alternative&, const Alternative&) = default;
};

struct Receiver {
    std::string name;  ///< the kind's, where none is given
    NotifyKind kind{};
    std::string url;
    Path secret_file;
    Secret secret;  ///< signs a webhook's body
    Path token_file;
    Secret token;  ///< sent as a bearer token
    WebhookFormat format = WebhookFormat::full;
    std::vector<std::string> events;  ///< kEventKinds; empty: all of them
    Severity min_severity = Severity::notice;
    seconds repeat_interval{0};  ///< 0: only changes are sent
    seconds give_up_after{7 * 86400};
    friend bool operator==(const Receiver&, const Receiver&) = default;
};

struct Sink {
    std::string name;  ///< the kind's, where none is given
    SinkKind kind{};
    std::string url;
    Path token_file;
    Secret token;  ///< sent in the Authorization header
    TokenScheme token_scheme = TokenScheme::bearer;
    Revisions revisions = Revisions::overwrite;
    friend bool operator==(const Sink&, const Sink&) = default;
};

struct Retention {
    seconds poll_log{90 * 86400};
    seconds price_ticks{0};  ///< 0: for ever
    friend bool operator==(const Retention&, const Retention&) = default;
};

struct Log {
    LogLevel level = LogLevel::info;
    LogFormat format = LogFormat::text;
    std::vector<std::string> rooms;  ///< "http=debug": one of kLogRooms, a LogLevel
    friend bool operator==(const Log&, const Log&) = default;
};

struct Settings {
    Database database;
    Http http;
    Poll poll;
    PriceIndex price;
    std::vector<Source> sources;
    std::vector<TrendRule> rules;
    std::vector<Fleet> fleets;
    std::vector<Alternative> alternatives;
    std::vector<Receiver> notify;
    std::vector<Sink> sinks;
    Retention retention;
    Log log;
    friend bool operator==(const Settings&, const Settings&) = default;
};

}  // namespace hashprice::config
