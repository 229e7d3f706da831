#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>

#include "ingest/collector.hpp"
#include "service/app/routes.hpp"
#include "service/http/engine.hpp"
#include "service/http/listener.hpp"
#include "tests/fuzz/target.hpp"
#include "tests/support/process.hpp"
#include "tests/support/sim_clock.hpp"

namespace hashprice::fuzz {
namespace {

using namespace service;

const domain::UtcSeconds kNow = domain::utc(1'764'547'200);  // 2025-12-01T00:00:00Z
const std::string kToken = "0123456789abcdef";

/// Each piece of the HTTP path by itself.
void pieces(std::string_view text) {
    const auto target = http::split_target(text);
    must(!target || target->path.starts_with('/'), "a path begins with a slash");
    const auto decoded = http::percent_decode(text);
    must(!decoded || http::valid_utf8(*decoded), "what is decoded is UTF-8");
    if (const auto segments = http::path_segments(text)) {
        for (const std::string& segment : *segments) {
            must(segment != "." && segment != ".." &&
                     segment.find_first_of("/\\") == std::string::npos,
                 "no segment leads elsewhere");
        }
    }
    if (const auto pairs = http::query_pairs(text))
        must(pairs->size() <= text.size(), "a pair takes a byte at least");
    const std::string tag = http::content_tag(text);
    must(http::names_etag("\"" + tag + "\"", "\"" + tag + "\""), "a tag names itself");
    (void)http::names_etag(text, "\"" + tag + "\"");
    (void)http::accepts_gzip(text);
    (void)http::parse_listen_address(text);
    const http::TokenCheck token(kToken);
    must(!token.allows(text) || text.find(kToken) != std::string_view::npos,
         "nobody enters without the token");
    const http::CorsPolicy cors({"https://grafana.example"});
    must(cors.number_of(text) == 0 || text == "https://grafana.example",
         "only the origin that was named may read");
}

/// The product as it answers, without the socket: its routes over the starter history.
class House {
public:
    explicit House(std::string token)
        : connections_(dir_.path() / "h.db"), options_(http_options(std::move(token))) {
        fill();
        auto routes = app::product_routes(context(), {events_, metrics_, "/", true});
        must(routes.has_value(), "the routes are made");
        routes_ = std::move(*routes);
        engine_ = std::make_unique<http::Engine>(options_, routes_);
    }
    [[nodiscard]] http::Reply answer(const http::Head& head) { return engine_->answer(head); }

private:
    void fill() {
        auto db = storage::Database::open(dir_.path() / "h.db", storage::Access::write);
        must(db.has_value(), "a database is made");
        derive_ = ingest::derive_options(*db, {}).value();
        ingest::Collector collector(*db, derive_);
        must(ingest::import_starter(*db, collector, kNow).has_value(), "the starter is taken");
    }
    [[nodiscard]] app::RouteContext context() {
        app::RouteContext context{.connections = connections_, .clock = clock_, .derive = derive_};
        context.trend = answers::trend_settings(config::Settings{});
        return context;
    }
    [[nodiscard]] http::Options http_options(std::string token) {
        http::Options options;
        options.token = std::move(token);
        options.cors_origins = {"https://grafana.example"};
        options.clock = &clock_;
        options.events = &events_;
        options.cache_bytes = 1U << 20U;
        return options;
    }

    test::TempDir dir_;
    fake::SimClock clock_{kNow};
    app::Connections connections_;
    http::EventHub events_;
    http::Registry metrics_;
    ingest::DeriveOptions derive_;
    http::Options options_;
    http::RouteTable routes_;
    std::unique_ptr<http::Engine> engine_;
};

std::string_view cut_line(std::string_view& rest) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return line;
}

/// "METHOD target", then a line for each header that is looked at, in this order.
http::Head head_of(std::string_view text) {
    http::Head head;
    head.bytes = text.size();
    const std::string_view start = cut_line(text);
    const std::size_t blank = std::min(start.find(' '), start.size());
    head.method = start.substr(0, blank);
    head.target = start.substr(std::min(blank + 1, start.size()));
    for (auto* field : {&head.authorization, &head.accept_encoding, &head.if_none_match,
                        &head.origin, &head.last_event_id}) {
        *field = cut_line(text);
    }
    return head;
}

void request(House& house, std::string_view text) {
    const http::Head head = head_of(text);
    const http::Reply reply = house.answer(head);
    if (reply.events != nullptr) return;
    must(reply.variant != nullptr, "every question has an answer");
    static constexpr std::array<unsigned, 10> kStatuses{200, 204, 308, 400, 401,
                                                        404, 405, 414, 431, 503};
    must(std::ranges::find(kStatuses, reply.variant->status) != kStatuses.end(),
         "no question breaks the server");
    must(!reply.not_modified || !head.if_none_match.empty(), "304 is for who asked for it");
}

void open_request(std::string_view text) {
    static House house{""};
    request(house, text);
}

void guarded_request(std::string_view text) {
    static House house{kToken};
    const http::Head head = head_of(text);
    const http::Reply reply = house.answer(head);
    const bool knows = head.authorization.find(kToken) != std::string_view::npos;
    const bool api = head.target.starts_with("/api/") && reply.variant != nullptr;
    must(knows || !api || head.method == "OPTIONS" || reply.variant->status != 200,
         "nothing of the API is read without the token");
    request(house, text);
}

const std::vector<std::string> kQuestions{
    "GET /api/v1/hashprice/latest\n\ngzip;q=0.5\n\"abc\", W/\"def\"\nhttps://grafana.example",
    "GET /api/v1/hashprice?from=2025-07-01&to=2025-12-01&step=1d&denomination=btc&per=th",
    "GET /api/v1/hashprice?from=-30d&max_points=10&format=csv&fields=mean,close\n\ngzip",
    "GET /api/v1/hashprice?step=raw&from=2025-11-01&as_of=now&format=columns",
    "GET /api/v1/inputs/difficulty?from=2025-07-01&step=1w",
    "GET /api/v1/inputs/price?step=1mo",
    "GET /api/v1/inputs/fees?from=1763164800&to=now",
    "GET /api/v1/explain?time=2025-11-15",
    "GET /api/v1/trend",
    "GET /api/v1/declines?state=active&from=2025-01-01",
    "GET /api/v1/declines/sustained-decline-usd-2025-07-11",
    "GET /api/v1/attribution?from=2025-07-11&to=2025-11-15",
    "GET /api/v1/breakeven?efficiency_j_per_th=17.5&power_usd_per_mwh=60",
    "GET /api/v1/projection",
    "GET /api/v1/gaps",
    "GET /api/v1/sources",
    "GET /api/v1/status",
    "GET /api/v1/annotations?from=2025-07-01",
    "GET /api/v1/events\n\n\n\n\n17",
    "HEAD /healthz",
    "GET /readyz",
    "GET /metrics",
    "GET /openapi.json",
    "GET /",
    "OPTIONS *",
    "OPTIONS /api/v1/trend\n\n\n\nhttps://grafana.example",
    "GET http://host/api/v1/trend?x=1",
    "POST /api/v1/trend",
    "GET /%2e%2e/etc/passwd",
    "GET /api/v1/hashprice/latest\nBearer 0123456789abcdef"};
const std::vector<std::string> kPieces{"/api/v1/",
                                       "hashprice",
                                       "?",
                                       "&",
                                       "=",
                                       "from=",
                                       "to=",
                                       "step=",
                                       "1h",
                                       "raw",
                                       "max_points=",
                                       "-1",
                                       "9223372036854775808",
                                       "1e308",
                                       "nan",
                                       "%00",
                                       "%2f",
                                       "%c3%28",
                                       "..",
                                       "format=",
                                       "csv",
                                       "rows",
                                       "columns",
                                       "openmetrics",
                                       "denomination=",
                                       "per=",
                                       "as_of=",
                                       "now",
                                       "-30d",
                                       "efficiency_j_per_th=",
                                       "power_usd_per_mwh=",
                                       "state=",
                                       "rule=",
                                       "fields=",
                                       "Bearer ",
                                       "\n",
                                       "gzip;q=0",
                                       "*",
                                       "W/\"",
                                       "\""};

}  // namespace

std::vector<Target> http_targets() {
    std::vector<std::string> texts = kQuestions;
    texts.insert(texts.end(), {"/a/b%20c?d=e+f&g", "Bearer " + kToken, "W/\"a\", \"b\"", "*",
                               "gzip;q=0.5, *;q=0", "https://grafana.example", "[::1]:8480"});
    return {{"http_pieces", pieces, texts, kPieces, true},
            {"http_request", open_request, kQuestions, kPieces, false},
            {"http_guarded", guarded_request, kQuestions, kPieces, false}};
}

}  // namespace hashprice::fuzz
