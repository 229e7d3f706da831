#pragma once
#include <vector>

#include "service/cli/command.hpp"

namespace hashprice::service::cli {

/// quarantine list|release|reject, retract: what an operator decides about facts.
std::vector<Command> guard_commands();

}  // namespace hashprice::service::cli
