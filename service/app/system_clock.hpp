#pragma once
#include <condition_variable>
#include <mutex>

#include "domain/clock.hpp"

namespace hashprice::service::app {

/// The machine's clocks.   threads  thread-safe
class SystemClock final : public domain::Clock {
public:
    [[nodiscard]] domain::UtcSeconds now() const override;
    [[nodiscard]] std::chrono::milliseconds uptime() const override;
    bool sleep_for(std::chrono::milliseconds nap, const std::stop_token& stop) override;
};

}  // namespace hashprice::service::app
