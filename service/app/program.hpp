#pragma once
#include <vector>

#include "service/cli/command.hpp"

namespace hashprice::service::app {

/// The table of commands: what `hashprice` can be told.
std::vector<cli::Command> all_commands();

/// The whole program: settings, session, command. Returns the exit status (docs/operating.md).
int run_program(int argc, const char* const* argv, const char* const* environment);

}  // namespace hashprice::service::app
