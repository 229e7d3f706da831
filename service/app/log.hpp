#pragma once
#include <spdlog/logger.h>

#include <memory>
#include <string_view>

#include "config/settings.hpp"

namespace hashprice::service::app {

/// The daemon's log: one line an event, to standard error (which journald reads); text or JSON.
/// Where nothing else prefixes a time (a terminal, a file), text lines carry one.
std::shared_ptr<spdlog::logger> make_log(const config::Log& settings);

/// The same for a log that is in use.
void apply_log(spdlog::logger& log, const config::Log& settings);

}  // namespace hashprice::service::app
