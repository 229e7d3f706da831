#include "domain/episode.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "domain/printable.hpp"

namespace hashprice::domain {
namespace {

constexpr std::array<std::string_view, 4> kStates{"pending", "active", "recovering", "closed"};
constexpr std::array<std::string_view, 4> kSeverities{"none", "notice", "warning", "critical"};
constexpr std::array<std::string_view, 2> kClosures{"recovered", "settled"};

/// The enumerators above count from 0 in the order of their names.
template <class Enum, class Names>
Result<Enum> parse_in(const Names& names, std::string_view text, std::string_view noun) {
    const auto at = std::ranges::find(names, text);
    if (at != names.end()) return static_cast<Enum>(at - names.begin());
    return fail(Errc::usage, fmt::format("'{}' is no {}: write one of {}", printable(text, 40),
                                         noun, fmt::join(names, ", ")));
}

template <class Match>
std::optional<Day> first_change(const std::vector<Change>& history, Match match) {
    const auto at = std::ranges::find_if(history, match);
    if (at == history.end()) return std::nullopt;
    return at->day;
}

}  // namespace

std::string_view state_name(EpisodeState s) { return kStates.at(static_cast<std::size_t>(s)); }
std::string_view severity_name(Severity s) { return kSeverities.at(static_cast<std::size_t>(s)); }
std::string_view closure_name(Closure c) { return kClosures.at(static_cast<std::size_t>(c)); }

Result<EpisodeState> parse_state(std::string_view name) {
    return parse_in<EpisodeState>(kStates, name, "state of an episode");
}
Result<Severity> parse_severity(std::string_view name) {
    return parse_in<Severity>(kSeverities, name, "severity");
}
Result<Closure> parse_closure(std::string_view name) {
    return parse_in<Closure>(kClosures, name, "way an episode closes");
}

double Attribution::change() const { return std::expm1(log_change); }

std::optional<double> Attribution::share(double part) const {
    if (log_change == 0) return std::nullopt;
    return part / log_change;
}

double Episode::drawdown() const { return std::max(0.0, 1 - last.value / peak.value); }

double Episode::coverage() const {
    const auto length = (through - peak.day).count() + 1;
    return static_cast<double>(observed_days) / static_cast<double>(length);
}

std::optional<Day> Episode::first(EpisodeState wanted) const {
    return first_change(history, [&](const Change& c) { return c.state == wanted; });
}

std::optional<Day> Episode::first(Severity at_least) const {
    return first_change(history, [&](const Change& c) { return c.severity >= at_least; });
}

std::string episode_id(std::string_view rule, Day peak) {
    return fmt::format("{}-{}", rule, format_date(peak));
}

}  // namespace hashprice::domain
