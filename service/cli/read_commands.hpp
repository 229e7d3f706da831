#pragma once
#include <vector>

#include "service/cli/command.hpp"

namespace hashprice::service::cli {

/// latest, query, explain, status: nothing is changed.
std::vector<Command> read_commands();

}  // namespace hashprice::service::cli
