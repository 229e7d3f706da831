#pragma once
#include <vector>

#include "service/cli/command.hpp"

namespace hashprice::service::cli {

/// import, recompute: facts in, observations again.
std::vector<Command> fact_commands();

}  // namespace hashprice::service::cli
