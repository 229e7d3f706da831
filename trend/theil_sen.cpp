#include "trend/theil_sen.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <iterator>
#include <vector>

#include "domain/normal.hpp"
#include "trend/mann_kendall.hpp"

namespace hashprice::trend {
namespace {

using domain::kZ95;

std::vector<double> pair_slopes(std::span<const double> x, std::span<const double> y) {
    std::vector<double> slopes;
    // room, and no figure: too much or too little of it only costs time
    slopes.reserve(x.size() * (x.size() - 1) / 2);  // no mutant
    for (std::size_t i = 1; i < x.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) slopes.push_back((y[i] - y[j]) / (x[i] - x[j]));
    }
    return slopes;
}

/// The places, in the sorted slopes, of the interval's ends.
std::array<std::size_t, 2> interval_ranks(std::span<const double> y, std::size_t slopes) {
    const double sigma = std::sqrt(s_variance(y));
    const auto count = static_cast<double>(slopes);
    // to even at .5, as numpy rounds
    const double high = std::nearbyint((count + kZ95 * sigma) / 2);
    const double low = std::nearbyint((count - kZ95 * sigma) / 2) - 1;
    return {static_cast<std::size_t>(std::max(low, 0.0)),
            static_cast<std::size_t>(std::min(high, count - 1))};
}

}  // namespace

std::optional<TheilSen> theil_sen(std::span<const double> x, std::span<const double> y) {
    assert(x.size() == y.size());
    if (x.size() < 2) return std::nullopt;
    std::vector<double> slopes = pair_slopes(x, y);
    const auto [low, high] = interval_ranks(y, slopes.size());
    const std::array ranks{low, (slopes.size() - 1) / 2, slopes.size() / 2, high};

    std::array<double, 4> at{};
    auto unsorted = slopes.begin();  // everything before it is below what is still wanted
    for (std::size_t i = 0; i < ranks.size(); ++i) {
        const auto wanted = slopes.begin() + static_cast<std::ptrdiff_t>(ranks.at(i));
        if (wanted >= unsorted) std::nth_element(unsorted, wanted, slopes.end());
        at.at(i) = *wanted;
        unsorted = std::next(wanted);
    }
    return TheilSen{(at[1] + at[2]) / 2, at[0], at[3]};
}

}  // namespace hashprice::trend
