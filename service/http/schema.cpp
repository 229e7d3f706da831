#include "service/http/schema.hpp"

#include <fmt/format.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

namespace hashprice::service::http::schema {
namespace {

constexpr std::string_view kChoices = R"({"type":"string","enum":[)";

std::string json_text(std::string_view text) {
    rapidjson::StringBuffer buffer;
    rapidjson::Writer<rapidjson::StringBuffer> json(buffer);
    json.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
    return {buffer.GetString(), buffer.GetSize()};
}

/// `schema` without its closing brace.
std::string described(std::string schema, std::string_view description) {
    if (!description.empty()) schema += ",\"description\":" + json_text(description);
    return schema + "}";
}

std::string typed(std::string_view type, std::string_view description) {
    return described(fmt::format(R"({{"type":"{}")", type), description);
}

void append_fields(std::string& out, const Fields& fields) {
    for (const auto& [name, schema] : fields) {
        if (out.back() != '{') out += ',';
        out.append(json_text(name)).append(":").append(schema);
    }
}

}  // namespace

std::string number(std::string_view description) { return typed("number", description); }
std::string integer(std::string_view description) { return typed("integer", description); }
std::string text(std::string_view description) { return typed("string", description); }
std::string boolean(std::string_view description) { return typed("boolean", description); }
std::string time_text(std::string_view description) {
    return described(R"({"type":"string","format":"date-time")", description);
}
std::string time_s() { return R"({"type":"integer","format":"int64"})"; }

std::string one_of_texts(const std::vector<std::string>& choices, std::string_view description) {
    std::string list;
    for (const std::string& choice : choices) {
        list.append(list.empty() ? "" : ",").append(json_text(choice));
    }
    return described(fmt::format("{}{}]", kChoices, list), description);
}

std::string nullable(std::string schema) {
    // An enumeration must name null as well (OpenAPI 3.0.3, proposal "Clarify Nullable"); those of
    // an object's fields are not meant.
    if (schema.starts_with(kChoices)) schema.insert(schema.find(']'), ",null");
    return schema.insert(1, "\"nullable\":true,");
}

std::string array(std::string_view items, std::string_view description) {
    return described(fmt::format(R"({{"type":"array","items":{})", items), description);
}

std::string object(const Fields& fields) { return object(fields, {}); }

std::string object(std::string_view description, const Fields& fields) {
    std::string schema = object(fields);
    schema.pop_back();
    return described(std::move(schema), description);
}

std::string object(const Fields& required, const Fields& optional) {
    std::string out = R"({"type":"object","additionalProperties":false,"properties":{)";
    append_fields(out, required);
    append_fields(out, optional);
    out += '}';
    std::string names;
    for (const auto& [name, schema] : required) {
        names.append(names.empty() ? "" : ",").append(json_text(name));
    }
    if (!names.empty()) out += ",\"required\":[" + names + "]";
    return out + "}";
}

std::string map_of(std::string_view values, std::string_view description) {
    return described(fmt::format(R"({{"type":"object","additionalProperties":{})", values),
                     description);
}

std::string ref(std::string_view component) {
    return fmt::format(R"({{"$ref":"#/components/schemas/{}"}})", component);
}

std::string nullable_ref(std::string_view component, std::string_view description) {
    return described(fmt::format(R"({{"nullable":true,"allOf":[{}])", ref(component)), description);
}

std::string anything() { return "{}"; }

}  // namespace hashprice::service::http::schema
