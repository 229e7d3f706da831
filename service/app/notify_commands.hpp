#pragma once
#include <vector>

#include "service/cli/command.hpp"

namespace hashprice::service::app {

/// notify test, notify replay (docs/alerts.md).
std::vector<cli::Command> notify_commands();

}  // namespace hashprice::service::app
