#pragma once
#include "service/app/routes.hpp"
#include "service/http/metrics.hpp"

namespace hashprice::service::app {

/// What waits for receivers and sinks, and how it goes, read from the database at every scrape.
void add_outbound_metrics(http::Registry& registry, const RouteContext& context);

}  // namespace hashprice::service::app
