#pragma once
#include <string>
#include <vector>

#include "service/app/routes.hpp"

namespace hashprice::service::app {

/// trend, declines, one decline, attribution, backtest.
std::vector<http::Route> decline_routes(const RouteContext& context);
/// breakeven, projection, annotations.
std::vector<http::Route> miner_routes(const RouteContext& context);

}  // namespace hashprice::service::app
