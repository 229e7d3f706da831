#pragma once
#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <cmath>
#include <string>
#include <string_view>

#include "service/http/route.hpp"

namespace hashprice::service::http {

/// RapidJSON's Writer with the few shapes that this text is made of.
class OpenApiText {
public:
    OpenApiText() : json_(buffer_) {}
    void key(std::string_view name) { json_.Key(name.data(), size(name)); }
    void text(std::string_view value) { json_.String(value.data(), size(value)); }
    void open(std::string_view name) { key(name), json_.StartObject(); }
    void open() { json_.StartObject(); }
    void close() { json_.EndObject(); }
    void open_list(std::string_view name) { key(name), json_.StartArray(); }
    void close_list() { json_.EndArray(); }
    void member(std::string_view name, std::string_view value) { key(name), text(value); }
    void flag(std::string_view name, bool value) { key(name), json_.Bool(value); }
    void count(std::string_view name, std::size_t value) { key(name), json_.Uint64(value); }
    void number(double value) {
        if (value == std::floor(value) && std::fabs(value) < 1e15) {
            json_.Int64(static_cast<std::int64_t>(value));
        } else {
            json_.Double(value);
        }
    }
    /// JSON made elsewhere; remembers the first that is none.
    void raw(std::string_view value, std::string_view where) {
        rapidjson::Document parsed;
        if (parsed.Parse(value.data(), value.size()).HasParseError()) {
            if (wrong_.empty()) wrong_ = where;
            json_.Null();
        } else {
            json_.RawValue(value.data(), value.size(), parsed.GetType());
        }
    }
    [[nodiscard]] domain::Result<std::string> take() const {
        if (!wrong_.empty())
            return domain::fail(domain::Errc::usage, wrong_ + ": schema or example is not JSON");
        return std::string(buffer_.GetString(), buffer_.GetSize());
    }

private:
    static rapidjson::SizeType size(std::string_view text) {
        return static_cast<rapidjson::SizeType>(text.size());
    }
    rapidjson::StringBuffer buffer_;
    rapidjson::Writer<rapidjson::StringBuffer> json_;
    std::string wrong_;
};

/// One element of an operation's `parameters`.
void write_parameter(OpenApiText& out, const Param& param);

}  // namespace hashprice::service::http
