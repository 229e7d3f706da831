#pragma once
#include <spdlog/logger.h>

#include <array>
#include <memory>
#include <string_view>

#include "config/settings.hpp"

namespace hashprice::service::app {

/// The daemon's log: one line an event, to standard error (which journald reads); text or JSON.
/// Where nothing else prefixes a time (a terminal, a file), text lines carry one.
std::shared_ptr<spdlog::logger> make_log(const config::Log& settings);

/// The same for a log that is in use; rooms keep their levels.
void apply_log(spdlog::logger& log, const config::Log& settings);

/// A log for each of config::kLogRooms, to the same place as `log`: at the level that the settings
/// name for the room, else at that of all. JSON lines name the room.
///
///   threads  apply may be called while others write
class RoomLogs {
public:
    RoomLogs(spdlog::logger& log, const config::Log& settings);
    void apply(const config::Log& settings);
    /// REQUIRES: one of kLogRooms.
    [[nodiscard]] std::shared_ptr<spdlog::logger> of(std::string_view room) const;

private:
    std::array<std::shared_ptr<spdlog::logger>, config::kLogRooms.size()> logs_;
};

}  // namespace hashprice::service::app
