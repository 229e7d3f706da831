#pragma once
#include <string>
#include <vector>

#include "domain/daily.hpp"

namespace hashprice::service::cli {

struct ChartSize {
    int width = 80;  ///< columns of the terminal, axis included
    int rows = 8;
};

/// Daily closes as columns of Unicode blocks, the scale at the left, the dates below. Where there
/// are more days than columns a column is the mean of its days; one without a close stays empty.
/// "" where there is nothing to draw, or no room.
///
///   shape  pure; closes in order of days
std::string chart_of(const std::vector<domain::DailyPoint>& closes, const ChartSize& size);

}  // namespace hashprice::service::cli
