#pragma once
#include "service/cli/command.hpp"

namespace hashprice::service::cli {

/// healthcheck: for containers and scripts that cannot ask by HTTP themselves.
Command healthcheck_command();

}  // namespace hashprice::service::cli
