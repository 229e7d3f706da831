#pragma once
#include <chrono>
#include <string_view>

namespace hashprice::service::app {

/// systemd, when it started us with Type=notify; without it every call does nothing.
///
///   threads  thread-safe
///   source   sd_notify(3), sd_watchdog_enabled(3)
class ServiceManager {
public:
    /// Serving; `status` is what `systemctl status` shows.
    void ready(std::string_view status) const;
    void status(std::string_view status) const;
    void reloading() const;  ///< ready() ends it
    void stopping() const;
    void alive() const;  ///< for the watchdog

    /// How often it wants to hear alive(), at the least; 0: it does not watch.
    [[nodiscard]] static std::chrono::milliseconds watchdog();
};

}  // namespace hashprice::service::app
