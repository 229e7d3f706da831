#include "config/access.hpp"
#include "config/table.hpp"

// The sections that stand once: [database], [http], [poll], [price], [retention], [log].
namespace hashprice::config {

using access::row;
using access::secret_row;
using namespace std::chrono_literals;
using S = Settings;

constexpr seconds kDay = 24h;

Section database_section() {
    constexpr auto at = &S::database;
    return {
        .name = "database",
        .environment = "DATABASE",
        .intro =
            "Where the history is kept: one SQLite file, its directory writable by the "
            "daemon.",
        .keys = {
            row<at, &Database::path>(
                "path",
                "The database file. Left empty it is hashprice.db in $STATE_DIRECTORY (systemd), "
                "else in $XDG_STATE_HOME/hashprice, else in ~/.local/state/hashprice."),
            row<at, &Database::min_free_mb>(
                "min_free_mb",
                "Nothing is written while the disk has less room than this, so that it is "
                "never us who fill it up; writing goes on by itself once there is room. "
                "0 turns that off.")
                .unit("MB")
                .between(0, 1'000'000)}};
}

Section http_section() {
    constexpr auto at = &S::http;
    return {
        .name = "http",
        .environment = "HTTP",
        .intro = "The HTTP API, the metrics and the dashboard.",
        .keys = {
            row<at, &Http::listen>(
                "listen",
                "Address and port to serve on. The default is reached from this machine only; a "
                "wider address is refused while no token is set, so that nothing is opened to a "
                "network by accident.")
                .form(Form::listen),
            secret_row<at, &Http::token_file, &Http::token>(
                "token_file", "token",
                "File with the bearer token that /api and /metrics then demand.")
                .example("\"/etc/hashprice/token\""),
            row<at, &Http::base_path>("base_path",
                                      "Path under which a reverse proxy shows the service, such as "
                                      "\"/hashprice\"; links of the dashboard start with it.")
                .form(Form::base_path),
            row<at, &Http::cors_origins>(
                "cors_origins",
                "Web pages of these origins may read the API from a browser; \"*\" means any. None "
                "by default, because a foreign page has no business with a private API.")
                .form(Form::origin)
                .example("[\"https://dashboard.example.org\"]")}};
}

Section poll_section() {
    constexpr auto at = &S::poll;
    return {
        .name = "poll",
        .environment = "POLL",
        .intro = "How often the sources are asked, and how.",
        .keys = {
            row<at, &Poll::interval>("interval",
                                     "The live grid: at each of its ticks a hash price is derived, "
                                     "and prices are asked for as often. Must divide an hour, so "
                                     "that every hour starts on a tick.")
                .unit("duration")
                .lasting(1s, 1h)
                .divides_hour(),
            row<at, &Poll::block_interval>("block_interval",
                                           "How often a chain source is asked for new blocks. "
                                           "Blocks come every ten minutes; half a minute keeps the "
                                           "delay small and the load on the source low.")
                .unit("duration")
                .lasting(1s, 1h),
            row<at, &Poll::timeout>("timeout",
                                    "How long one request may take in all. What takes longer "
                                    "counts as failed and is tried again later.")
                .unit("duration")
                .lasting(1s, 5min),
            row<at, &Poll::user_agent>("user_agent",
                                       "Sent with every request; <version> becomes the program's "
                                       "version. Some providers refuse requests without one; add a "
                                       "way to reach you if you poll hard.")
                .form(Form::printable),
            row<at, &Poll::proxy>("proxy",
                                  "Proxy for all requests to sources: http, https, socks5, or "
                                  "socks5h, which also resolves names through it (Tor).")
                .form(Form::proxy)
                .example("\"socks5h://127.0.0.1:9050\""),
            row<at, &Poll::backfill_on_start>(
                "backfill_on_start",
                "At its start the daemon heals gaps this far back, newest first; \"0\" turns that "
                "off. 400 days hold a year, and a month to compare it with.")
                .unit("duration")
                .lasting(1h, 20 * 365 * kDay)
                .or_zero()}};
}

Section price_section() {
    constexpr auto at = &S::price;
    return {
        .name = "price",
        .environment = "PRICE",
        .intro = "The BTC/USD index: which exchanges count, and when one is left out.",
        .keys = {
            row<at, &PriceIndex::sources>("sources",
                                          "Names of the sources whose price counts, each of them "
                                          "an enabled exchange of the list below.")
                .form(Form::name),
            row<at, &PriceIndex::method>("method",
                                         "How the prices become one: their mean, as the published "
                                         "hash-price indexes do, or their median, which a single "
                                         "wrong exchange cannot move."),
            row<at, &PriceIndex::min_sources>("min_sources",
                                              "With fewer prices than this a hash price is still "
                                              "recorded, but marked degraded.")
                .unit("sources")
                .between(1, 20),
            row<at, &PriceIndex::max_age>("max_age",
                                          "An older price of an exchange does not count: better a "
                                          "missing exchange than a frozen one.")
                .unit("duration")
                .lasting(10s, kDay),
            row<at, &PriceIndex::max_deviation>(
                "max_deviation",
                "An exchange further than this from the median of all of them counts in no index "
                "while it disagrees, up or down, and is listed.")
                .unit("share, 0.03 = 3 %")
                .above(0, 1)}};
}

Section retention_section() {
    constexpr auto at = &S::retention;
    return {.name = "retention",
            .environment = "RETENTION",
            .intro =
                "What is deleted when it is old. Blocks, hash prices and bars are never "
                "deleted.",
            .keys = {row<at, &Retention::poll_log>("poll_log",
                                                   "How long the outcome of each request is kept; "
                                                   "\"0\" keeps it for ever.")
                         .unit("duration")
                         .lasting(1h, 50 * 365 * kDay)
                         .or_zero(),
                     row<at, &Retention::price_ticks>(
                         "price_ticks",
                         "How long the single prices of each exchange are kept; \"0\" keeps them "
                         "for ever. Once they are gone, that time cannot be recomputed from them.")
                         .unit("duration")
                         .lasting(7 * kDay, 50 * 365 * kDay)
                         .or_zero()}};
}

Section log_section() {
    constexpr auto at = &S::log;
    return {.name = "log",
            .environment = "LOG",
            .intro = "What goes to stderr; --log-level and --log-format on the command line win.",
            .keys = {row<at, &Log::level>("level",
                                          "The least important kind of line that is "
                                          "written."),
                     row<at, &Log::format>("format",
                                           "Lines for people, or a JSON object a line "
                                           "for log collectors."),
                     row<at, &Log::rooms>(
                         "rooms",
                         "A level of its own for a part of the daemon, before the one above: "
                         "ingest (polling, healing, upkeep), trend, http (its library, at debug), "
                         "notify.")
                         .form(Form::room_level)
                         .example("[\"http=debug\", \"ingest=warn\"]")}};
}

}  // namespace hashprice::config
