#include "service/app/system_clock.hpp"

namespace hashprice::service::app {

using std::chrono::milliseconds;

domain::UtcSeconds SystemClock::now() const {
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

milliseconds SystemClock::uptime() const {
    return std::chrono::duration_cast<milliseconds>(
        std::chrono::steady_clock::now().time_since_epoch());
}

bool SystemClock::sleep_for(milliseconds nap, const std::stop_token& stop) {
    std::mutex mutex;
    std::condition_variable_any wake;
    std::unique_lock lock(mutex);
    // wait_for counts on the monotonic clock; it returns early only when the token is set
    wake.wait_for(lock, stop, nap, [&] { return stop.stop_requested(); });
    return !stop.stop_requested();
}

}  // namespace hashprice::service::app
