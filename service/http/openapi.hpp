#pragma once
#include <string>
#include <utility>
#include <vector>

#include "service/http/route.hpp"

namespace hashprice::service::http {

/// What the OpenAPI text says besides the routes.
struct ApiInfo {
    std::string title = "hashprice";
    std::string version;
    std::string description;
    std::string license = "Apache-2.0";
    std::string base_path = "/";
    bool token_required = false;
    std::vector<std::string> protected_prefixes = {"/api", "/metrics"};
    std::vector<std::pair<std::string, std::string>> components;  ///< name, JSON Schema
};

/// OpenAPI 3.0.3 of all documented routes, from the very table that serves: it cannot drift.
///
///   errors  usage: a schema or an example that is not JSON, with the route's name
domain::Result<std::string> openapi_json(const RouteTable& table, const ApiInfo& info);

/// The route that serves it ("/openapi.json"), of the table it stands in.
Route openapi_route(ApiInfo info);

}  // namespace hashprice::service::http
