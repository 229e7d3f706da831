#include "service/http/params.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace hashprice::service::http {
namespace {

using domain::Errc;
using domain::fail;
using domain::Result;

/// What the client wrote, short enough to be said back.
std::string quoted(std::string_view text) {
    constexpr std::size_t kLongest = 60;
    std::size_t length = std::min(text.size(), kLongest);
    while (length < text.size() && length > 0 && (text[length] & '\xc0') == '\x80') --length;
    return fmt::format("'{}{}'", text.substr(0, length), length < text.size() ? "..." : "");
}

template <class T>
Result<T> whole_number(std::string_view text) {
    T number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error == std::errc::result_out_of_range) {
        return fail(Errc::usage, quoted(text) + " is too large");
    }
    if (error != std::errc{} || end != text.data() + text.size()) {
        return fail(Errc::usage, quoted(text) + (std::is_integral_v<T> ? " is not a whole number"
                                                                       : " is not a number"));
    }
    return number;
}

domain::Status within(const Param& param, std::string_view text, double number) {
    if (!std::isfinite(number)) return fail(Errc::usage, quoted(text) + " is not a finite number");
    if (number < param.min) {
        return fail(Errc::usage, fmt::format("{} is below {}", quoted(text), param.min));
    }
    if (number > param.max) {
        return fail(Errc::usage, fmt::format("{} is above {}", quoted(text), param.max));
    }
    return {};
}

template <class T>
Result<Value> bounded(const Param& param, std::string_view text) {
    const Result<T> number = whole_number<T>(text);
    if (!number) return tl::unexpected(number.error());
    const domain::Status inside = within(param, text, static_cast<double>(*number));
    if (!inside) return tl::unexpected(inside.error());
    return Value{*number};
}

domain::Status chosen(const Param& param, std::string_view text) {
    if (std::find(param.choices.begin(), param.choices.end(), text) != param.choices.end()) {
        return {};
    }
    return fail(Errc::usage,
                fmt::format("{} is none of {}", quoted(text), fmt::join(param.choices, ", ")));
}

Result<Value> list_of(const Param& param, std::string_view text) {
    std::vector<std::string> items;
    while (true) {
        const std::size_t comma = text.find(',');
        const std::string item(text.substr(0, comma));
        if (item.empty()) return fail(Errc::usage, "an empty item stands in the list");
        if (!param.choices.empty()) {
            const domain::Status known = chosen(param, item);
            if (!known) return tl::unexpected(known.error());
        }
        if (std::find(items.begin(), items.end(), item) != items.end()) {
            return fail(Errc::usage, quoted(item) + " stands twice in the list");
        }
        if (items.size() == param.max_length) {
            return fail(Errc::usage, fmt::format("more than {} items", param.max_length));
        }
        items.push_back(item);
        if (comma == std::string_view::npos) return Value{std::move(items)};
        text.remove_prefix(comma + 1);
    }
}

Result<Value> enumeration_of(const Param& param, std::string_view text) {
    const domain::Status known = chosen(param, text);
    if (!known) return tl::unexpected(known.error());
    return Value{std::string(text)};
}

Result<Value> string_of(const Param& param, std::string_view text) {
    if (text.empty()) return fail(Errc::usage, "it is empty");
    if (text.size() > param.max_length) {
        return fail(Errc::usage, fmt::format("it is longer than {} bytes", param.max_length));
    }
    return Value{std::string(text)};
}

Result<Value> boolean_of(std::string_view text) {
    if (text == "true") return Value{true};
    if (text == "false") return Value{false};
    return fail(Errc::usage, quoted(text) + " is neither true nor false");
}

Result<Value> time_of(const Result<domain::UtcSeconds>& time, std::string_view text) {
    if (!time) {
        return fail(
            Errc::usage,
            quoted(text) + " is no time: RFC 3339, a date, unix seconds, now, or relative as -30d");
    }
    return Value{*time};
}

std::size_t index_of(const Route& route, In in, std::string_view name) {
    const auto& all = route.parameters;
    const auto found = std::find_if(all.begin(), all.end(), [&](const Param& param) {
        return param.in == in && param.name == name;
    });
    return static_cast<std::size_t>(found - all.begin());
}

using Given = std::vector<std::optional<std::string>>;  // in the order of the route's parameters

