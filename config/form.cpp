#include "config/form.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "config/listen.hpp"
#include "config/origin.hpp"
#include "config/suggest.hpp"
#include "config/url.hpp"
#include "domain/time.hpp"

namespace hashprice::config {
namespace {

constexpr std::size_t kLongestText = 2000;
constexpr std::size_t kLongestName = 40;
constexpr std::size_t kLongestList = 100;

std::string check_bounds(const Key& key, double x) {
    if (x == 0 && key.zero_too) return "";
    const bool too_low = x < key.min || (key.above_min && x == key.min);
    if (!too_low && x <= key.max) return "";
    return fmt::format("must be {} {}{} and at most {}{}", key.above_min ? "more than" : "at least",
                       bound_text(key, key.min), key.zero_too ? " (or \"0\")" : "",
                       bound_text(key, key.max),
                       key.unit.empty() ? "" : fmt::format("; unit: {}", key.unit));
}

std::string check_seconds(const Key& key, seconds s) {
    if (auto complaint = check_bounds(key, static_cast<double>(s.count())); !complaint.empty()) {
        return complaint;
    }
    if (key.divides_hour && domain::kHour % s != seconds{0}) {
        return "must divide an hour: 30s, 60s, 2m, 5m and 15m do";
    }
    if (key.whole_days && s % domain::kDay != seconds{0}) return "must be whole days, as in \"7d\"";
    return "";
}

std::string check_choice(const Key& key, std::string_view text) {
    if (std::ranges::find(key.choices, text) != key.choices.end()) return "";
    return fmt::format("'{}' is not known here: write {}{}", printable(text),
                       fmt::join(key.choices, ", "), did_you_mean(text, key.choices));
}

std::string check_name(std::string_view text) {
    const auto fits = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    };
    if (!text.empty() && text.size() <= kLongestName && std::ranges::all_of(text, fits) &&
        text.front() != '-' && text.front() != '_') {
        return "";
    }
    return fmt::format(
        "'{}' is no name: use up to {} lower-case letters, digits, - and _, "
        "beginning with a letter or digit",
        printable(text), kLongestName);
}

std::string check_base_path(std::string_view text) {
    constexpr auto kLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/";
    if (text.starts_with('/') && text.find_first_not_of(kLetters) == std::string_view::npos &&
        text.find("//") == std::string_view::npos && text.find("/.") == std::string_view::npos) {
        return "";
    }
    return fmt::format("'{}' is no path: write / or /hashprice", printable(text));
}

std::string check_printable(std::string_view text) {
    const auto fits = [](char c) { return c >= 0x20 && c < 0x7f; };
    return std::ranges::all_of(text, fits) ? "" : "may hold printable ASCII only";
}

std::string check_path(std::string_view text) {
    return text.find('\0') == std::string_view::npos ? "" : "a path cannot hold a zero byte";
}

std::string check_listen(std::string_view text) {
    const auto address = parse_listen(text);
    return address ? "" : address.error().what;
}

std::string check_room_level(std::string_view text) {
    const std::size_t at = text.find('=');
    const std::string_view room = text.substr(0, at);
    const std::string_view level = at == std::string_view::npos ? "" : text.substr(at + 1);
    const auto& levels = kChoices<LogLevel>;
    if (std::ranges::find(kLogRooms, room) != kLogRooms.end() &&
        std::ranges::find(levels, level) != levels.end()) {
        return "";
    }
    return fmt::format("'{}' is not known here: write http=debug; rooms: {}; levels: {}",
                       printable(text), fmt::join(kLogRooms, ", "), fmt::join(levels, ", "));
}

std::string check_text(const Key& key, std::string_view text) {
    if (text.size() > kLongestText) {
        return fmt::format("is longer than {} letters", kLongestText);
    }
    // an empty text takes back what a lower layer set, where there may be none
    const bool may_be_empty = !key.required && key.type == Type::text &&
                              (key.form == Form::path || key.form == Form::secret_file ||
                               key.form == Form::proxy || key.name == "rpc_user");
    if (text.empty()) return may_be_empty ? "" : "must not be empty";
    switch (key.form) {
        case Form::name:
            return check_name(text);
        case Form::choice:
            return check_choice(key, text);
        case Form::url:
        case Form::base_url:
        case Form::proxy:
        case Form::origin:
            return check_url(key.form, text);
        case Form::room_level:
            return check_room_level(text);
        case Form::listen:
            return check_listen(text);
        case Form::base_path:
            return check_base_path(text);
        case Form::path:
        case Form::secret_file:
            return check_path(text);
        case Form::plain:
        case Form::printable:
            return check_printable(text);
    }
    return "";
}

std::string check_list(const Key& key, const std::vector<std::string>& items) {
    if (items.size() > kLongestList) return fmt::format("holds more than {} words", kLongestList);
    for (std::size_t n = 0; n < items.size(); ++n) {
        if (auto complaint = check_text(key, items[n]); !complaint.empty()) return complaint;
        if (std::find(items.begin(), items.begin() + static_cast<std::ptrdiff_t>(n), items[n]) !=
            items.begin() + static_cast<std::ptrdiff_t>(n)) {
            return fmt::format("names '{}' twice", printable(items[n]));
        }
    }
    return "";
}

void drop_last_slash(const Key& key, std::string& text) {
    if (key.form != Form::base_url && key.form != Form::base_path) return;
    while (text.size() > 1 && text.ends_with('/')) text.pop_back();
}

template <class Number>
tl::expected<Value, std::string> parse_number(const Key& key, std::string_view text) {
    Number number{};
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    if (text.empty() || error != std::errc{} || stop != end) {
        return tl::unexpected(
            fmt::format("must be {}, not '{}'", type_name(key.type), printable(text)));
    }
    return Value(number);
}

tl::expected<Value, std::string> parse_boolean(std::string_view text) {
    if (text == "true" || text == "1" || text == "yes") return Value(true);
    if (text == "false" || text == "0" || text == "no") return Value(false);
    return tl::unexpected(fmt::format("must be true or false, not '{}'", printable(text)));
}

std::vector<std::string> split_list(std::string_view text) {
    std::vector<std::string> items;
    while (!text.empty()) {
        const auto comma = std::min(text.find(','), text.size());
        std::string_view item = text.substr(0, comma);
        while (item.starts_with(' ')) item.remove_prefix(1);
        while (item.ends_with(' ')) item.remove_suffix(1);
        items.emplace_back(item);
        text.remove_prefix(std::min(comma + 1, text.size()));
    }
    return items;
}

tl::expected<Value, std::string> parse(const Key& key, std::string_view text) {
    switch (key.type) {
        case Type::boolean:
            return parse_boolean(text);
        case Type::integer:
            return parse_number<std::int64_t>(key, text);
        case Type::number:
            return parse_number<double>(key, text);
        case Type::duration: {
            const auto duration = domain::parse_duration(text);
            if (!duration) {
                return tl::unexpected(fmt::format(
                    "'{}' is no duration: write 90s, 5m, 1h, 400d, 2w or 0", printable(text)));
            }
            return Value(*duration);
        }
        case Type::text:
            return Value(std::string(text));
        case Type::list:
            return Value(split_list(text));
    }
    return tl::unexpected(std::string("cannot be set"));
}

}  // namespace

