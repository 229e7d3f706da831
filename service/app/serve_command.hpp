#pragma once
#include "service/cli/command.hpp"

namespace hashprice::service::app {

/// serve: the daemon, until SIGINT or SIGTERM.
cli::Command serve_command();

/// Blocks the signals that end or reload the daemon, for this thread and every thread made
/// afterwards.
void block_signals();

/// Waits for the next of them.   returns  SIGINT, SIGTERM or SIGHUP
int wait_for_signal();

}  // namespace hashprice::service::app
