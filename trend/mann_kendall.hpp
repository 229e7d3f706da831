#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "domain/episode.hpp"

/// Whether a series rises or falls more than chance would have it.
///
///   shape   pure; the values stand in order of time, missing days left out
///   cost    O(n^2): 300 closes 0.1 ms, 1000 closes 1 ms
///   source  Mann 1945, Kendall 1975; Hamed & Rao 1998, equation 18, as METHOD section 3 has it
namespace hashprice::trend {

/// Later minus earlier, counted over all pairs: pairs that rise less pairs that fall.
std::int64_t kendall_s(std::span<const double> values);

/// Kendall's tau-b against time; 0 for a constant series or fewer than two values.
double kendall_tau(std::span<const double> values);

/// Variance of S if there is no trend and no autocorrelation, ties taken into account.
double s_variance(std::span<const double> values);

/// S in standard deviations, one step closer to 0 (continuity correction); 0 if variance <= 0.
double corrected_z(std::int64_t s, double variance);

/// Average ranks from 1; values closer than `tie` to their neighbour share one.
std::vector<double> ranks_of(std::span<const double> values, double tie);

/// Hamed and Rao's factor n/n*: by how much autocorrelation widens the variance of S.
///
/// From the ranks of the detrended values, over all lags (in observed days) whose autocorrelation
/// exceeds 1.96/sqrt(n). 1 for fewer than three values, or where all are equal. It may come out at
/// or below 0: then nothing can be said. Logs closer than 1e-12 tie, so that rounding decides
/// nothing.
double hamed_rao_factor(std::span<const double> detrended);

/// The whole test. `slope_per_x` is the Theil-Sen slope of `logs` over `x`.
domain::Significance significance_of(std::span<const double> x, std::span<const double> logs,
                                     double slope_per_x);

}  // namespace hashprice::trend
