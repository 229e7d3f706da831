#include "service/answers/inputs.hpp"
#include "service/app/data_examples.hpp"
#include "service/app/hashprice_routes.hpp"
#include "service/app/schema_parts.hpp"

namespace hashprice::service::app {
namespace {

using domain::Result;
using http::Kind;
using http::Param;
using http::Response;
namespace schema = http::schema;
using schemas::operator+;

std::vector<Param> inputs_parameters() {
    return {{.name = "input",
             .kind = Kind::enumeration,
             .description = "Which one.",
             .choices = {"difficulty", "fees", "price"},
             .in = http::In::path,
             .example = "difficulty"},
            {.name = "from",
             .kind = Kind::time,
             .description = "Start of the range.",
             .default_text = "-30d",
             .example = "2025-07-01"},
            {.name = "to",
             .kind = Kind::time,
             .description = "Its end, not included.",
             .default_text = "now",
             .example = "2025-12-01"},
            {.name = "step",
             .kind = Kind::enumeration,
             .description = "Length of a bar; auto is the finest that stays within max_points.",
             .choices = {"auto", "1h", "6h", "1d", "1w", "1mo"},
             .default_text = "auto"},
            {.name = "max_points",
             .kind = Kind::integer,
             .description = "For step=auto: how many bars at most; of months there may be more.",
             .default_text = "1500",
             .min = 1,
             .max = static_cast<double>(answers::kMostInputBars)},
            {.name = "format",
             .kind = Kind::enumeration,
             .description = "json, or csv with a column for each value.",
             .choices = {"json", "csv"},
             .default_text = "json"}};
}

std::string inputs_schema() {
    const auto value = [](std::string_view what) { return schema::nullable(schema::number(what)); };
    const std::string point = schema::object(
        schemas::time("time", "start of the bar"),
        {{"difficulty", value("as at the end of the bar; null before the first epoch that is "
                              "known, in a hole between two, and after the newest fact")},
         {"hashrate_eh_s", value("EH/s that find a block every 600 s at this difficulty")},
         {"fee_sat_mean",
          value("satoshi a block, over the bar's blocks; where they are not stored, "
                "over the fee means that end in it")},
         {"blocks", schema::integer("blocks that the mean is made of; 0 where it is null")},
         {"price_usd", value("USD for one BTC: the index of the bar's last observation")},
         {"sources", schema::map_of(value({}),
                                    "USD for one BTC, by name of the source: its newest "
                                    "price in the bar's last hour; null: none")}});
    return schema::object(
        schema::Fields{{"input", schema::one_of_texts({"difficulty", "fees", "price"},
                                                      "decides which values a point has")}} +
        schemas::range() +
        schema::Fields{
            {"step", schema::text("what was taken; for auto too")},
            {"step_s", schema::integer("seconds of a bar; of a month, 30 days")},
            {"unit", schema::text("of the values: difficulty, EH/s; sat/block; or USD/BTC")},
            {"points", schema::array(point,
                                     "every bar that begins in the range, or reaches into "
                                     "it; in order of time")}});
}

answers::InputsQuery inputs_query(const http::Request& request) {
    answers::InputsQuery query;
    query.input = *answers::parse_input(request.text("input"));
    query.range = {request.time("from"), request.time("to")};
    if (request.text("step") != "auto") query.step = *domain::parse_step(request.text("step"));
    query.max_points = static_cast<int>(request.integer("max_points"));
    return query;
}

Result<Response> answer_inputs(const RouteContext& context, const http::Request& request) {
    if (auto refused = empty_range(request)) return *refused;
    const auto db = context.connections.lease();
    if (!db) return tl::unexpected(db.error());
    const auto answer = answers::inputs(**db, inputs_query(request));
    if (!answer && answer.error().code == domain::Errc::usage)
        return http::bad_request("step", answer.error().what);
    if (!answer) return tl::unexpected(answer.error());
    if (request.text("format") == "csv")
        return http::ok(answers::inputs_csv(*answer), "text/csv; charset=utf-8");
    return http::ok(answers::inputs_json(*answer));
}

}  // namespace

std::vector<http::Route> inputs_routes(const RouteContext& context) {
    http::Route route;
    route.pattern = "/api/v1/inputs/{input}";
    route.operation_id = "getInputs";
    route.summary = "What the hash price is made of";
    route.description =
        "Difficulty with the network hash rate it stands for, fees, or the price with each "
        "source's own, bar by bar; null where nothing is known.";
    route.tag = "Hash price";
    route.parameters = inputs_parameters();
    route.contents = {{.schema = inputs_schema(), .example = std::string(examples::kInputs)},
                      {.media_type = "text/csv"}};
    route.now_grid = domain::seconds{60};
    route.handler = [context](const http::Request& request) {
        return answer_inputs(context, request);
    };
    return {std::move(route)};
}

}  // namespace hashprice::service::app
