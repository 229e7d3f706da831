#pragma once
#include <vector>

#include "service/cli/command.hpp"

namespace hashprice::service::cli {

/// config show, config check.
std::vector<Command> config_commands();

}  // namespace hashprice::service::cli
