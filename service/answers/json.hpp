#pragma once
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <string>
#include <string_view>

#include "domain/time.hpp"

/// JSON out, by RapidJSON's Writer: what is missing is null, never 0. A number is the shortest text
/// that reads back as the same double, in any locale: what CSV, metrics and the terminal write too.
namespace hashprice::service::answers {

using Json = rapidjson::Writer<rapidjson::StringBuffer>;

/// A number as JSON has it, written to `room`.
inline std::string_view number_text(double value, std::array<char, 32>& room) {
    if (!std::isfinite(value)) return "null";
    const char* const end = std::to_chars(room.data(), room.data() + room.size(), value).ptr;
    return {room.data(), static_cast<std::size_t>(end - room.data())};
}

inline void put(Json& json, double value) {
    std::array<char, 32> room{};
    const std::string_view text = number_text(value, room);
    json.RawValue(text.data(), text.size(), rapidjson::kNumberType);
}
inline void put(Json& json, bool value) { json.Bool(value); }
inline void put(Json& json, std::int64_t value) { json.Int64(value); }
inline void put(Json& json, int value) { json.Int(value); }
inline void put(Json& json, std::string_view value) {
    json.String(value.data(), static_cast<rapidjson::SizeType>(value.size()));
}
inline void put(Json& json, const std::string& value) { put(json, std::string_view(value)); }
inline void put(Json& json, const char* value) { put(json, std::string_view(value)); }
template <class T>
void put(Json& json, const std::optional<T>& value) {
    if (value)
        put(json, *value);
    else
        json.Null();
}

template <class T>
void put(Json& json, std::string_view key, const T& value) {
    json.Key(key.data(), static_cast<rapidjson::SizeType>(key.size()));
    put(json, value);
}

/// Every time stands twice: `key` (RFC 3339) and `key`_s (unix seconds).
inline void put_time(Json& json, const std::string& key,
                     const std::optional<domain::UtcSeconds>& t) {
    if (t) {
        put(json, key, domain::format_time(*t));
        put(json, key + "_s", domain::unix_s(*t));
    } else {
        put(json, key, std::optional<double>{});
        put(json, key + "_s", std::optional<double>{});
    }
}

/// The text that `write` makes.
template <class Write>
std::string json_text(Write&& write) {
    rapidjson::StringBuffer buffer;
    Json json(buffer);
    write(json);
    return {buffer.GetString(), buffer.GetSize()};
}

template <class Fields>
void object(Json& json, Fields&& fields) {
    json.StartObject();
    fields();
    json.EndObject();
}
template <class Fields>
void object(Json& json, std::string_view key, Fields&& fields) {
    json.Key(key.data(), static_cast<rapidjson::SizeType>(key.size()));
    object(json, fields);
}
template <class Items>
void array(Json& json, std::string_view key, Items&& items) {
    json.Key(key.data(), static_cast<rapidjson::SizeType>(key.size()));
    json.StartArray();
    items();
    json.EndArray();
}

}  // namespace hashprice::service::answers