std::optional<Refusal> collect_query(const Route& route, std::string_view query, Given& given) {
    const auto pairs = query_pairs(query);
    if (!pairs) return Refusal{400, {}, "the query has a broken percent escape or is not UTF-8"};
    for (const auto& [name, text] : *pairs) {
        const std::size_t index = index_of(route, In::query, name);
        if (index == given.size()) {
            return Refusal{400, quoted(name).substr(1, quoted(name).size() - 2),
                           fmt::format("{} is not a parameter of {}", quoted(name), route.pattern)};
        }
        if (given[index]) return Refusal{400, name, "the parameter stands twice"};
        given[index] = text;
    }
    return std::nullopt;
}

void collect_path(const Route& route, const std::vector<std::string>& path_values, Given& given) {
    std::size_t next = 0;
    for (std::size_t at = route.pattern.find('{'); at != std::string::npos;
         at = route.pattern.find('{', at + 1)) {
        const std::size_t end = route.pattern.find('}', at);
        const std::string_view name(route.pattern.data() + at + 1, end - at - 1);
        given[index_of(route, In::path, name)] = path_values[next++];
    }
}

domain::UtcSeconds rounded_up(domain::UtcSeconds now, domain::seconds grid) {
    const auto past = now.time_since_epoch() % grid;
    return past.count() == 0 ? now : now + (grid - past);
}

struct CanonicalText {
    std::string* key;
    void operator()(std::monostate) const { *key += '\x1e'; }
    void operator()(const std::string& text) const { *key += text; }
    void operator()(std::int64_t number) const {
        fmt::format_to(std::back_inserter(*key), "{}", number);
    }
    void operator()(double number) const { fmt::format_to(std::back_inserter(*key), "{}", number); }
    void operator()(bool flag) const { *key += flag ? '1' : '0'; }
    void operator()(domain::UtcSeconds time) const { (*this)(domain::unix_s(time)); }
    void operator()(const std::vector<std::string>& items) const {
        for (const std::string& item : items) *key += item + ',';
    }
};

}  // namespace

Result<Value> parse_value(const Param& param, std::string_view text, domain::UtcSeconds now) {
    switch (param.kind) {
        case Kind::enumeration:
            return enumeration_of(param, text);
        case Kind::integer:
            return bounded<std::int64_t>(param, text);
        case Kind::number:
            return bounded<double>(param, text);
        case Kind::time:
            return time_of(domain::parse_range_end(text, now), text);
        case Kind::instant:
            return time_of(domain::parse_instant(text, now), text);
        case Kind::string:
            return string_of(param, text);
        case Kind::boolean:
            return boolean_of(text);
        case Kind::list:
            return list_of(param, text);
    }
    return fail(Errc::usage, "unknown kind of parameter");
}

namespace {

tl::expected<Value, Refusal> value_or_refusal(const Param& param, const std::string& text,
                                              domain::UtcSeconds now) {
    auto value = parse_value(param, text, now);
    if (value) return *std::move(value);
    const bool unknown_name = param.in == In::path && param.kind == Kind::enumeration;
    return tl::unexpected(
        Refusal{unknown_name ? 404 : 400, param.name, param.name + ": " + value.error().what});
}

}  // namespace

tl::expected<std::vector<Value>, Refusal> parse_parameters(
    const Route& route, const std::vector<std::string>& path_values, std::string_view query,
    domain::UtcSeconds now) {
    Given given(route.parameters.size());
    collect_path(route, path_values, given);
    if (auto refusal = collect_query(route, query, given)) return tl::unexpected(*refusal);

    const domain::UtcSeconds grid_now = rounded_up(now, route.now_grid);
    std::vector<Value> values(route.parameters.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
        const Param& param = route.parameters[i];
        if (!given[i] && param.required) {
            return tl::unexpected(Refusal{400, param.name, param.name + " is required"});
        }
        if (!given[i] && param.default_text.empty()) continue;
        auto value = value_or_refusal(param, given[i] ? *given[i] : param.default_text, grid_now);
        if (!value) return tl::unexpected(std::move(value.error()));
        values[i] = *std::move(value);
    }
    return values;
}

void append_canonical(std::string& key, const std::vector<Value>& values) {
    for (const Value& value : values) {
        key += '\x1f';
        std::visit(CanonicalText{&key}, value);
    }
}

}  // namespace hashprice::service::http
