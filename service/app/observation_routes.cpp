#include "service/answers/explain.hpp"
#include "service/app/data_examples.hpp"
#include "service/app/hashprice_routes.hpp"
#include "service/http/schema.hpp"

namespace hashprice::service::app {
namespace {

using domain::Result;
using http::Kind;
using http::Response;
namespace schema = http::schema;

// The close of 2025-11-15, from real blocks and prices.
constexpr std::string_view kLatestExample = R"({
"time":"2025-11-16T00:00:00Z","time_s":1763251200,
"usd_per_ph_day":39.676822328347745,"sat_per_ph_day":41522.37566395885,
"price_usd":95555.28,"difficulty":152271405447597.38,"height":923800,
"subsidy_sat":312500000,"fee_sat_mean":1806451.263888889,"fee_window":"blocks_144",
"formula":"usd_per_ph_day = 86400e15 * (subsidy_sat + fee_sat_mean) / (difficulty * 2^48 / 65535) / 1e8 * price_usd",
"sources":{"difficulty":["mempool"],"fees":["mempool"],"price":["coinbase","kraken","bitstamp","gemini"]},
"stale":false,"stale_reason":null,"degraded":false,"degraded_reason":null})";

schema::Fields observation_fields() {
    const std::string names = schema::array(schema::text());
    return {{"time", schema::nullable(schema::time_text())},
            {"time_s", schema::nullable(schema::time_s())},
            {"usd_per_ph_day", schema::nullable(schema::number("USD per PH/s and day"))},
            {"sat_per_ph_day", schema::nullable(schema::number("satoshi per PH/s and day"))},
            {"price_usd", schema::nullable(schema::number("of one BTC"))},
            {"difficulty", schema::nullable(schema::number())},
            {"height", schema::nullable(schema::integer("of the tip"))},
            {"subsidy_sat", schema::nullable(schema::integer())},
            {"fee_sat_mean", schema::nullable(schema::number("satoshi a block"))},
            {"fee_window", schema::nullable(schema::one_of_texts({"blocks_144", "utc_day"}))},
            {"formula", schema::text()},
            {"sources", schema::map_of(names)}};
}

schema::Fields with(schema::Fields fields, const schema::Fields& more) {
    fields.insert(fields.end(), more.begin(), more.end());
    return fields;
}

http::Route latest_route(const RouteContext& context) {
    http::Route route;
    route.pattern = "/api/v1/hashprice/latest";
    route.operation_id = "getLatestHashprice";
    route.summary = "The current hash price";
    route.description =
        "Says itself when it is stale or degraded, and why; nulls before the first observation.";
    route.tag = "Hash price";
    route.contents = {
        {.schema = schema::object(
             with(observation_fields(), {{"stale", schema::boolean()},
                                         {"stale_reason", schema::nullable(schema::text())},
                                         {"degraded", schema::boolean()},
                                         {"degraded_reason", schema::nullable(schema::text())}}))}};
    route.contents.front().example = kLatestExample;
    route.time_bucket = domain::seconds{1};
    route.handler = [context](const http::Request&) -> Result<Response> {
        const auto db = context.connections.lease();
        if (!db) return tl::unexpected(db.error());
        return answers::latest(**db, freshness_of(context)).map([](const answers::Latest& latest) {
            return http::ok(answers::latest_json(latest));
        });
    };
    return route;
}

std::string explanation_schema() {
    const schema::Fields kept =
        with(observation_fields(), {{"span_s", schema::integer("it speaks for that long before")},
                                    {"fee_sat_sum", schema::integer()},
                                    {"fee_blocks", schema::integer()},
                                    {"degraded_reason", schema::nullable(schema::text())},
                                    {"recorded_at", schema::time_text()},
                                    {"recorded_at_s", schema::time_s()}});
    const std::string input = schema::object({{"name", schema::text()},
                                              {"value", schema::text()},
                                              {"origin", schema::text("who said so, and when")}});
    return schema::object({{"asked", schema::time_text()},
                           {"asked_s", schema::time_s()},
                           {"observation", schema::nullable(schema::object(kept))},
                           {"arithmetic", schema::array(schema::text())},
                           {"inputs", schema::array(input)},
                           {"missing", schema::array(schema::text())},
                           {"superseded", schema::array(schema::object(kept))}});
}

http::Route explain_route(const RouteContext& context) {
    http::Route route;
    route.pattern = "/api/v1/explain";
    route.operation_id = "explainHashprice";
    route.summary = "One observation taken apart";
    route.description =
        "Every input with its source and fetch time, and the formula with the numbers put in.";
    route.tag = "Hash price";
    route.parameters = {
        {.name = "time",
         .kind = Kind::instant,
         .description = "The instant; what speaks for it is taken apart.",
         .required = true,
         .example = "2025-11-15"},
        {.name = "as_of", .kind = Kind::time, .description = "As it was known then."}};
    route.contents = {{.schema = explanation_schema(), .example = std::string(examples::kExplain)}};
    route.handler = [context](const http::Request& request) -> Result<Response> {
        const auto db = context.connections.lease();
        if (!db) return tl::unexpected(db.error());
        const auto as_of =
            request.has("as_of") ? std::optional(request.time("as_of")) : std::nullopt;
        return answers::explain(**db, request.time("time"), as_of, context.derive)
            .map([](const answers::Explanation& e) { return http::ok(answers::explain_json(e)); });
    };
    return route;
}

}  // namespace

std::vector<http::Route> observation_routes(const RouteContext& context) {
    return {latest_route(context), explain_route(context)};
}

}  // namespace hashprice::service::app
