#pragma once
#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "service/http/metrics.hpp"
#include "service/http/route.hpp"

namespace hashprice::service::http {

/// Counts requests per route and status, and how long they took.
///
///   threads   thread-safe; after the first of a kind, lock-free
///   outlives  the Registry must live longer; without one nothing is counted
class Meter {
public:
    Meter(Registry* registry, const std::vector<Route>& routes);
    /// `route` beyond the table: no route. Event streams are counted, their length is not.
    void count(std::size_t route, unsigned status, std::chrono::nanoseconds took, bool is_events);

private:
    static constexpr std::array<unsigned, 14> kStatuses = {200, 204, 304, 308, 400, 401, 404,
                                                           405, 413, 414, 431, 500, 503, 0};
    struct PerRoute {
        std::string name;
        Histogram* durations = nullptr;
        std::array<std::atomic<Counter*>, kStatuses.size()> counters{};
    };
    Counter& counter(PerRoute& route, std::size_t slot);

    Registry* registry_;
    std::vector<std::unique_ptr<PerRoute>> routes_;  // the last one: no route
};

}  // namespace hashprice::service::http
