#include <fmt/format.h>

#include "service/answers/attribution.hpp"
#include "service/answers/backtest.hpp"
#include "service/answers/trend.hpp"
#include "service/app/hashprice_routes.hpp"
#include "service/app/trend_examples.hpp"
#include "service/app/trend_routes.hpp"
#include "service/app/trend_schemas.hpp"

namespace hashprice::service::app {
namespace {

using domain::Result;
using domain::UtcSeconds;
using http::Kind;
using http::Param;
using http::Request;
using http::Response;

constexpr std::string_view kTag = "Declines";

std::optional<UtcSeconds> maybe_time(const Request& request, std::string_view name) {
    return request.has(name) ? std::optional(request.time(name)) : std::nullopt;
}

std::vector<Param> range_parameters() {
    return {{.name = "from",
             .kind = Kind::time,
             .description = "Start of the range.",
             .example = "2025-07-01"},
            {.name = "to",
             .kind = Kind::time,
             .description = "Its end, not included.",
             .example = "2025-12-01"}};
}

http::Route trend_route(const RouteContext& context) {
    http::Route route;
    route.pattern = "/api/v1/trend";
    route.operation_id = "getTrend";
    route.summary = "Where the hash price stands, rule by rule";
    route.description =
        "The open decline of each rule, with peak, trough, slope and what drove it.";
    route.tag = kTag;
    route.parameters = {{.name = "time",
                         .kind = Kind::instant,
                         .description = "As it stood then.",
                         .example = "2025-11-04"}};
    route.contents = {{.schema = schemas::trend(), .example = examples::trend()}};
    route.time_bucket = domain::kMinute;
    route.handler = [context](const Request& request) -> Result<Response> {
        const auto db = context.connections.lease();
        if (!db) return tl::unexpected(db.error());
        return answers::trend(**db, context.trend.rules, maybe_time(request, "time"),
                              context.clock.now())
            .map([](const answers::Trend& trend) { return http::ok(answers::trend_json(trend)); });
    };
    return route;
}

http::Route declines_route(const RouteContext& context) {
    http::Route route;
    route.pattern = "/api/v1/declines";
    route.operation_id = "listDeclines";
    route.summary = "Declines, by rule and peak";
    route.description = "Those that touch the range; all of them without one.";
    route.tag = kTag;
    route.parameters = range_parameters();
    route.parameters.insert(route.parameters.begin(),
                            {.name = "state",
                             .kind = Kind::enumeration,
                             .description = "Only those in this state.",
                             .choices = {"pending", "active", "recovering", "closed"}});
    route.contents = {{.schema = schemas::declines(), .example = examples::declines()}};
    route.time_bucket = domain::kMinute;
    route.handler = [context](const Request& request) -> Result<Response> {
        if (auto refused = empty_range(request)) return *refused;
        answers::DeclinesQuery query{.from = maybe_time(request, "from"),
                                     .to = maybe_time(request, "to")};
        if (request.has("state")) query.state = *domain::parse_state(request.text("state"));
        const auto db = context.connections.lease();
        if (!db) return tl::unexpected(db.error());
        return answers::declines(**db, context.trend.rules, query, context.clock.now())
            .map([](const auto& found) { return http::ok(answers::declines_json(found)); });
    };
    return route;
}

http::Route decline_route(const RouteContext& context) {
    http::Route route;
    route.pattern = "/api/v1/declines/{id}";
    route.operation_id = "getDecline";
    route.summary = "One decline";
    route.description = "A decline from its peak to its end, as trend and declines list it.";
    route.tag = kTag;
    route.parameters = {{.name = "id",
                         .kind = Kind::string,
                         .description = "Rule and date of the peak.",
                         .required = true,
                         .in = http::In::path,
                         .example = "sustained-decline-2025-07-11"}};
    route.contents = {{.schema = schemas::decline(), .example = std::string(examples::kDecline)}};
    route.also = {{.status = 404,
                   .description = "there is no such decline",
                   .content = {.media_type = "application/problem+json"}}};
    route.time_bucket = domain::kMinute;
    route.handler = [context](const Request& request) -> Result<Response> {
        const auto db = context.connections.lease();
        if (!db) return tl::unexpected(db.error());
        return answers::decline(**db, context.trend.rules, request.text("id"), context.clock.now())
            .map([](const auto& found) { return http::ok(answers::decline_json(found)); });
    };
    return route;
}

http::Route attribution_route(const RouteContext& context) {
    http::Route route;
    route.pattern = "/api/v1/attribution";
    route.operation_id = "getAttribution";
    route.summary = "What a change of the hash price was made of";
    route.description =
        "Price, difficulty, fees and subsidy: exact and additive in logs. Retargets, halvings and "
        "the largest daily moves of the price stand beside them.";
    route.tag = kTag;
    route.parameters = {{.name = "from",
                         .kind = Kind::instant,
                         .description = "Start of the change.",
                         .required = true,
                         .example = "2025-07-11"},
                        {.name = "to",
                         .kind = Kind::instant,
                         .description = "Its end; the newest observation when left out.",
                         .example = "2025-11-04"}};
    route.contents = {
        {.schema = schemas::attribution(), .example = std::string(examples::kAttribution)}};
    route.also = {{.status = 404,
                   .description = "no observation speaks for one of the instants",
                   .content = {.media_type = "application/problem+json"}}};
    route.handler = [context](const Request& request) -> Result<Response> {
        if (auto refused = empty_range(request)) return *refused;
        const auto db = context.connections.lease();
        if (!db) return tl::unexpected(db.error());
        return answers::attribution(**db, request.time("from"), maybe_time(request, "to"))
            .map([](const auto& found) { return http::ok(answers::attribution_json(found)); });
    };
    return route;
}

http::Route backtest_route(const RouteContext& context) {
    http::Route route;
    route.pattern = "/api/v1/backtest";
    route.operation_id = "getBacktest";
    route.summary = "When a rule would have fired, escalated and cleared";
    route.description = "Each event is decided with the closes up to its own day.";
    route.tag = kTag;
    route.parameters = range_parameters();
    route.parameters.insert(route.parameters.begin(),
                            {.name = "rule",
                             .kind = Kind::string,
                             .description = "The name of a rule of the settings.",
                             .required = true,
                             .example = "sustained-decline"});
    route.contents = {{.schema = schemas::backtest(), .example = std::string(examples::kBacktest)}};
    route.also = {{.status = 404,
                   .description = "there is no such rule",
                   .content = {.media_type = "application/problem+json"}}};
    route.time_bucket = domain::kMinute;
    route.handler = [context](const Request& request) -> Result<Response> {
        if (auto refused = empty_range(request)) return *refused;
        const answers::BacktestQuery query{request.text("rule"), maybe_time(request, "from"),
                                           maybe_time(request, "to")};
        const auto db = context.connections.lease();
        if (!db) return tl::unexpected(db.error());
        return answers::backtest(**db, context.trend.all_rules, query, context.clock.now())
            .map([](const auto& found) { return http::ok(answers::backtest_json(found)); });
    };
    return route;
}

}  // namespace

std::vector<http::Route> decline_routes(const RouteContext& context) {
    return {trend_route(context), declines_route(context), decline_route(context),
            attribution_route(context), backtest_route(context)};
}

}  // namespace hashprice::service::app
