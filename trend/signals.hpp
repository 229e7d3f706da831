#pragma once
#include <cstdint>

#include "domain/daily.hpp"
#include "domain/episode.hpp"
#include "domain/rule.hpp"

/// What one day's close says under a rule: the only place where the three kinds of rule differ.
///
///   shape   pure
///   source  METHOD section 3; how far level and rate rules follow it stands in docs/episodes.md
namespace hashprice::trend {

/// A day's close seen from a peak and, once an episode is open, from its trough.
struct Reading {
    double value{};
    double fall{};  ///< over the rule's fall_days
    double peak{};
    double trough{};
    bool new_low = false;             ///< this close is the trough, and was not the day before
    domain::Days peak_age{};          ///< calendar days
    std::int64_t closes_since_low{};  ///< observed days after the trough
};

/// Whether the close counts towards opening an episode; needs value, fall and peak only.
bool triggers(const domain::Rule& rule, const Reading& day);

/// What a close says about an episode that is active or recovering.
struct Signals {
    bool relapses = false;  ///< recovering -> active
    bool eases = false;     ///< active -> recovering
    bool resolves = false;  ///< counts towards close_for
    bool settles = false;   ///< closes at once
};
Signals signals_of(const domain::Rule& rule, const Reading& day);

/// Severity of a depth under a rule, once active.
domain::Severity severity_of(const domain::Rule& rule, double depth);

/// Whether a ratio computed from two closes comes up to a threshold; the last bits of a division do
/// not decide: 80 is 20 % below 100.
bool reaches(double ratio, double threshold);

/// Share of the loss from peak to trough that is regained, in logs; 1 where there was no loss.
double regained_share(const Reading& day);

}  // namespace hashprice::trend
