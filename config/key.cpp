#include "config/key.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "config/table.hpp"
#include "domain/time.hpp"

namespace hashprice::config {
namespace {

template <class... Ts>
struct Overloaded : Ts... {
    using Ts::operator()...;
};
template <class... Ts>
Overloaded(Ts...) -> Overloaded<Ts...>;  // for clang, which fuzzes us

std::string toml_list(const std::vector<std::string>& items) {
    std::string text = "[";
    for (const std::string& item : items) {
        if (text.size() > 1) text += ", ";
        text += toml_string(item);
    }
    return text + "]";
}

}  // namespace

std::string_view type_name(Type type) {
    constexpr std::array<std::string_view, 6> kNames{
        "true or false",  "a whole number",
        "a number",       "a duration in quotes such as \"90s\"",
        "text in quotes", "a list such as [\"a\", \"b\"]"};
    return kNames[static_cast<std::size_t>(type)];
}

const Key* Section::find(std::string_view key) const {
    const auto found = std::ranges::find(keys, key, &Key::name);
    return found == keys.end() ? nullptr : &*found;
}

std::string Section::heading() const {
    return repeated() ? fmt::format("[[{}]]", name) : fmt::format("[{}]", name);
}

std::span<const Section> describe() {
    static const std::array<Section, 12> kSections{
        database_section(), http_section(), poll_section(),      price_section(),
        source_section(),   rule_section(), fleet_section(),     alternative_section(),
        notify_section(),   sink_section(), retention_section(), log_section()};
    return kSections;
}

const Section* find_section(std::string_view name) {
    const auto found = std::ranges::find(describe(), name, &Section::name);
    return found == describe().end() ? nullptr : &*found;
}

std::optional<Value> default_of(const Section& section, const Key& key) {
    if (key.required) return std::nullopt;
    Settings fresh;
    if (section.repeated()) section.add(fresh);
    return key.get(fresh);
}

std::string toml_string(std::string_view text) {
    std::string quoted = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            quoted += '\\';
            quoted += c;
        } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
            quoted += fmt::format("\\u{:04X}", static_cast<unsigned>(c));
        } else {
            quoted += c;
        }
    }
    return quoted + '"';
}

std::string toml_text(const Value& value) {
    return std::visit(
        Overloaded{[](bool b) { return std::string(b ? "true" : "false"); },
                   [](std::int64_t n) { return fmt::format("{}", n); },
                   [](double x) { return fmt::format("{}", x); },  // shortest that round-trips
                   [](seconds s) { return toml_string(domain::format_duration(s)); },
                   [](const std::string& text) { return toml_string(text); },
                   [](const std::vector<std::string>& items) { return toml_list(items); }},
        value);
}

}  // namespace hashprice::config
