#include "service/answers/explain.hpp"
#include "service/app/data_examples.hpp"
#include "service/app/hashprice_routes.hpp"
#include "service/app/schema_parts.hpp"

namespace hashprice::service::app {
namespace {

using domain::Result;
using http::Kind;
using http::Response;
namespace schema = http::schema;
using schemas::operator+;

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
    return schemas::observation() +
           schema::Fields{
               {"fee_window",
                schema::one_of_texts({"blocks_144", "utc_day"},
                                     "what the mean is over: 144 blocks, or a UTC day where "
                                     "no more is known")}};
}

schema::Fields making_fields(std::string_view sources) {
    return {{"formula", schema::text("how usd_per_ph_day is made of the fields beside it")},
            {"sources", schema::map_of(schema::array(schema::text()), sources)}};
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
             schemas::maybe(observation_fields()) +
             making_fields("names by input: of difficulty, of fees, and of each price that counts; "
                           "empty before the first observation") +
             schemas::stale() +
             schema::Fields{{"degraded", schemas::degraded()},
                            {"degraded_reason", schemas::degraded_reason()}})}};
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
        observation_fields() +
        making_fields("names by input: of difficulty, of fees, and of each price that counted") +
        schema::Fields{{"span_s", schema::integer("it speaks for so many seconds before its time")},
                       {"fee_sat_sum", schema::integer("satoshi, of all blocks of the fee window")},
                       {"fee_blocks", schema::integer("blocks of the fee window")},
                       {"degraded_reason", schemas::degraded_reason()}} +
        schemas::time("recorded_at", "when this value was written down");
    const std::string input = schema::object(
        {{"name", schema::text("tip, difficulty, subsidy, fees, or price (once for each source)")},
         {"value", schema::text("with its unit, for people")},
         {"origin", schema::text("who said so and when; of a price, whether it counted")}});
    return schema::object(
        schemas::time("asked", "the instant that was asked for") +
        schema::Fields{
            {"observation",
             schema::nullable(schema::object("the one that speaks for the instant; with as_of only "
                                             "one of that very instant; null: there is none",
                                             kept))},
            {"arithmetic",
             schema::array(schema::text(),
                           "the formula and its steps with the numbers put in; empty without an "
                           "observation")},
            {"inputs",
             schema::array(input,
                           "the facts as of then, as they are stored today, counted or not")},
            {"missing",
             schema::array(schema::text(),
                           "for people: why there is no observation; empty where there is one")},
            {"superseded",
             schema::array(schema::object(kept), "values that stood here before, newest first")}});
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
