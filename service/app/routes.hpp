#pragma once
#include "domain/clock.hpp"
#include "ingest/collector.hpp"
#include "service/answers/sources.hpp"
#include "service/answers/trend_settings.hpp"
#include "service/app/connections.hpp"
#include "service/http/events.hpp"
#include "service/http/metrics.hpp"
#include "service/http/route.hpp"

namespace hashprice::service::app {

/// What the routes answer from.   outlives  everything named here must live longer than the routes
struct RouteContext {
    Connections& connections;
    const domain::Clock& clock;
    ingest::DeriveOptions derive;
    domain::seconds max_age{300};
    domain::seconds interval{60};
    std::uint64_t keep_free = 0;  ///< bytes of the disk below which nothing is written
    answers::TrendSettings trend;
    domain::seconds heals{0};  ///< how far back the daemon repairs gaps
    std::vector<answers::ConfiguredSource> sources;
};

/// What the routes that speak of the server itself need.   outlives  as above
struct ServerContext {
    http::EventHub& events;
    http::Registry& metrics;
    std::string base_path = "/";
    bool token_required = false;
};

/// The product's routes; /openapi.json is made of the same table.
domain::Result<http::RouteTable> product_routes(const RouteContext& context,
                                                const ServerContext& server);

}  // namespace hashprice::service::app
