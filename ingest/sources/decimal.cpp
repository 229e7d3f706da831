#include "ingest/sources/decimal.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace hashprice::ingest {
namespace {

constexpr std::size_t kLongestText = 64;
constexpr std::size_t kMostDigits = 18;  // fits an int64 whatever they are

bool all_digits(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

/// Whether `rest`, the digits cut off, rounds the last kept digit up: half goes to even.
bool rounds_up(std::string_view rest, bool last_is_odd) {
    if (rest.empty() || rest.front() < '5') return false;
    const bool more_than_half =
        rest.front() > '5' || rest.find_first_not_of('0', 1) != std::string_view::npos;
    return more_than_half || last_is_odd;
}

}  // namespace

std::optional<std::int64_t> parse_decimal(std::string_view text, int places) {
    if (text.size() > kLongestText) return std::nullopt;
    const std::size_t point = text.find('.');
    const std::string_view whole = text.substr(0, point);
    std::string_view fraction;
    if (point != std::string_view::npos) {
        fraction = text.substr(point + 1);
        if (fraction.empty()) return std::nullopt;
    }
    if (whole.empty() || !all_digits(whole) || !all_digits(fraction)) return std::nullopt;

    const auto wanted = static_cast<std::size_t>(places);
    const std::string_view kept = fraction.substr(0, wanted);
    const std::string_view significant =
        whole.substr(std::min(whole.find_first_not_of('0'), whole.size()));
    if (significant.size() + wanted > kMostDigits) return std::nullopt;
    std::int64_t n = 0;
    for (const char c : significant) n = n * 10 + (c - '0');
    for (std::size_t i = 0; i < wanted; ++i) n = n * 10 + (i < kept.size() ? kept[i] - '0' : 0);
    const std::string_view rest = fraction.size() > wanted ? fraction.substr(wanted) : "";
    return n + (rounds_up(rest, n % 2 != 0) ? 1 : 0);
}

std::optional<std::int64_t> decimal_of(double value, int places) {
    if (!std::isfinite(value) || value < 0.0) return std::nullopt;
    std::array<char, 400> text{};
    const auto [end, error] =
        std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
    if (error != std::errc{}) return std::nullopt;
    const std::string_view digits(text.data(), static_cast<std::size_t>(end - text.data()));
    // below 1e-46 the digits run past what a price can mean
    if (digits.size() > kLongestText)
        return digits.front() == '0' ? std::optional(std::int64_t{0}) : std::nullopt;
    return parse_decimal(digits, places);
}

}  // namespace hashprice::ingest
