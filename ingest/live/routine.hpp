#pragma once
#include <chrono>
#include <functional>
#include <stop_token>

#include "domain/clock.hpp"

namespace hashprice::ingest {

/// Something that is done again and again, in a thread of its own or driven by a test.
///
///   threads  one thread at a time for one object
class Routine {
public:
    Routine() = default;
    Routine(const Routine&) = delete;
    Routine& operator=(const Routine&) = delete;
    virtual ~Routine() = default;

    /// Before the first round, so that not all begin at once.
    [[nodiscard]] virtual std::chrono::milliseconds first_wait() const { return {}; }
    /// One round, and how long to wait until the next. A set `stop` cuts it short.
    virtual std::chrono::milliseconds round(const std::stop_token& stop) = 0;
};

/// Rounds until stopped, `before` each of them.
inline void keep_doing(Routine& routine, domain::Clock& clock, const std::function<void()>& before,
                       const std::stop_token& stop) {
    auto wait = routine.first_wait();
    while (clock.sleep_for(wait, stop)) {
        before();
        wait = routine.round(stop);
    }
}

}  // namespace hashprice::ingest
