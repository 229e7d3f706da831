#pragma once
#include <vector>

#include "service/cli/command.hpp"

namespace hashprice::service::cli {

/// trend, declines, attribution, backtest.
std::vector<Command> trend_commands();

}  // namespace hashprice::service::cli
