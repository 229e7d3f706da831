#pragma once
#include <chrono>
#include <optional>

namespace hashprice::ingest {

/// Whether something that may fail is out of order, so that it is said once and not once per try.
///
///   rule  the very first try counts at once; later a single failure is a hiccup, and the second in
///         a row an outage. One success ends it.
class Outage {
public:
    using Millis = std::chrono::milliseconds;

    /// True when this failure begins an outage. `uptime` is the monotonic clock's.
    bool failed(Millis uptime) {
        if (failures_++ == 0) first_failure_ = uptime;
        const bool begins = !out_ && (!ever_worked_ || failures_ >= 2);
        out_ = out_ || begins;
        return begins;
    }
    /// How long the outage lasted that this success ends; none: there was none.
    std::optional<Millis> worked(Millis uptime) {
        std::optional<Millis> lasted;
        if (out_) lasted = uptime - first_failure_;
        failures_ = 0;
        ever_worked_ = true;
        out_ = false;
        return lasted;
    }
    [[nodiscard]] int failures() const { return failures_; }  ///< in a row

private:
    int failures_ = 0;
    bool ever_worked_ = false;
    bool out_ = false;
    Millis first_failure_{};
};

}  // namespace hashprice::ingest
