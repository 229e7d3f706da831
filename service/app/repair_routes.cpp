#include "service/answers/gaps.hpp"
#include "service/answers/sources.hpp"
#include "service/app/data_examples.hpp"
#include "service/app/hashprice_routes.hpp"
#include "service/app/schema_parts.hpp"

namespace hashprice::service::app {
namespace {

using domain::Result;
using http::Caching;
using http::Kind;
using http::Response;
namespace schema = http::schema;
using schemas::operator+;

std::string sources_schema() {
    const auto polls = [](std::string_view what) {
        return schema::integer(std::string(what) + ", as far back as the poll log is kept");
    };
    const std::string roles = schema::one_of_texts({"chain", "fees", "price", "comparison"});
    const std::string source = schema::object(
        schema::Fields{
            {"name", schema::text("as in the settings")},
            {"host", schema::nullable(schema::text("that is asked; null: not enabled any more"))},
            {"roles",
             schema::array(roles, "what it can be asked for; empty: not enabled any more")},
            {"up", schema::nullable(
                       schema::boolean("its last poll went well; null: it was not asked yet"))}} +
        schemas::maybe_time("last_success", "start of its newest good poll; null: none") +
        schemas::maybe_time("last_failure", "start of its newest failed poll; null: none") +
        schema::Fields{
            {"last_error", schema::nullable(schema::text(
                               "what the newest failed poll failed by; null: none failed"))},
            {"outlier", schema::nullable(schema::text(
                            "its price counts in no index at the newest observation: by how much "
                            "it is off; null: it does not disagree"))},
            {"latency_ms", schema::nullable(schema::integer(
                               "milliseconds of the last poll; null: it was not asked yet"))},
            {"polls_ok", polls("good polls")},
            {"polls_failed", polls("failed polls")},
            {"quarantined", schema::integer("facts of it that were refused, to be decided on")}});
    return schema::object({{"sources", schema::array(source,
                                                     "in the order in which they are "
                                                     "asked, then those asked no more")}});
}

std::string gaps_schema() {
    const std::string gap = schema::object(
        schemas::time("from", "the last second before it that an observation speaks for") +
        schemas::time("to", "its last second") +
        schema::Fields{{"seconds", schema::integer("how long it is")},
                       {"why", schema::text("which inputs are missing")},
                       {"being_repaired",
                        schema::boolean("a backfill runs, or the daemon heals that far back; "
                                        "never where nobody traded")}});
    return schema::object(schemas::time("from", "start of the range asked for") +
                          schemas::time("to", "its end") +
                          schema::Fields{{"gaps", schema::array(gap,
                                                                "in order of time, clipped "
                                                                "to the range")}});
}

http::Route sources(const RouteContext& context) {
    http::Route route;
    route.pattern = "/api/v1/sources";
    route.operation_id = "getSources";
    route.summary = "Each source's health";

    route.tag = "Operations";
    route.contents = {{.schema = sources_schema(), .example = std::string(examples::kSources)}};
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
    route.contents = {{.schema = gaps_schema(), .example = std::string(examples::kGaps)}};
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
