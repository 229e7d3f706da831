#pragma once
#include <vector>

#include "service/cli/command.hpp"

namespace hashprice::service::cli {

std::vector<Command> data_commands();  ///< export, backup, check

}  // namespace hashprice::service::cli
