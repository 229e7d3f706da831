#pragma once
#include "service/cli/command.hpp"

namespace hashprice::service::cli {

/// backfill: fills the past, for cron.
Command backfill_command();

}  // namespace hashprice::service::cli
