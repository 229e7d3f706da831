#include "service/app/routes.hpp"

#include "service/app/hashprice_routes.hpp"
#include "service/app/outbound_metrics.hpp"
#include "service/app/product_metrics.hpp"
#include "service/app/trend_metrics.hpp"
#include "service/app/trend_routes.hpp"
#include "service/app/trend_schemas.hpp"
#include "service/http/openapi.hpp"
#include "service/version.hpp"

namespace hashprice::service::app {
namespace {

using Routes = std::vector<http::Route>;

http::ApiInfo api_info(const ServerContext& server) {
    http::ApiInfo info;
    info.version = kVersion;
    info.description =
        "Bitcoin hash price: what one PH/s of mining power earns in a day. Every time stands "
        "twice, "
        "as RFC 3339 and as unix seconds; missing values are null, never 0; ranges are [from, to).";
    info.base_path = server.base_path;
    info.token_required = server.token_required;
    info.components = {{"Decline", schemas::decline()}};
    return info;
}

http::Route events_route(http::EventHub& events) {
    http::Route route = events.route("/api/v1/events");
    route.description +=
        " `observation`: as /api/v1/hashprice/latest. `episode`, when a decline changes: date, "
        "time, "
        "event, decline, state, severity, value and drawdown as in /api/v1/backtest, with rule and "
        "recorded_at. `source`, when one can no longer be used or can again: source, up, reason "
        "(null while up), time.";
    return route;
}

Routes server_routes(const ServerContext& server) {
    return {events_route(server.events), metrics_route(server.metrics),
            http::openapi_route(api_info(server))};
}

domain::Status add_all(http::RouteTable& table, Routes routes) {
    for (http::Route& route : routes) {
        if (auto added = table.add(std::move(route)); !added) return added;
    }
    return {};
}

}  // namespace

std::optional<http::Response> empty_range(const http::Request& request) {
    if (!request.has("from") || !request.has("to")) return std::nullopt;
    if (request.time("from") < request.time("to")) return std::nullopt;
    return http::bad_request("to", "'to' must be later than 'from'");
}

domain::Result<http::RouteTable> product_routes(const RouteContext& context,
                                                const ServerContext& server) {
    http::RouteTable table;
    for (auto* group :
         {health_routes, observation_routes, hashprice_routes, inputs_routes, decline_routes,
          miner_routes, comparison_routes, repair_routes, dashboard_routes}) {
        if (const auto added = add_all(table, group(context)); !added)
            return tl::unexpected(added.error());
    }
    if (const auto added = add_all(table, server_routes(server)); !added)
        return tl::unexpected(added.error());
    add_product_metrics(server.metrics, context);
    add_trend_metrics(server.metrics, context);
    add_outbound_metrics(server.metrics, context);
    return table;
}

}  // namespace hashprice::service::app
