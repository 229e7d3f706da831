#include "service/answers/comparison.hpp"
#include "service/app/hashprice_routes.hpp"
#include "service/app/schema_parts.hpp"

namespace hashprice::service::app {
namespace {

using domain::Result;
using http::Kind;
using http::Request;
using http::Response;
namespace schema = http::schema;
using schemas::operator+;

constexpr std::string_view kExample =
    R"({"unit":"USD/PH/day","comparison":[{"source":"braiins","time":"2025-11-16T00:00:00Z",)"
    R"("time_s":1763251200,"theirs":39.9,"ours":39.676822,"ours_time":"2025-11-16T00:00:00Z",)"
    R"("ours_time_s":1763251200,"difference":0.223178,"ratio":0.005624896})"
    "]}";

std::string comparison_schema() {
    const std::string one = schema::object(
        schema::Fields{{"source", schema::text("who publishes it: a name of the settings")}} +
        schemas::time("time", "of their figure") +
        schema::Fields{{"theirs", schema::number("as published")},
                       {"ours", schema::number("as it was known when theirs was fetched")}} +
        schemas::time("ours_time", "of our observation: at their time or shortly before") +
        schema::Fields{{"difference", schema::number("theirs less ours")},
                       {"ratio", schema::number("theirs over ours, less 1: 0.05 is 5 % above")}});
    return schema::object({{"unit", schema::text("of all values: USD/PH/day")},
                           {"comparison", schema::array(one, "by time, then by source")}});
}

http::Route comparison_route(const RouteContext& context) {
    http::Route route;
    route.pattern = "/api/v1/comparison";
    route.operation_id = "listComparison";
    route.summary = "Hash prices as others publish them, beside ours";
    route.description = "Empty unless a source of kind braiins or luxor is configured.";
    route.tag = "Operations";
    route.parameters = {{.name = "from",
                         .kind = Kind::time,
                         .description = "Start of the range.",
                         .default_text = "-30d",
                         .example = "2025-11-16"},
                        {.name = "to",
                         .kind = Kind::time,
                         .description = "Its end, not included.",
                         .default_text = "now",
                         .example = "2025-11-17"}};
    route.contents = {{.schema = comparison_schema(), .example = std::string(kExample)}};
    route.now_grid = domain::kMinute;
    route.handler = [context](const Request& request) -> Result<Response> {
        const domain::Range range{request.time("from"), request.time("to")};
        if (auto refused = empty_range(request)) return *refused;
        const auto db = context.connections.lease();
        if (!db) return tl::unexpected(db.error());
        return answers::comparison(**db, range).map([](const auto& found) {
            return http::ok(answers::comparison_json(found));
        });
    };
    return route;
}

}  // namespace

std::vector<http::Route> comparison_routes(const RouteContext& context) {
    return {comparison_route(context)};
}

}  // namespace hashprice::service::app
