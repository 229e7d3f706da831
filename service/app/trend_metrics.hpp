#pragma once
#include "service/app/routes.hpp"
#include "service/http/metrics.hpp"

namespace hashprice::service::app {

/// hashprice_decline_active, hashprice_decline_depth_ratio, hashprice_breakeven_usd_per_mwh and
/// hashprice_fleet_margin_usd_per_ph_day, read at every scrape.
void add_trend_metrics(http::Registry& registry, const RouteContext& context);

}  // namespace hashprice::service::app