std::string bound_text(const Key& key, double bound) {
    if (key.type != Type::duration) return fmt::format("{}", bound);
    return domain::format_duration(seconds{static_cast<std::int64_t>(bound)});
}

std::string check_value(const Key& key, Value& value) {
    if (auto* text = std::get_if<std::string>(&value)) {
        auto complaint = check_text(key, *text);
        if (complaint.empty()) drop_last_slash(key, *text);
        return complaint;
    }
    if (const auto* x = std::get_if<double>(&value)) {
        return std::isfinite(*x) ? check_bounds(key, *x) : "must be a finite number";
    }
    if (const auto* n = std::get_if<std::int64_t>(&value)) {
        return check_bounds(key, static_cast<double>(*n));
    }
    if (const auto* s = std::get_if<seconds>(&value)) return check_seconds(key, *s);
    if (const auto* items = std::get_if<std::vector<std::string>>(&value)) {
        return check_list(key, *items);
    }
    return "";
}

tl::expected<Value, std::string> value_of_text(const Key& key, std::string_view text) {
    auto value = parse(key, text);
    if (!value) return value;
    if (auto complaint = check_value(key, *value); !complaint.empty()) {
        return tl::unexpected(std::move(complaint));
    }
    return value;
}

}  // namespace hashprice::config
