#include "ingest/live/grid_ticker.hpp"

namespace hashprice::ingest {

milliseconds GridTicker::round(const std::stop_token&) {
    const UtcSeconds now = clock_.now();
    (void)writer_.advance(now);  // the writer speaks about a database that fails
    const auto today = std::chrono::floor<std::chrono::days>(now);
    if (poll_log_ > seconds{0} && today != tidied_) {
        (void)writer_.forget_polls_before(now - poll_log_);
        tidied_ = today;
    }
    const seconds lag = grid_lag(writer_.grid());
    return grid_floor(now - lag, writer_.grid()) + writer_.grid() + lag - clock_.now();
}

}  // namespace hashprice::ingest
