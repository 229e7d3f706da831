#include "trend/signals.hpp"

#include <cmath>

namespace hashprice::trend {
namespace {

using domain::Rule;
using domain::RuleKind;

constexpr double kLastBits = 1e-12;

Signals drawdown_signals(const Rule& rule, const Reading& day) {
    const double regained = regained_share(day);
    return {.relapses = day.new_low,
            .eases = reaches(regained, rule.recover_share),
            .resolves = reaches(regained, rule.close_share),
            .settles =
                day.peak_age >= rule.window && day.closes_since_low >= rule.settle_after.count()};
}

/// Re-armed where the figure is clear of the second threshold; back where it is beyond the first.
Signals rearm_signals(bool beyond, bool clear) {
    return {.relapses = beyond, .eases = clear, .resolves = clear, .settles = false};
}

}  // namespace

bool reaches(double ratio, double threshold) { return ratio >= threshold - kLastBits; }

double regained_share(const Reading& day) {
    const double loss = std::log(day.peak / day.trough);
    return loss > 0 ? std::log(day.value / day.trough) / loss : 1.0;
}

bool triggers(const Rule& rule, const Reading& day) {
    if (rule.kind == RuleKind::drawdown) return reaches(1 - day.value / day.peak, rule.open_depth);
    if (rule.kind == RuleKind::level) return day.value < rule.below;
    return day.fall > rule.fall + kLastBits;  // "more than"
}

Signals signals_of(const Rule& rule, const Reading& day) {
    switch (rule.kind) {
        case RuleKind::drawdown:
            return drawdown_signals(rule, day);
        case RuleKind::level:
            return rearm_signals(triggers(rule, day), day.value > rule.rearm_above);
        case RuleKind::rate:
            return rearm_signals(triggers(rule, day), day.fall < rule.fall * rule.fall_rearm_share);
    }
    return {};
}

domain::Severity severity_of(const Rule& rule, double depth) {
    if (reaches(depth, rule.critical_depth)) return domain::Severity::critical;
    if (reaches(depth, rule.warning_depth)) return domain::Severity::warning;
    return domain::Severity::notice;
}

}  // namespace hashprice::trend
