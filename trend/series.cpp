#include "trend/series.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace hashprice::trend {

bool usable(double value) { return std::isfinite(value) && value > 0; }

std::span<const DailyPoint> Series::between(Day from, Day to) const {
    const auto first = std::ranges::lower_bound(points, from, {}, &DailyPoint::day);
    const auto last = std::ranges::upper_bound(points, to, {}, &DailyPoint::day);
    return first < last ? std::span{first, last} : std::span<const DailyPoint>{};
}

domain::Result<Series> series_of(std::vector<DailyPoint> closes) {
    const auto disorder = std::ranges::adjacent_find(
        closes, [](const DailyPoint& a, const DailyPoint& b) { return b.day <= a.day; });
    if (disorder != closes.end()) {
        return domain::fail(domain::Errc::out_of_range,
                            fmt::format("daily series: {} does not come after {}",
                                        domain::format_date(std::next(disorder)->day),
                                        domain::format_date(disorder->day)));
    }
    Series series;
    series.unusable = static_cast<std::int64_t>(
        std::erase_if(closes, [](const DailyPoint& p) { return !usable(p.value); }));
    series.points = std::move(closes);
    return series;
}

const DailyInputs* inputs_on(std::span<const DailyInputs> inputs, Day day) {
    const auto at = std::ranges::lower_bound(inputs, day, {}, &DailyInputs::day);
    return at != inputs.end() && at->day == day ? &*at : nullptr;
}

}  // namespace hashprice::trend
