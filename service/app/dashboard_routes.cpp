#include "service/app/hashprice_routes.hpp"
#include "service/dashboard/files.hpp"

namespace hashprice::service::app {
namespace {

using domain::Result;
using http::Caching;
using http::Request;
using http::Response;

Response file_response(const dashboard::File& file) {
    return http::ok(std::string(file.text), std::string(dashboard::media_type_of(file.name)));
}

/// The one file that keeps its name: it says which version the others have.
http::Route page() {
    http::Route route;
    route.pattern = "/";
    route.operation_id = "getDashboard";
    route.summary = "The dashboard";
    route.caching = Caching::fixed;
    route.documented = false;
    route.handler = [](const Request&) -> Result<Response> {
        return file_response(*dashboard::find("index.html"));
    };
    return route;
}

http::Route asset() {
    http::Route route;
    route.pattern = "/assets/{version}/{file}";
    route.operation_id = "getDashboardFile";
    route.summary = "What the dashboard is made of";
    route.parameters = {{.name = "version", .in = http::In::path},
                        {.name = "file", .in = http::In::path}};
    route.caching = Caching::fixed;
    route.cache_control = "public, max-age=31536000, immutable";
    route.documented = false;
    route.handler = [](const Request& request) -> Result<Response> {
        const dashboard::File* file = dashboard::find(request.text("file"));
        if (file == nullptr || request.text("version") != dashboard::version())
            return http::not_found("the dashboard has no such file in this version");
        return file_response(*file);
    };
    return route;
}

}  // namespace

std::vector<http::Route> dashboard_routes(const RouteContext& /*context*/) {
    return {page(), asset()};
}

}  // namespace hashprice::service::app
