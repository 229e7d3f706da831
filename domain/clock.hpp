#pragma once
#include <chrono>
#include <stop_token>

#include "domain/time.hpp"

namespace hashprice::domain {

/// The only way to learn what time it is. Made once, in service/app.
///
///   threads  thread-safe
class Clock {
public:
    Clock() = default;
    Clock(const Clock&) = delete;
    Clock& operator=(const Clock&) = delete;
    virtual ~Clock() = default;
    /// Wall time; may jump: never subtract two of these to wait.
    [[nodiscard]] virtual UtcSeconds now() const = 0;
    /// Monotonic: for measuring how long something took, and for cool-downs.
    [[nodiscard]] virtual std::chrono::milliseconds uptime() const = 0;
    /// Sleeps on the monotonic clock. false: stopped before the nap was over.
    virtual bool sleep_for(std::chrono::milliseconds nap, const std::stop_token& stop) = 0;
};

}  // namespace hashprice::domain
