#pragma once
#include <vector>

#include "service/cli/command.hpp"

namespace hashprice::service::cli {

/// sources, gaps: who answers, and what is missing.
std::vector<Command> health_commands();

}  // namespace hashprice::service::cli
