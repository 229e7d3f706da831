#include "service/answers/annotations.hpp"
#include "service/answers/breakeven.hpp"
#include "service/answers/projection.hpp"
#include "service/app/hashprice_routes.hpp"
#include "service/app/trend_examples.hpp"
#include "service/app/trend_routes.hpp"
#include "service/app/trend_schemas.hpp"

namespace hashprice::service::app {
namespace {

using domain::Result;
using http::Kind;
using http::Request;
using http::Response;

constexpr std::string_view kTag = "Miners";

std::optional<double> maybe_number(const Request& request, std::string_view name) {
    return request.has(name) ? std::optional(request.number(name)) : std::nullopt;
}

http::Route breakeven_route(const RouteContext& context) {
    http::Route route;
    route.pattern = "/api/v1/breakeven";
    route.operation_id = "getBreakeven";
    route.summary = "What the hash price means to whoever pays for power";
    route.description =
        "Break-even per class of machines, the fleets of the settings, and a machine asked about.";
    route.tag = kTag;
    route.parameters = {
        {.name = "efficiency_j_per_th",
         .kind = Kind::number,
         .description = "Of a machine to reckon for: J/TH at the wall.",
         .min = 0.001,
         .max = 1e8,
         .example = "17.5"},
        {.name = "power_usd_per_mwh",
         .kind = Kind::number,
         .description = "What it pays for power; negative: it is paid.",
         .min = -10'000,
         .max = 10'000,
         .example = "60"},
        {.name = "usd_per_ph_day",
         .kind = Kind::number,
         .description = "What if the hash price were this; the newest when left out.",
         .min = 1e-9,
         .max = 1e15,
         .example = "40"}};
    route.contents = {
        {.schema = schemas::breakeven(), .example = std::string(examples::kBreakeven)}};
    route.time_bucket = domain::seconds{1};
    route.handler = [context](const Request& request) -> Result<Response> {
        const answers::BreakevenQuery query{maybe_number(request, "efficiency_j_per_th"),
                                            maybe_number(request, "power_usd_per_mwh"),
                                            maybe_number(request, "usd_per_ph_day")};
        const auto db = context.connections.lease();
        if (!db) return tl::unexpected(db.error());
        return answers::breakeven(**db, context.trend, query, freshness_of(context))
            .map([](const auto& found) { return http::ok(answers::breakeven_json(found)); });
    };
    return route;
}

http::Route projection_route(const RouteContext& context) {
    http::Route route;
    route.pattern = "/api/v1/projection";
    route.operation_id = "getProjection";
    route.summary = "The next retarget and halving, and the hash price after each";
    route.description = "All else equal: price and fees as in the newest observation.";
    route.tag = kTag;
    route.contents = {
        {.schema = schemas::projection(), .example = std::string(examples::kProjection)}};
    route.time_bucket = domain::seconds{1};
    route.handler = [context](const Request&) -> Result<Response> {
        const auto db = context.connections.lease();
        if (!db) return tl::unexpected(db.error());
        return answers::projection(**db, freshness_of(context)).map([](const auto& found) {
            return http::ok(answers::projection_json(found));
        });
    };
    return route;
}

http::Route annotations_route(const RouteContext& context) {
    http::Route route;
    route.pattern = "/api/v1/annotations";
    route.operation_id = "listAnnotations";
    route.summary = "What a chart marks: notes, retargets, halvings";
    route.tag = kTag;
    route.parameters = {{.name = "from",
                         .kind = Kind::time,
                         .description = "Start of the range.",
                         .default_text = "-400d",
                         .example = "2025-07-01"},
                        {.name = "to",
                         .kind = Kind::time,
                         .description = "Its end, not included.",
                         .default_text = "now",
                         .example = "2025-12-01"}};
    route.contents = {
        {.schema = schemas::annotations(), .example = std::string(examples::kAnnotations)}};
    route.now_grid = domain::kMinute;
    route.handler = [context](const Request& request) -> Result<Response> {
        const domain::Range range{request.time("from"), request.time("to")};
        if (auto refused = empty_range(request)) return *refused;
        const auto db = context.connections.lease();
        if (!db) return tl::unexpected(db.error());
        return answers::annotations(**db, range).map([&](const auto& marks) {
            return http::ok(answers::annotations_json(marks, range));
        });
    };
    return route;
}

}  // namespace

std::vector<http::Route> miner_routes(const RouteContext& context) {
    return {breakeven_route(context), projection_route(context), annotations_route(context)};
}

}  // namespace hashprice::service::app
