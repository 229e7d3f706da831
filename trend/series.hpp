#pragma once
#include <span>
#include <vector>

#include "domain/daily.hpp"
#include "domain/result.hpp"

namespace hashprice::trend {

using domain::DailyInputs;
using domain::DailyPoint;
using domain::Day;
using domain::Days;

/// A hash price can be the subject of logs and ratios: finite and above 0.
bool usable(double value);

/// Closes of complete UTC days, in order; a day without a close is simply not there.
struct Series {
    std::vector<DailyPoint> points;
    std::int64_t unusable{};  ///< days that came with NaN, an infinity, zero or a negative value

    /// The closes of the days from..to, both included.
    [[nodiscard]] std::span<const DailyPoint> between(Day from, Day to) const;
};

/// Days whose value is not usable become missing days (and are counted): a zero is never a price,
/// and no data never means anything.
///
/// errors  days out of order or twice -> Errc::out_of_range
domain::Result<Series> series_of(std::vector<DailyPoint> closes);

/// The inputs of one day in a list in order of days; nullptr if it has none.
const DailyInputs* inputs_on(std::span<const DailyInputs> inputs, Day day);

}  // namespace hashprice::trend
