#include "trend/evaluate.hpp"

#include <algorithm>
#include <cmath>

#include "trend/attribution.hpp"
#include "trend/mann_kendall.hpp"
#include "trend/theil_sen.hpp"

namespace hashprice::trend {
namespace {

Tracker tracked(const domain::Rule& rule, const Series& series, std::optional<Day> through) {
    Tracker tracker(rule);
    std::optional<Day> newest;
    for (const DailyPoint& p : series.points) {
        if (through && p.day > *through) break;
        tracker.step(p.day, p.value);
        newest = p.day;
    }
    if (through && (!newest || *through > *newest)) tracker.step(*through, std::nullopt);
    return tracker;
}

double percent_per_30d(double log_slope_per_day) {
    return 100 * std::expm1(30 * log_slope_per_day);
}

void add_slope(domain::Episode& episode, std::span<const DailyPoint> closes) {
    if (closes.size() < kLeastCloses) return;
    std::vector<double> x;
    std::vector<double> logs;
    for (const DailyPoint& p : closes) {
        x.push_back(static_cast<double>((p.day - closes.front().day).count()));
        logs.push_back(std::log(p.value));
    }
    const auto line = theil_sen(x, logs);
    if (!line) return;
    episode.slope = {percent_per_30d(line->slope), percent_per_30d(line->low),
                     percent_per_30d(line->high)};
    episode.significance = significance_of(x, logs, line->slope);
}

std::optional<domain::Attribution> attribution_between(std::span<const DailyInputs> inputs,
                                                       Day from, Day to,
                                                       domain::Denomination denomination) {
    const DailyInputs* start = inputs_on(inputs, from);
    const DailyInputs* end = inputs_on(inputs, to);
    if (start == nullptr || end == nullptr) return std::nullopt;
    const auto parts = attribution_of(*start, *end, denomination);
    if (!parts) return std::nullopt;
    return *parts;
}

}  // namespace

Evaluation evaluate(const domain::Rule& rule, const Series& series, std::optional<Day> through) {
    const Tracker tracker = tracked(rule, series, through);
    return {tracker.episodes(), tracker.events()};
}

std::vector<Event> backtest(const domain::Rule& rule, const Series& series, Day from, Day to) {
    std::vector<Event> events = tracked(rule, series, to).events();
    std::erase_if(events, [&](const Event& e) { return e.day < from; });
    return events;
}

void explain(domain::Episode& episode, const Series& series, std::span<const DailyInputs> inputs) {
    episode.slope.reset();
    episode.significance.reset();
    add_slope(episode, series.between(episode.peak.day, episode.through));
    episode.attribution =
        attribution_between(inputs, episode.peak.day, episode.trough.day, episode.denomination);
    episode.attribution_to_date =
        attribution_between(inputs, episode.peak.day, episode.last.day, episode.denomination);
}

}  // namespace hashprice::trend
