#include "domain/time.hpp"

#include <date/date.h>
#include <fmt/compile.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>
#include <sstream>

#include "domain/printable.hpp"

namespace hashprice::domain {
namespace {

constexpr UtcSeconds kEarliest{seconds{0}};
constexpr UtcSeconds kLatest{seconds{7'258'118'400}};  // 2200-01-01
constexpr seconds kLongest = kLatest - kEarliest;

struct Unit {
    char letter;
    seconds length;
};
constexpr std::array kUnits{Unit{'w', 7 * kDay}, Unit{'d', kDay}, Unit{'h', kHour},
                            Unit{'m', kMinute}, Unit{'s', seconds{1}}};

bool all_digits(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

/// Digits where `shape` has a 0, else the very characters. What is handed to date::parse must look
/// like what it expects: from "1S:15" or "+-!2" it computes with numbers that it never read.
bool has_shape(std::string_view text, std::string_view shape) {
    return std::ranges::equal(text, shape, [](char c, char wanted) {
        return wanted == '0' ? c >= '0' && c <= '9' : c == wanted;
    });
}

bool looks_like_date(std::string_view text) { return has_shape(text, "0000-00-00"); }

template <class Time>
std::optional<Time> parse_with(const char* format, std::string_view text) {
    std::istringstream in{std::string(text)};
    in.imbue(std::locale::classic());
    Time t{};
    in >> date::parse(format, t);
    if (in.fail() || in.peek() != std::istringstream::traits_type::eof()) return std::nullopt;
    return t;
}

/// "2025-11-15T01:02:03Z", "...03.25+02:00"; date and time may be parted by a blank, as RFC 3339
/// allows.
std::optional<UtcSeconds> parse_rfc3339(std::string_view text) {
    if (text.size() < 20) return std::nullopt;
    if (!looks_like_date(text.substr(0, 10))) return std::nullopt;
    if (std::string_view("Tt ").find(text[10]) == std::string_view::npos) return std::nullopt;
    std::string rest(text.substr(11));
    if (rest.back() == 'Z' || rest.back() == 'z') rest.replace(rest.size() - 1, 1, "+00:00");
    if (rest[8] == '.') {
        const auto fraction_end = std::find_if_not(rest.begin() + 9, rest.end(),
                                                   [](char c) { return c >= '0' && c <= '9'; });
        if (fraction_end == rest.begin() + 9) return std::nullopt;
        rest.erase(rest.begin() + 8, fraction_end);
    }
    if (!has_shape(rest, "00:00:00+00:00") && !has_shape(rest, "00:00:00-00:00"))
        return std::nullopt;
    const std::string plain = std::string(text.substr(0, 10)) + "T" + rest;
    return parse_with<UtcSeconds>("%FT%T%Ez", plain);
}

std::optional<std::int64_t> parse_integer(std::string_view digits) {
    if (!all_digits(digits)) return std::nullopt;
    std::int64_t n{};
    const auto read = std::from_chars(digits.data(), std::to_address(digits.end()), n);
    if (read.ec != std::errc{}) return std::nullopt;
    return n;
}

/// "now", "-30d", "now-30d", "now+1h"
std::optional<UtcSeconds> parse_relative(std::string_view text, UtcSeconds now) {
    if (text.starts_with("now"))
        text.remove_prefix(3);
    else if (!text.starts_with('-'))
        return std::nullopt;
    if (text.empty()) return now;
    const char sign = text.front();
    const auto offset = parse_duration(text.substr(1));
    if (!offset || (sign != '-' && sign != '+')) return std::nullopt;
    return sign == '-' ? now - *offset : now + *offset;
}

std::optional<WrittenTime> parse_any(std::string_view text, UtcSeconds now) {
    if (looks_like_date(text)) {
        const auto day = parse_with<date::sys_days>("%F", text);
        if (!day) return std::nullopt;
        return WrittenTime{*day, true};
    }
    if (const auto relative = parse_relative(text, now)) return WrittenTime{*relative};
    // fewer digits are more likely 20251115 than a second of the year 1970, more are milliseconds
    if (all_digits(text) && (text == "0" || text.size() == 9 || text.size() == 10)) {
        return WrittenTime{utc(*parse_integer(text))};
    }
    if (const auto full = parse_rfc3339(text)) return WrittenTime{*full};
    return std::nullopt;
}

}  // namespace

Result<WrittenTime> parse_time(std::string_view text, UtcSeconds now) {
    const auto t = parse_any(text, now);
    if (!t) {
        return fail(Errc::usage,
                    fmt::format("'{}' is no time: write 2025-11-15, 2025-11-15T06:00:00Z, unix "
                                "seconds, now, or -30d",
                                printable(text, 60)));
    }
    if (t->at < kEarliest || t->at >= kLatest) {
        return fail(Errc::usage, fmt::format("time '{}' is outside the years 1970 to 2199",
                                             printable(text, 60)));
    }
    return *t;
}

Result<UtcSeconds> parse_range_end(std::string_view text, UtcSeconds now) {
    return parse_time(text, now).map([](const WrittenTime& t) { return t.at; });
}

Result<UtcSeconds> parse_instant(std::string_view text, UtcSeconds now) {
    return parse_time(text, now).map(
        [](const WrittenTime& t) { return t.bare_date ? t.at + kDay : t.at; });
}

Result<seconds> parse_duration(std::string_view text) {
    if (text == "0") return seconds{0};
    if (text.size() >= 2) {
        const auto count = parse_integer(text.substr(0, text.size() - 1));
        for (const Unit& unit : kUnits) {
            if (!count || unit.letter != text.back()) continue;
            if (*count <= kLongest / unit.length) return *count * unit.length;
        }
    }
    return fail(Errc::usage, fmt::format("'{}' is no duration: write 90s, 5m, 1h, 400d, 2w or 0",
                                         printable(text, 60)));
}

// By fmt: date::format makes a stream and asks its locale, which cost a long series half its time.
std::string format_time(UtcSeconds t) {
    const auto midnight = date::floor<date::days>(t);
    const date::hh_mm_ss clock{t - midnight};
    return fmt::format(FMT_COMPILE("{}T{:02}:{:02}:{:02}Z"), format_date(midnight),
                       clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}
std::string format_date(UtcSeconds t) {
    const date::year_month_day day{date::floor<date::days>(t)};
    return fmt::format(FMT_COMPILE("{:04}-{:02}-{:02}"), static_cast<int>(day.year()),
                       static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
}

std::string format_duration(seconds s) {
    if (s.count() == 0) return "0";
    for (const Unit& unit : kUnits) {
        // "7d" and "400d" are how people write days; nobody writes 57w
        if (unit.letter != 'w' && s % unit.length == seconds{0}) {
            return fmt::format("{}{}", s / unit.length, unit.letter);
        }
    }
    return fmt::format("{}s", s.count());
}

std::string format_age(seconds s) {
    if (s < seconds{0}) return "-" + format_age(-s);
    if (s < kMinute) return fmt::format("{} s", s.count());
    if (s < kHour) return fmt::format("{} min", s / kMinute);
    if (s < kDay) return fmt::format("{} h {} min", s / kHour, s % kHour / kMinute);
    return fmt::format("{} d {} h", s / kDay, s % kDay / kHour);
}

namespace {

struct StepFacts {
    Step step;
    std::string_view name;
    seconds length;
};
constexpr std::array kSteps{
    StepFacts{Step::raw, "raw", seconds{0}},     StepFacts{Step::hour, "1h", kHour},
    StepFacts{Step::six_hours, "6h", 6 * kHour}, StepFacts{Step::day, "1d", kDay},
    StepFacts{Step::week, "1w", 7 * kDay},       StepFacts{Step::month, "1mo", 30 * kDay}};

const StepFacts& facts_of(Step step) { return kSteps.at(static_cast<std::size_t>(step)); }

}  // namespace

Result<Step> parse_step(std::string_view text) {
    for (const StepFacts& s : kSteps) {
        if (s.name == text) return s.step;
    }
    return fail(Errc::usage, fmt::format("'{}' is no step: write raw, 1h, 6h, 1d, 1w or 1mo",
                                         printable(text, 40)));
}

std::string_view step_name(Step step) { return facts_of(step).name; }
seconds step_length(Step step) { return facts_of(step).length; }

UtcSeconds bar_start(Step step, UtcSeconds t) {
    const UtcSeconds inside = t - seconds{1};  // a bar holds its end, not its start
    if (step == Step::month) {
        const date::year_month_day day{date::floor<date::days>(inside)};
        return date::sys_days{day.year() / day.month() / 1};
    }
    if (step == Step::week) {
        const date::sys_days day = date::floor<date::days>(inside);
        return day - (date::weekday{day} - date::Monday);
    }
    if (step == Step::raw) return t;
    const seconds length = step_length(step);
    const seconds since = inside.time_since_epoch() % length;  // negative before 1970
    return inside - (since < seconds{0} ? since + length : since);
}

UtcSeconds next_bar(Step step, UtcSeconds start) {
    if (step == Step::month) {
        const date::year_month_day day{date::floor<date::days>(start)};
        return date::sys_days{(day.year() / day.month() + date::months{1}) / 1};
    }
    return start + step_length(step);
}

}  // namespace hashprice::domain
