#include "service/answers/gaps.hpp"
#include "service/answers/sources.hpp"
#include "service/app/data_examples.hpp"
#include "service/app/hashprice_routes.hpp"
#include "service/http/schema.hpp"

namespace hashprice::service::app {
namespace {

using domain::Result;
using http::Caching;
using http::Kind;
using http::Response;
namespace schema = http::schema;

http::Route sources(const RouteContext& context) {
    http::Route route;
    route.pattern = "/api/v1/sources";
    route.operation_id = "getSources";
    route.summary = "Each source's health";
    route.description =
        "host is null for a source that is no longer enabled, up before it was first asked.";
    route.tag = "Operations";
    const auto time = [] { return schema::nullable(schema::time_text()); };
    const auto time_s = [] { return schema::nullable(schema::time_s()); };
    const std::string source = schema::object(
        {{"name", schema::text()},
         {"host", schema::nullable(schema::text())},
         {"roles", schema::array(schema::one_of_texts({"chain", "fees", "price", "comparison"}))},
         {"up", schema::nullable(schema::boolean())},
         {"last_success", time()},
         {"last_success_s", time_s()},
         {"last_failure", time()},
         {"last_failure_s", time_s()},
         {"last_error", schema::nullable(schema::text())},
         {"outlier", schema::nullable(schema::text("its price counts in no index; why"))},
         {"latency_ms", schema::nullable(schema::integer("of the last poll"))},
         {"polls_ok", schema::integer()},
         {"polls_failed", schema::integer()},
         {"quarantined", schema::integer("refused, to be decided on")}});
    route.contents = {{.schema = schema::object({{"sources", schema::array(source)}}),
                       .example = std::string(examples::kSources)}};
    route.caching = Caching::none;
    route.handler = [context](const http::Request&) -> Result<Response> {
        const auto db = context.connections.lease();
        if (!db) return tl::unexpected(db.error());
        return answers::sources(**db, context.sources)
            .and_then([&](auto reports) {
                return answers::with_outliers(**db, std::move(reports), context.derive);
            })
            .map([](const auto& reports) { return http::ok(answers::sources_json(reports)); });
    };
    return route;
}

http::Route gaps(const RouteContext& context) {
    http::Route route;
    route.pattern = "/api/v1/gaps";
    route.operation_id = "getGaps";
    route.summary = "What is missing, why, and whether it is being repaired";
    route.description =
        "Stretches between the first and the last observation that none speaks for.";
    route.tag = "Operations";
    route.parameters = {{.name = "from",
                         .kind = Kind::time,
                         .description = "Start of the range.",
                         .default_text = "2009-01-03",
                         .example = "2025-07-01"},
                        {.name = "to",
                         .kind = Kind::time,
                         .description = "Its end.",
                         .default_text = "now",
                         .example = "2025-12-01"}};
    const std::string gap = schema::object({{"from", schema::time_text()},
                                            {"from_s", schema::time_s()},
                                            {"to", schema::time_text()},
                                            {"to_s", schema::time_s()},
                                            {"seconds", schema::integer()},
                                            {"why", schema::text("which inputs are missing")},
                                            {"being_repaired", schema::boolean()}});
    route.contents = {{.schema = schema::object({{"from", schema::time_text()},
                                                 {"from_s", schema::time_s()},
                                                 {"to", schema::time_text()},
                                                 {"to_s", schema::time_s()},
                                                 {"gaps", schema::array(gap)}}),
                       .example = std::string(examples::kGaps)}};
    route.caching = Caching::none;
    route.handler = [context](const http::Request& request) -> Result<Response> {
        const domain::Range range{request.time("from"), request.time("to")};
        if (auto refused = empty_range(request)) return *refused;
        const auto db = context.connections.lease();
        if (!db) return tl::unexpected(db.error());
        const auto repair = answers::repair_of((*db)->file(), context.heals, context.clock.now());
        return answers::gaps(**db, range, repair).map([&](const auto& reports) {
            return http::ok(answers::gaps_json(range, reports));
        });
    };
    return route;
}

}  // namespace

std::vector<http::Route> repair_routes(const RouteContext& context) {
    return {sources(context), gaps(context)};
}

}  // namespace hashprice::service::app
