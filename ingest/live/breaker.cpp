#include "ingest/live/breaker.hpp"

#include <algorithm>

namespace hashprice::ingest {
namespace {

/// `first` doubled `times` times, at most `longest`.
milliseconds doubled(milliseconds first, int times, milliseconds longest) {
    milliseconds result = std::min(first, longest);
    for (int n = 0; n < times && result < longest; ++n) result = std::min(result * 2, longest);
    return result;
}

}  // namespace

Breaker::State Breaker::state(milliseconds uptime) const {
    if (!left_) return State::closed;
    return wait(uptime) > milliseconds{0} ? State::open : State::half_open;
}

milliseconds Breaker::wait(milliseconds uptime) const {
    return std::max(milliseconds{0}, not_before_ - uptime);
}

/// Between half of it and the whole, so that those who left together do not come back together.
milliseconds Breaker::rest(std::mt19937_64& random) const {
    const milliseconds whole =
        doubled(plan_.first_rest, failures_ - plan_.patience, plan_.longest_rest);
    std::uniform_int_distribution<std::int64_t> pick(whole.count() / 2, whole.count());
    return milliseconds{pick(random)};
}

void Breaker::failed(milliseconds uptime, const Setback& setback, std::mt19937_64& random) {
    ++failures_;
    bans_ = setback.ban > milliseconds{0} ? bans_ + 1 : 0;
    left_ = left_ || failures_ >= plan_.patience || bans_ > 0;
    milliseconds pause =
        failures_ < plan_.patience ? backoff_delay(plan_.hiccup, failures_, random) : rest(random);
    if (bans_ > 0) pause = std::max(pause, doubled(setback.ban, bans_ - 1, plan_.longest_ban));
    not_before_ = uptime + std::max(pause, setback.asked);
}

void Breaker::worked() {
    failures_ = 0;
    bans_ = 0;
    left_ = false;
    not_before_ = {};
}

}  // namespace hashprice::ingest
