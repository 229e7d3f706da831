#pragma once
#include <vector>

#include "service/cli/command.hpp"

namespace hashprice::service::cli {

/// breakeven, projection, annotate add, list and remove.
std::vector<Command> miner_commands();

}  // namespace hashprice::service::cli
