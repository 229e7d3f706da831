#include "service/app/service_manager.hpp"

#include <fmt/format.h>
#include <systemd/sd-daemon.h>

#include <string>

namespace hashprice::service::app {
namespace {

void notify(const std::string& state) {
    // it fails only where nobody listens, and then nobody misses it
    sd_notify(0, state.c_str());
}

/// A line break would begin another assignment.
std::string one_line(std::string_view text) {
    std::string line(text);
    for (char& c : line) {
        if (c == '\n' || c == '\r') c = ' ';
    }
    return line;
}

}  // namespace

void ServiceManager::ready(std::string_view status) const {
    notify(fmt::format("READY=1\nSTATUS={}", one_line(status)));
}

void ServiceManager::status(std::string_view status) const {
    notify(fmt::format("STATUS={}", one_line(status)));
}

void ServiceManager::reloading() const {
    const auto now = std::chrono::duration_cast<std::chrono::microseconds>(
        std::chrono::steady_clock::now().time_since_epoch());
    notify(fmt::format("RELOADING=1\nMONOTONIC_USEC={}\nSTATUS=reading the settings again",
                       now.count()));
}

void ServiceManager::stopping() const { notify("STOPPING=1\nSTATUS=ending"); }

void ServiceManager::alive() const { notify("WATCHDOG=1"); }

std::chrono::milliseconds ServiceManager::watchdog() {
    std::uint64_t usec = 0;
    if (sd_watchdog_enabled(0, &usec) <= 0) return std::chrono::milliseconds{0};
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::microseconds(usec));
}

}  // namespace hashprice::service::app
