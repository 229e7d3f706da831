#include "config/show.hpp"

#include <fmt/format.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <string_view>

#include "domain/time.hpp"

namespace hashprice::config {
namespace {

std::string origin_comment(const Origin& origin) {
    return origin.layer == Origin::Layer::built_in ? "default" : origin.brief();
}

std::string heading(const Effective& one) {
    return one.table.empty() ? fmt::format("[{}]", one.section)
                             : fmt::format("[[{}]]", one.section);
}

std::string line_of(const Effective& one) {
    const std::string origin = origin_comment(one.origin);
    if (one.secret) return fmt::format("# {}: ***  (hidden; {})", one.key, origin);
    if (!one.value) return fmt::format("# {} is not set", one.key);
    return fmt::format("{:<40} # {}", fmt::format("{} = {}", one.key, toml_text(*one.value)),
                       origin);
}

using Writer = rapidjson::Writer<rapidjson::StringBuffer>;

void member(Writer& json, const char* name, const std::string& text) {
    json.Key(name);
    json.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
}

void member(Writer& json, const char* name, int number) {
    json.Key(name);
    if (number > 0) {
        json.Int(number);
    } else {
        json.Null();
    }
}

void member_or_null(Writer& json, const char* name, const std::string& text) {
    if (!text.empty()) return member(json, name, text);
    json.Key(name);
    json.Null();
}

void string(Writer& json, std::string_view text) {
    json.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
}

/// A value in JSON's own types.
struct ValueWriter {
    Writer& json;
    void operator()(bool b) const { json.Bool(b); }
    void operator()(std::int64_t n) const { json.Int64(n); }
    void operator()(double x) const { json.Double(x); }
    void operator()(seconds s) const { string(json, domain::format_duration(s)); }
    void operator()(const std::string& text) const { string(json, text); }
    void operator()(const std::vector<std::string>& items) const {
        json.StartArray();
        for (const std::string& item : items) string(json, item);
        json.EndArray();
    }
};

void write_value(Writer& json, const Effective& one) {
    json.Key("value");
    if (one.secret) {
        json.String("***");
    } else if (one.value) {
        std::visit(ValueWriter{json}, *one.value);
    } else {
        json.Null();
    }
}

}  // namespace

std::string show_toml(const Loaded& loaded) {
    std::string text = "# hashprice: effective settings\n";
    text += loaded.file ? fmt::format("# file: {}\n", printable(loaded.file->string(), 4096))
                        : "# file: none found, so these are the defaults\n";
    const Effective* before = nullptr;
    for (const Effective& one : loaded.effective) {
        const bool same_table =
            before != nullptr && before->section == one.section && before->table == one.table;
        if (!same_table) text += fmt::format("\n{}\n", heading(one));
        text += line_of(one) + "\n";
        before = &one;
    }
    return text;
}

std::string show_json(const Loaded& loaded) {
    rapidjson::StringBuffer buffer;
    Writer json(buffer);
    json.StartObject();
    member_or_null(json, "file", loaded.file ? loaded.file->string() : "");
    json.Key("settings");
    json.StartArray();
    for (const Effective& one : loaded.effective) {
        json.StartObject();
        member(json, "section", one.section);
        member_or_null(json, "table", one.table);
        member(json, "key", one.key);
        write_value(json, one);
        member(json, "origin",
               one.origin.layer == Origin::Layer::built_in ? "default" : one.origin.where);
        member(json, "line", one.origin.line);
        member(json, "column", one.origin.column);
        json.EndObject();
    }
    json.EndArray();
    json.EndObject();
    return {buffer.GetString(), buffer.GetSize()};
}

}  // namespace hashprice::config
