#include "ingest/live/pace.hpp"

#include <algorithm>

namespace hashprice::ingest {
namespace {

milliseconds up_to(milliseconds most, std::mt19937_64& random) {
    std::uniform_int_distribution<std::int64_t> pick(0, std::max<std::int64_t>(0, most.count()));
    return milliseconds{pick(random)};
}

}  // namespace

UtcSeconds grid_floor(UtcSeconds t, seconds grid) {
    return UtcSeconds{t.time_since_epoch() / grid * grid};
}

seconds grid_lag(seconds grid) { return std::clamp(grid / 6, seconds{1}, seconds{10}); }

Pace pace_before(int n, int count, seconds interval, seconds max_age) {
    const milliseconds window = std::min(interval, max_age);
    // from 80 % of the window before the instant to 30 %, and the jitter's tenth later
    const milliseconds ahead = window * 8 / 10 - window * 5 * n / (10 * std::max(1, count));
    return {interval, interval - ahead, window / 10};
}

Pace pace_after(int n, int count, seconds interval) {
    const milliseconds window = grid_lag(interval);
    return {interval, window * 2 / 10 + window * 4 * n / (10 * std::max(1, count)), window / 10};
}

milliseconds until_turn(const Pace& pace, UtcSeconds now, std::mt19937_64& random) {
    const milliseconds phase = now - grid_floor(now, pace.interval);
    milliseconds wait = pace.offset + up_to(pace.jitter, random) - phase;
    // just asked (`now` knows whole seconds only), or the place in this interval has gone by
    if (wait <= milliseconds{pace.interval} / 4) wait += pace.interval;
    return wait;
}

milliseconds jittered(seconds interval, std::mt19937_64& random) {
    return milliseconds{interval} - up_to(milliseconds{interval} / 10, random);
}

Setback setback_of(const Visit& visit) {
    Setback setback{.ban = {}, .asked = visit.retry_after.value_or(seconds{0})};
    if (visit.status == 429) setback.ban = domain::kMinute;
    if (visit.status == 403 || visit.status == 418) setback.ban = 10 * domain::kMinute;
    return setback;
}

seconds cool_down(const Visit& visit) {
    const Setback setback = setback_of(visit);
    return std::chrono::floor<seconds>(std::max(setback.ban, setback.asked));
}

}  // namespace hashprice::ingest
