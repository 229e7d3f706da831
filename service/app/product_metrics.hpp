#pragma once
#include "service/app/routes.hpp"
#include "service/http/metrics.hpp"

namespace hashprice::service::app {

/// What Prometheus is told about mining, read from the database at every scrape.
///
///   names    CONTRACT of the API; no timestamps: the age is
///   hashprice_observation_timestamp_seconds absent   a value that is not known has no sample,
///   never 0 errors   a database that cannot be read leaves out what would have come from it, and
///            hashprice_database_up is 0
void add_product_metrics(http::Registry& registry, const RouteContext& context);

/// GET /metrics.
http::Route metrics_route(const http::Registry& registry);

}  // namespace hashprice::service::app
