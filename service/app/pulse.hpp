#pragma once
#include <atomic>
#include <chrono>
#include <cstdint>

#include "domain/clock.hpp"
#include "ingest/live/routine.hpp"

namespace hashprice::service::app {

/// A routine that leaves a trace of its rounds, so that one that hangs can be told from one that
/// waits.
///
///   threads   late() from any thread
///   outlives  inner and clock must live longer
class WatchedRoutine final : public ingest::Routine {
public:
    using milliseconds = std::chrono::milliseconds;

    WatchedRoutine(ingest::Routine& inner, const domain::Clock& clock)
        : inner_(inner), clock_(clock), due_ms_((clock.uptime() + inner.first_wait()).count()) {}

    [[nodiscard]] milliseconds first_wait() const override { return inner_.first_wait(); }
    milliseconds round(const std::stop_token& stop) override {
        due_ms_ = clock_.uptime().count();
        const milliseconds wait = inner_.round(stop);
        due_ms_ = (clock_.uptime() + wait).count();
        return wait;
    }

    /// How long ago the round that runs began, or the one that is due should have; not positive:
    /// all is well.
    [[nodiscard]] milliseconds late() const { return clock_.uptime() - milliseconds{due_ms_}; }

private:
    ingest::Routine& inner_;
    const domain::Clock& clock_;
    std::atomic<std::int64_t> due_ms_;
};

}  // namespace hashprice::service::app
