#pragma once
#include <chrono>
#include <random>

#include "ingest/transport/backoff.hpp"

namespace hashprice::ingest {

using std::chrono::milliseconds;

struct BreakerPlan {
    int patience = 2;  ///< failures in a row after which a source is left
    BackoffPlan hiccup{milliseconds{1'000}, milliseconds{300'000}};  ///< before that
    milliseconds first_rest{30'000};  ///< after it was left; twice as long with each failed probe
    milliseconds longest_rest{900'000};
    milliseconds longest_ban{6 * 3'600'000};
};

/// What a failure asks for beyond the usual wait.
struct Setback {
    milliseconds ban{};    ///< after 403, 418, 429: twice as long with each further one in a row
    milliseconds asked{};  ///< Retry-After: kept to, however long
};

/// Whether a source may be asked: used while it works, left when it fails repeatedly, and tried
/// again with one request when its rest is over.
///
///   shape  pure but for the state of `random`; times are the monotonic clock's
class Breaker {
public:
    enum class State {
        closed,    ///< in use
        open,      ///< left
        half_open  ///< left, and to be tried: the next outcome decides
    };
    explicit Breaker(const BreakerPlan& plan) : plan_(plan) {}

    [[nodiscard]] State state(milliseconds uptime) const;
    /// 0: it may be asked.
    [[nodiscard]] milliseconds wait(milliseconds uptime) const;
    [[nodiscard]] int failures() const { return failures_; }  ///< in a row
    [[nodiscard]] bool left() const { return left_; }

    void failed(milliseconds uptime, const Setback& setback, std::mt19937_64& random);
    void worked();

private:
    [[nodiscard]] milliseconds rest(std::mt19937_64& random) const;

    BreakerPlan plan_;
    int failures_ = 0;
    int bans_ = 0;  ///< in a row
    bool left_ = false;
    milliseconds not_before_{};
};

}  // namespace hashprice::ingest
