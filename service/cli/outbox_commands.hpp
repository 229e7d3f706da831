#pragma once
#include <vector>

#include "service/cli/command.hpp"

namespace hashprice::service::cli {

/// outbox list, outbox retry, outbox drop: what waits for receivers (docs/alerts.md).
std::vector<Command> outbox_commands();

/// sink list, sink replay: what sinks have not got (docs/scaling.md).
std::vector<Command> sink_commands();

}  // namespace hashprice::service::cli
