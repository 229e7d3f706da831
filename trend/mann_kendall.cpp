#include "trend/mann_kendall.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numbers>
#include <numeric>

namespace hashprice::trend {
namespace {

constexpr double kRankTie = 1e-12;
constexpr double kLagZ = 1.96;
constexpr double kLevel = 0.05;

/// Calls each(size) for every group of equal values.
template <class Each>
void for_each_tie(std::span<const double> values, Each each) {
    std::vector<double> sorted(values.begin(), values.end());
    std::ranges::sort(sorted);
    for (auto at = sorted.begin(); at != sorted.end();) {
        const auto end = std::upper_bound(at, sorted.end(), *at);
        each(static_cast<double>(end - at));
        at = end;
    }
}

/// Autocorrelation of the deviations at a lag, times the sum of their squares.
double lagged_sum(std::span<const double> deviations, std::size_t lag) {
    return std::inner_product(deviations.begin(),
                              deviations.end() - static_cast<std::ptrdiff_t>(lag),
                              deviations.begin() + static_cast<std::ptrdiff_t>(lag), 0.0);
}

}  // namespace

std::int64_t kendall_s(std::span<const double> values) {
    std::int64_t s = 0;
    for (std::size_t i = 1; i < values.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            s += static_cast<int>(values[i] > values[j]) - static_cast<int>(values[i] < values[j]);
        }
    }
    return s;
}

double kendall_tau(std::span<const double> values) {
    const auto n = static_cast<double>(values.size());
    double tied = 0;
    for_each_tie(values, [&](double t) { tied += t * (t - 1) / 2; });
    const double pairs = n * (n - 1) / 2;
    if (!(pairs > tied)) return 0;
    return static_cast<double>(kendall_s(values)) / std::sqrt(pairs) / std::sqrt(pairs - tied);
}

double s_variance(std::span<const double> values) {
    const auto n = static_cast<double>(values.size());
    double sum = n * (n - 1) * (2 * n + 5);
    for_each_tie(values, [&](double t) { sum -= t * (t - 1) * (2 * t + 5); });
    return 1 / 18. * sum;
}

double corrected_z(std::int64_t s, double variance) {
    if (s == 0 || !(variance > 0)) return 0;
    return static_cast<double>(s > 0 ? s - 1 : s + 1) / std::sqrt(variance);
}

std::vector<double> ranks_of(std::span<const double> values, double tie) {
    std::vector<std::size_t> order(values.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::sort(order, {}, [&](std::size_t i) { return values[i]; });
    std::vector<double> ranks(values.size());
    for (std::size_t first = 0; first < order.size();) {
        std::size_t end = first + 1;
        while (end < order.size() && values[order[end]] - values[order[end - 1]] <= tie) ++end;
        const double shared = static_cast<double>(first + 1 + end) / 2;
        for (; first < end; ++first) ranks[order[first]] = shared;
    }
    return ranks;
}

double hamed_rao_factor(std::span<const double> detrended) {
    const auto n = static_cast<double>(detrended.size());
    // up to five values no correlation, cos(pi / (n + 1)) at the most, comes up to kLagZ / sqrt(n)
    if (detrended.size() < 6) return 1;
    std::vector<double> deviations = ranks_of(detrended, kRankTie);
    for (double& rank : deviations) rank -= (n + 1) / 2;  // ranks always average (n + 1) / 2
    const double whole = lagged_sum(deviations, 0);
    if (whole == 0) return 1;
    double sum = 0;
    for (std::size_t lag = 1; lag < detrended.size(); ++lag) {
        const double r = lagged_sum(deviations, lag) / whole;
        if (std::abs(r) <= kLagZ / std::sqrt(n)) continue;
        const auto k = static_cast<double>(lag);
        sum += (n - k) * (n - k - 1) * (n - k - 2) * r;
    }
    return 1 + 2 / (n * (n - 1) * (n - 2)) * sum;
}

domain::Significance significance_of(std::span<const double> x, std::span<const double> logs,
                                     double slope_per_x) {
    assert(x.size() == logs.size());
    std::vector<double> detrended(logs.size());
    std::ranges::transform(logs, x, detrended.begin(),
                           [&](double log, double at) { return log - slope_per_x * at; });

    domain::Significance out;
    out.closes = static_cast<std::int64_t>(logs.size());
    out.s = kendall_s(logs);
    out.tau = kendall_tau(logs);
    out.plain_z = corrected_z(out.s, s_variance(logs));
    out.factor = hamed_rao_factor(detrended);
    out.z = corrected_z(out.s, s_variance(logs) * out.factor);
    out.p = std::erfc(std::abs(out.z) / std::numbers::sqrt2);
    out.significant = out.p < kLevel;
    return out;
}

}  // namespace hashprice::trend
