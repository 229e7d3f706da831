#pragma once
#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "config/settings.hpp"

/// The one table of settings: loading, the refusal of unknown keys, `config show`, the example
/// file and docs/configuration.md are all driven by it.
namespace hashprice::config {

using Value =
    std::variant<bool, std::int64_t, double, seconds, std::string, std::vector<std::string>>;

/// In the order of Value's alternatives.
enum class Type { boolean, integer, number, duration, text, list };
std::string_view type_name(Type type);

/// What the text of a key must look like; of a list: each of its elements.
enum class Form {
    plain,
    name,         ///< of a table: lower case, digits, - and _
    choice,       ///< one of Key::choices
    url,          ///< http(s)://host[:port][/path][?query]
    base_url,     ///< the same without a query; a slash at the end is dropped
    proxy,        ///< http, https, socks5 or socks5h://host[:port]
    listen,       ///< address:port
    base_path,    ///< /path
    origin,       ///< * or scheme://host[:port]
    path,         ///< of a file
    secret_file,  ///< path of a file whose content is the secret
    room_level,   ///< one of kLogRooms = a LogLevel
    printable     ///< what may stand in an HTTP header
};

struct Key {
    std::string_view name;
    Type type{};
    Form form = Form::plain;
    std::string_view unit;     ///< "" for words and paths
    std::string_view meaning;  ///< what it does and why; one or two sentences
    std::string_view example;  ///< shown where there is no default; as TOML
    double min = std::numeric_limits<double>::lowest();
    double max = std::numeric_limits<double>::max();
    bool above_min = false;  ///< min itself is refused
    bool whole_days = false;
    bool divides_hour = false;
    bool required = false;
    bool zero_too = false;  ///< 0 is allowed below min: it means "off" or "for ever"
    std::span<const std::string_view> choices;
    std::vector<std::string_view> kinds;  ///< of the table it belongs to; empty: all
    std::string_view secret;  ///< a secret_file's bare name: settable in the environment only

    std::optional<Value> (*get)(const Settings&) = nullptr;
    void (*set)(Settings&, const Value&) = nullptr;
    void (*set_secret)(Settings&, const Secret&) = nullptr;
};

/// A table of the file: [http], or one of many: [[source]].
struct Section {
    std::string_view name;         ///< "http", "trend.rule"
    std::string_view environment;  ///< "HTTP", "RULE": HASHPRICE_HTTP_*, HASHPRICE_RULE_<NAME>_*
    std::string_view intro;        ///< for people
    std::vector<Key> keys;
    void (*add)(Settings&) = nullptr;  ///< of one of many: appends a fresh one, which get and set
                                       ///< then work on
    [[nodiscard]] bool repeated() const { return add != nullptr; }
    [[nodiscard]] const Key* find(std::string_view key) const;
    [[nodiscard]] std::string heading() const;  ///< "[http]", "[[trend.rule]]"
};

/// Every section and key, in the order of the example file.   threads  thread-safe, built once
std::span<const Section> describe();
const Section* find_section(std::string_view name);

/// The value a key has when nobody sets it; none for required and optional keys.
std::optional<Value> default_of(const Section& section, const Key& key);

/// As it stands in the file: "10s" in quotes, 0.03, ["a", "b"].
std::string toml_text(const Value& value);
std::string toml_string(std::string_view text);

}  // namespace hashprice::config
