#pragma once
#include <string>
#include <vector>

#include "service/answers/attribution.hpp"
#include "service/answers/backtest.hpp"
#include "service/answers/trend.hpp"

/// Answers about declines as a person reads them in a terminal.
///
///   shape  pure; each ends with a newline
namespace hashprice::service::cli {

struct Terminal {
    domain::UtcSeconds now;
    int width = 80;
    bool colour = false;
};

std::string trend_text(const answers::Trend& trend, const Terminal& terminal);
std::string declines_text(const std::vector<answers::Decline>& declines);
std::string attribution_text(const answers::AttributionAnswer& answer);
std::string backtest_text(const answers::Backtest& backtest);

}  // namespace hashprice::service::cli
