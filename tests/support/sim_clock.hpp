#pragma once
#include <mutex>
#include <vector>

#include "domain/clock.hpp"

namespace hashprice::fake {

/// A clock on which every sleep is over at once, and took exactly as long as asked for.
///
///   threads  thread-safe
class SimClock final : public domain::Clock {
public:
    explicit SimClock(domain::UtcSeconds now = domain::utc(1'763'164'800)) : start_(now) {}

    [[nodiscard]] domain::UtcSeconds now() const override {
        return start_ + std::chrono::floor<domain::seconds>(uptime());
    }
    [[nodiscard]] std::chrono::milliseconds uptime() const override {
        const std::lock_guard lock(m_);
        return uptime_;
    }
    bool sleep_for(std::chrono::milliseconds nap, const std::stop_token& stop) override {
        const std::lock_guard lock(m_);
        naps_.push_back(nap);
        if (stop.stop_requested()) return false;
        uptime_ += nap;
        return true;
    }
    void advance(std::chrono::milliseconds time) {
        const std::lock_guard lock(m_);
        uptime_ += time;
    }
    void forget_naps() {
        const std::lock_guard lock(m_);
        naps_ = {};
    }
    [[nodiscard]] std::vector<std::chrono::milliseconds> naps() const {
        const std::lock_guard lock(m_);
        return naps_;
    }

private:
    const domain::UtcSeconds start_;
    mutable std::mutex m_;
    std::chrono::milliseconds uptime_{};           // guarded by m_
    std::vector<std::chrono::milliseconds> naps_;  // guarded by m_
};

}  // namespace hashprice::fake
