#include "config/access.hpp"
#include "config/table.hpp"

// The places that data come from and go to: [[source]], [[notify]], [[sink]].
namespace hashprice::config {

using access::row;
using access::secret_row;
using namespace std::chrono_literals;
using S = Settings;

namespace {

std::vector<Key> credential_keys() {
    constexpr auto at = &S::sources;
    return {row<at, &Source::cookie_file>("cookie_file",
                                          "The node's .cookie file, or else rpc_user and "
                                          "rpc_password_file. The node writes it anew at each "
                                          "start; it is read again when the node refuses it.")
                .only({"bitcoin_core"})
                .example("\"/var/lib/bitcoind/.cookie\""),
            row<at, &Source::rpc_user>("rpc_user", "User of the node's rpcauth line.")
                .form(Form::printable)
                .only({"bitcoin_core"})
                .example("\"hashprice\""),
            secret_row<at, &Source::rpc_password_file, &Source::rpc_password>(
                "rpc_password_file", "rpc_password", "File with the password of rpc_user.")
                .only({"bitcoin_core"})
                .example("\"/etc/hashprice/rpc-password\""),
            secret_row<at, &Source::api_key_file, &Source::api_key>(
                "api_key_file", "api_key", "File with the key that the provider gave you.")
                .only({"luxor"})
                .example("\"/etc/hashprice/luxor-key\"")};
}

}  // namespace

Section source_section() {
    constexpr auto at = &S::sources;
    Section section{
        .name = "source",
        .environment = "SOURCE",
        .intro =
            "Where facts come from. Eight sources are built in; a table with the name of one "
            "changes the keys it gives and leaves the others. A table with a new name adds a "
            "source, for example your own mempool instance.",
        .keys =
            {row<at, &Source::name>("name",
                                    "Lower-case letters, digits, - and _; stored with "
                                    "every fact. \"starter\" is taken.")
                 .form(Form::name)
                 .required()
                 .example("\"my-mempool\""),
             row<at, &Source::kind>("kind",
                                    "The program's word for what it speaks. braiins and luxor "
                                    "publish hash prices of their own, for comparison only.")
                 .required()
                 .example("\"mempool\""),
             row<at, &Source::base_url>("base_url",
                                        "Where it is; a self-hosted instance takes the place of "
                                        "a public one by this key alone.")
                 .form(Form::base_url)
                 .required()
                 .example("\"http://192.0.2.10:8999\""),
             row<at, &Source::enabled>("enabled", "false: it is never asked."),
             row<at, &Source::priority>("priority",
                                        "Of sources that can say the same, the one "
                                        "with the lower number is asked first.")
                 .between(0, 1000),
             row<at, &Source::requests_per_minute>(
                 "requests_per_minute",
                 "Budget for this source, shared by daemon and backfill; it is never passed. The "
                 "built-in ones stay below what each provider allows.")
                 .unit("requests per minute")
                 .above(0, 60'000)},
        .add = access::add<at>};
    const auto credentials = credential_keys();
    section.keys.insert(section.keys.end(), credentials.begin(), credentials.end());
    return section;
}

Section notify_section() {
    constexpr auto at = &S::notify;
    return {
        .name = "notify",
        .environment = "NOTIFY",
        .intro = "Who is told when a decline opens, grows worse or ends. None is built in.",
        .keys = {row<at, &Receiver::name>("name", "The kind's name, where none is given.")
                     .form(Form::name)
                     .example("\"webhook\""),
                 row<at, &Receiver::kind>("kind",
                                          "webhook: signed JSON to any address; alertmanager: "
                                          "the v2 API of Prometheus Alertmanager.")
                     .required()
                     .example("\"webhook\""),
                 row<at, &Receiver::url>("url",
                                         "Where to post; of an alertmanager its base address. "
                                         "A password in it is refused: use token_file.")
                     .form(Form::url)
                     .required()
                     .example("\"https://alerts.example.org/hashprice\""),
                 secret_row<at, &Receiver::secret_file, &Receiver::secret>(
                     "secret_file", "secret",
                     "File with the secret that signs each message (HMAC-SHA256), so that the "
                     "receiver knows who wrote it.")
                     .only({"webhook"})
                     .example("\"/etc/hashprice/webhook-secret\""),
                 secret_row<at, &Receiver::token_file, &Receiver::token>(
                     "token_file", "token", "File with a bearer token that the receiver demands.")
                     .example("\"/etc/hashprice/webhook-token\""),
                 row<at, &Receiver::format>("format",
                                            "full: the whole message (docs/alerts.md); text: only "
                                            "its line of text, for chat services that refuse what "
                                            "they do not know.")
                     .only({"webhook"}),
                 row<at, &Receiver::events>("events", "What it is told of; left out, all of it.")
                     .among(kEventKinds)
                     .example("[\"episode\", \"fleet\"]"),
                 row<at, &Receiver::min_severity>(
                     "min_severity",
                     "What is less severe is not sent to it: sources count as notice, fleets and "
                     "data that are not up to date as warning."),
                 row<at, &Receiver::repeat_interval>(
                     "repeat_interval",
                     "An episode that stays active is sent again "
                     "after this time; \"0\": only changes are sent.")
                     .unit("duration")
                     .lasting(1min, 365 * 24h)
                     .or_zero()
                     .only({"webhook"}),
                 row<at, &Receiver::give_up_after>("give_up_after",
                                                   "A message that could not be delivered for this "
                                                   "long is set aside, and said so.")
                     .unit("duration")
                     .lasting(1min, 365 * 24h)},
        .add = access::add<at>};
}

Section sink_section() {
    constexpr auto at = &S::sinks;
    return {.name = "sink",
            .environment = "SINK",
            .intro = "Time-series stores that every point flows on to. None is built in.",
            .keys = {row<at, &Sink::name>("name", "The kind's name, where none is given.")
                         .form(Form::name)
                         .example("\"influx\""),
                     row<at, &Sink::kind>("kind",
                                          "influx: line protocol over HTTP, as "
                                          "VictoriaMetrics, InfluxDB and QuestDB take it.")
                         .required()
                         .example("\"influx\""),
                     row<at, &Sink::url>("url",
                                         "The store's write address, with its query where "
                                         "it needs one.")
                         .form(Form::url)
                         .required()
                         .example("\"http://127.0.0.1:8428/write\""),
                     secret_row<at, &Sink::token_file, &Sink::token>(
                         "token_file", "token", "File with a token that the store demands.")
                         .example("\"/etc/hashprice/sink-token\""),
                     row<at, &Sink::token_scheme>(
                         "token_scheme", "The word before the token: InfluxDB 2 wants token."),
                     row<at, &Sink::revisions>(
                         "revisions",
                         "overwrite: the store keeps one point of a time (InfluxDB, QuestDB with "
                         "DEDUP); dedup: for VictoriaMetrics with -dedup.minScrapeInterval=1s, "
                         "which keeps the last of a second (docs/scaling.md).")},
            .add = access::add<at>};
}

}  // namespace hashprice::config
