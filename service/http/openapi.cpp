#include "service/http/openapi.hpp"

#include <algorithm>

#include "service/http/openapi_text.hpp"
#include "service/http/schema.hpp"
#include "service/http/uri.hpp"

namespace hashprice::service::http {
namespace {

bool is_json(std::string_view media_type) {
    return media_type.substr(0, media_type.find(';')).ends_with("json");
}

void write_content(OpenApiText& out, const Content& content, std::string_view where) {
    out.open(content.media_type);
    out.key("schema");
    out.raw(content.schema.empty() ? R"({"type":"string"})" : content.schema, where);
    if (!content.example.empty()) {
        out.key("example");
        if (is_json(content.media_type))
            out.raw(content.example, where);
        else
            out.text(content.example);
    }
    out.close();
}

void write_problem(OpenApiText& out, int status, std::string_view description) {
    out.open(std::to_string(status));
    out.member("description", description);
    out.open("content");
    write_content(out, {"application/problem+json", schema::ref("Problem"), {}}, "Problem");
    out.close();
    out.close();
}

void write_documented(OpenApiText& out, const Documented& also, std::string_view where) {
    if (also.content.schema.empty()) return write_problem(out, also.status, also.description);
    out.open(std::to_string(also.status));
    out.member("description", also.description);
    out.open("content");
    write_content(out, also.content, where);
    out.close();
    out.close();
}

void write_responses(OpenApiText& out, const Route& route, bool guarded) {
    const auto declared = [&route](int status) {
        return std::any_of(route.also.begin(), route.also.end(),
                           [status](const Documented& also) { return also.status == status; });
    };
    const bool in_path = route.pattern.find('{') != std::string::npos;
    out.open("responses");
    out.open("200");
    out.member("description", route.summary);
    out.open("content");
    for (const Content& content : route.contents) write_content(out, content, route.pattern);
    out.close();
    out.close();
    if (route.caching != Caching::none) {
        out.open("304");
        out.member("description", "Not changed since the answer that If-None-Match names.");
        out.close();
    }
    for (const Documented& also : route.also) write_documented(out, also, route.pattern);
    if (!declared(400))
        write_problem(out, 400, "A parameter is unknown, malformed or out of bounds.");
    if (guarded) write_problem(out, 401, "The bearer token is missing or wrong.");
    if (in_path && !declared(404)) write_problem(out, 404, "There is no such thing.");
    if (!declared(503)) write_problem(out, 503, "The answer cannot be given at the moment.");
    out.close();
}

void write_operation(OpenApiText& out, const Route& route, const ApiInfo& info) {
    const bool guarded =
        info.token_required && path_under_any(route.pattern, info.protected_prefixes);
    out.open(route.pattern);
    out.open("get");
    out.member("operationId", route.operation_id);
    out.member("summary", route.summary);
    if (!route.description.empty()) out.member("description", route.description);
    if (!route.tag.empty()) {
        out.open_list("tags");
        out.text(route.tag);
        out.close_list();
    }
    out.open_list("parameters");
    for (const Param& param : route.parameters) write_parameter(out, param);
    out.close_list();
    write_responses(out, route, guarded);
    if (guarded) {
        out.open_list("security");
        out.open();
        out.open_list("bearer");
        out.close_list();
        out.close();
        out.close_list();
    }
    out.close();
    out.close();
}

std::string problem_schema() {
    return schema::object(
        {{"type", schema::text("about:blank: the status says what kind it is (RFC 9457)")},
         {"title", schema::text("the status in words")},
         {"status", schema::integer("the HTTP status, once more")},
         {"detail", schema::text("what was wrong, for people")}},
        {{"parameter", schema::text("the parameter at fault; missing where it is none")}});
}

void write_components(OpenApiText& out, const ApiInfo& info) {
    out.open("components");
    out.open("schemas");
    out.key("Problem");
    out.raw(problem_schema(), "Problem");
    for (const auto& [name, schema] : info.components) {
        out.key(name);
        out.raw(schema, name);
    }
    out.close();
    if (info.token_required) {
        out.open("securitySchemes");
        out.open("bearer");
        out.member("type", "http");
        out.member("scheme", "bearer");
        out.close();
        out.close();
    }
    out.close();
}

void write_head(OpenApiText& out, const ApiInfo& info) {
    out.member("openapi", "3.0.3");
    out.open("info");
    out.member("title", info.title);
    out.member("version", info.version);
    if (!info.description.empty()) out.member("description", info.description);
    out.open("license");
    out.member("name", info.license);
    out.close();
    out.close();
    out.open_list("servers");
    out.open();
    out.member("url", info.base_path.empty() ? "/" : info.base_path);
    out.close();
    out.close_list();
}

}  // namespace

domain::Result<std::string> openapi_json(const RouteTable& table, const ApiInfo& info) {
    OpenApiText out;
    out.open();
    write_head(out, info);
    out.open("paths");
    for (const Route& route : table.routes()) {
        if (route.documented) write_operation(out, route, info);
    }
    out.close();
    write_components(out, info);
    out.close();
    return out.take();
}

Route openapi_route(ApiInfo info) {
    Route route;
    route.pattern = "/openapi.json";
    route.operation_id = "openapi";
    route.summary = "This description";
    route.tag = "service";
    route.contents = {{"application/json", schema::map_of(schema::anything()),
                       R"({"openapi":"3.0.3","paths":{}})"}};
    route.caching = Caching::fixed;
    route.handler = [info = std::move(info)](const Request& request) -> domain::Result<Response> {
        auto text = openapi_json(request.table(), info);
        if (!text) return tl::unexpected(text.error());
        return ok(std::move(*text));
    };
    return route;
}

}  // namespace hashprice::service::http
