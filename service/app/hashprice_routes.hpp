#pragma once
#include <optional>
#include <vector>

#include "service/answers/latest.hpp"
#include "service/app/routes.hpp"

namespace hashprice::service::app {

std::vector<http::Route> health_routes(
    const RouteContext& context);  ///< /healthz, /readyz, /api/v1/status
std::vector<http::Route> observation_routes(const RouteContext& context);  ///< latest, explain
std::vector<http::Route> hashprice_routes(const RouteContext& context);    ///< the series
std::vector<http::Route> inputs_routes(const RouteContext& context);  ///< difficulty, fees, price
std::vector<http::Route> dashboard_routes(const RouteContext& context);  ///< the page and its files

std::vector<http::Route> comparison_routes(const RouteContext& context);  ///< /api/v1/comparison
std::vector<http::Route> repair_routes(
    const RouteContext& context);  ///< /api/v1/sources, /api/v1/gaps

/// The refusal of a range in which nothing can lie, naming `to`; nullopt where there is no such
/// fault.
std::optional<http::Response> empty_range(const http::Request& request);

inline answers::Freshness freshness_of(const RouteContext& context) {
    return {context.clock.now(), context.max_age, context.interval};
}

}  // namespace hashprice::service::app
