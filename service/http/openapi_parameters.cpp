#include <cmath>

#include "service/http/openapi_text.hpp"
#include "service/http/params.hpp"

namespace hashprice::service::http {
namespace {

void write_value(OpenApiText& out, const Param& param, std::string_view text) {
    const auto value = parse_value(param, text, domain::kGenesisTime);
    if (value && param.kind == Kind::integer) {
        out.number(static_cast<double>(std::get<std::int64_t>(*value)));
    } else if (value && param.kind == Kind::number) {
        out.number(std::get<double>(*value));
    } else if (value && param.kind == Kind::boolean) {
        out.raw(text, param.name);
    } else {
        out.text(text);
    }
}

void write_choices(OpenApiText& out, const Param& param) {
    if (param.choices.empty()) return;
    out.open_list("enum");
    for (const std::string& choice : param.choices) out.text(choice);
    out.close_list();
}

void write_list_schema(OpenApiText& out, const Param& param) {
    out.member("type", "array");
    out.open("items");
    out.member("type", "string");
    write_choices(out, param);
    out.close();
    out.count("minItems", 1);
    out.count("maxItems", param.max_length);
    out.flag("uniqueItems", true);
}

void write_number_schema(OpenApiText& out, const Param& param) {
    out.member("type", param.kind == Kind::integer ? "integer" : "number");
    if (std::isfinite(param.min)) out.key("minimum"), out.number(param.min);
    if (std::isfinite(param.max)) out.key("maximum"), out.number(param.max);
}

void write_text_schema(OpenApiText& out, const Param& param) {
    out.member("type", param.kind == Kind::boolean ? "boolean" : "string");
    write_choices(out, param);
    if (param.kind != Kind::string) return;
    out.count("minLength", 1);
    out.count("maxLength", param.max_length);
}

void write_default(OpenApiText& out, const Param& param) {
    if (param.default_text.empty()) return;
    if (param.kind != Kind::list) {
        out.key("default");
        return write_value(out, param, param.default_text);
    }
    const auto items = parse_value(param, param.default_text, domain::kGenesisTime);
    out.open_list("default");
    for (const auto& item : std::get<std::vector<std::string>>(*items)) out.text(item);
    out.close_list();
}

constexpr std::string_view kTimeNote =
    " RFC 3339, a date, unix seconds, `now`, or relative as `-30d`; ";

std::string description_of(const Param& param) {
    std::string text = param.description;
    if (param.kind == Kind::time) text.append(kTimeNote).append("a bare date is 00:00 UTC.");
    if (param.kind == Kind::instant) {
        text.append(kTimeNote).append("a bare date is that day's close, 24:00 UTC.");
    }
    return text;
}

void write_type(OpenApiText& out, const Param& param) {
    switch (param.kind) {
        case Kind::list:
            return write_list_schema(out, param);
        case Kind::integer:
        case Kind::number:
            return write_number_schema(out, param);
        case Kind::boolean:
        case Kind::enumeration:
        case Kind::string:
        case Kind::time:
        case Kind::instant:
            return write_text_schema(out, param);
    }
}

}  // namespace

void write_parameter(OpenApiText& out, const Param& param) {
    out.open();
    out.member("name", param.name);
    out.member("in", param.in == In::path ? "path" : "query");
    out.flag("required", param.required || param.in == In::path);
    out.member("description", description_of(param));
    if (param.kind == Kind::list) {
        out.member("style", "form");
        out.flag("explode", false);
    }
    out.open("schema");
    write_type(out, param);
    write_default(out, param);
    out.close();
    if (!param.example.empty() && param.kind != Kind::list) {
        out.key("example");
        write_value(out, param, param.example);
    }
    out.close();
}

}  // namespace hashprice::service::http
