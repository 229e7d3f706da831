#pragma once
#include <optional>
#include <span>
#include <vector>

#include "domain/episode.hpp"
#include "trend/series.hpp"
#include "trend/tracker.hpp"

/// A rule over a history: the episodes it makes, what happened when, and why.
///
///   shape   pure; everything here is the Tracker, stepped through a series
///   cost    15 years of days under 1 ms, so a changed past is simply evaluated again
namespace hashprice::trend {

struct Evaluation {
    std::vector<domain::Episode> episodes;  ///< by peak, not yet explained
    std::vector<Event> events;              ///< by day
};

/// As it stood when `through` was the newest complete day (default: the day of the last close).
/// Later closes are not looked at. REQUIRES: check_rule(rule).
Evaluation evaluate(const domain::Rule& rule, const Series& series,
                    std::optional<Day> through = std::nullopt);

/// The events of the days from..to (both included) that the rule would have made, each of them
/// decided with the closes up to its own day only. REQUIRES: check_rule(rule).
std::vector<Event> backtest(const domain::Rule& rule, const Series& series, Day from, Day to);

/// Fewer closes than this, peak included, have no slope worth telling.
constexpr std::size_t kLeastCloses = 30;

/// Fills in slope and significance (from the peak to the day it speaks for) and the attributions.
/// What there is too little data for stays empty. O(n^2) in the episode's days: ask for it when an
/// episode is shown or its change is told, not for every day that passes.
void explain(domain::Episode& episode, const Series& series, std::span<const DailyInputs> inputs);

}  // namespace hashprice::trend
