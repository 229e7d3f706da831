#include "service/answers/status.hpp"
#include "service/app/data_examples.hpp"
#include "service/app/hashprice_routes.hpp"
#include "service/app/schema_parts.hpp"
#include "storage/upkeep.hpp"

namespace hashprice::service::app {
namespace {

using domain::Result;
using http::Caching;
using http::Response;
namespace schema = http::schema;
using schemas::operator+;

std::string state_json(const std::vector<std::string>& reasons) {
    return answers::json_text([&](answers::Json& json) {
        answers::object(json, [&] {
            answers::put(json, "status", reasons.empty() ? "ok" : "unavailable");
            answers::array(json, "reasons", [&] {
                for (const std::string& reason : reasons) answers::put(json, reason);
            });
        });
    });
}

std::string life_schema() {
    return schema::object(
        {{"status", schema::one_of_texts({"ok"}, "a process that does not live does not answer")},
         {"reasons", schema::array(schema::text(), "always empty: it has the shape of /readyz")}});
}

std::string state_schema() {
    return schema::object(
        {{"status", schema::one_of_texts({"ok", "unavailable"}, "unavailable comes with a 503")},
         {"reasons", schema::array(schema::text(), "for people: why not; empty when ok")}});
}

std::string status_schema() {
    const auto n = [](std::string_view what) { return schema::integer(what); };
    const schema::Fields database =
        schema::Fields{{"path", schema::text("where the database lies")},
                       {"bytes", n("of the file and its write-ahead log")},
                       {"schema", n("version of the tables")}} +
        schemas::maybe_time(
            "starter_imported_at",
            "when the history that comes with the program was imported; null: never");
    const schema::Fields facts = {{"blocks", n("blocks of the chain that are stored")},
                                  {"prices", n("prices and candles of all sources")},
                                  {"fee_means", n("fee sums over a window")},
                                  {"epochs", n("difficulty epochs")},
                                  {"aside", n("kept, but revised or retracted")},
                                  {"quarantined", n("refused, to be decided on")}};
    const schema::Fields observations =
        schema::Fields{{"count", n("hash prices in force")},
                       {"superseded", n("earlier ones, kept for as_of")}} +
        schemas::maybe_time("first", "of the oldest one; null: there is none") +
        schemas::maybe_time("last", "of the newest one; null: there is none");
    return schema::object(
        schema::Fields{
            {"version", schema::text("of the program")},
            {"database", schema::object("the SQLite file that is served", database)},
            {"facts", schema::object("how many of a kind are stored", facts)},
            {"observations",
             schema::object("how many are stored, and how far they reach", observations)}} +
        schemas::stale() + schema::Fields{{"degraded", schemas::degraded()}});
}

http::Route healthz() {
    http::Route route;
    route.pattern = "/healthz";
    route.operation_id = "getHealth";
    route.summary = "Whether the process lives";
    route.tag = "Operations";
    route.contents = {{.schema = life_schema(), .example = R"({"status":"ok","reasons":[]})"}};
    route.cache_control = "no-store";
    route.caching = Caching::none;
    route.handler = [](const http::Request&) -> Result<Response> {
        return http::ok(state_json({}));
    };
    return route;
}

http::Route readyz(const RouteContext& context) {
    http::Route route;
    route.pattern = "/readyz";
    route.operation_id = "getReadiness";
    route.summary = "Whether its data are fresh";
    route.description =
        "503 with the reasons while the newest observation is stale or missing, or the disk is too "
        "full to write.";
    route.tag = "Operations";
    route.contents = {{.schema = state_schema(), .example = R"({"status":"ok","reasons":[]})"}};
    route.also = {{503, "The data are not fresh", {.schema = state_schema()}}};
    route.cache_control = "no-store";
    route.caching = Caching::none;
    route.handler = [context](const http::Request&) -> Result<Response> {
        const auto db = context.connections.lease();
        if (!db) return tl::unexpected(db.error());
        const auto latest = answers::latest(**db, freshness_of(context));
        if (!latest) return tl::unexpected(latest.error());
        std::vector<std::string> reasons;
        if (const std::string old = answers::not_ready_reason(*latest); !old.empty())
            reasons.push_back(old);
        if (const auto room = storage::enough_room((*db)->file(), context.keep_free); !room)
            reasons.push_back(room.error().what);
        Response response = http::ok(state_json(reasons));
        if (!reasons.empty()) response.status = 503;
        return response;
    };
    return route;
}

http::Route status(const RouteContext& context) {
    http::Route route;
    route.pattern = "/api/v1/status";
    route.operation_id = "getStatus";
    route.summary = "Database, versions, schema, freshness";
    route.tag = "Operations";
    route.contents = {{.schema = status_schema(), .example = std::string(examples::kStatus)}};
    route.caching = Caching::none;
    route.handler = [context](const http::Request&) -> Result<Response> {
        const auto db = context.connections.lease();
        if (!db) return tl::unexpected(db.error());
        return answers::status(**db, freshness_of(context))
            .map([](const answers::StatusReport& report) {
                return http::ok(answers::status_json(report));
            });
    };
    return route;
}

}  // namespace

std::vector<http::Route> health_routes(const RouteContext& context) {
    return {healthz(), readyz(context), status(context)};
}

}  // namespace hashprice::service::app
