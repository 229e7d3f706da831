#include "service/http/meter.hpp"

#include <algorithm>

namespace hashprice::service::http {

Meter::Meter(Registry* registry, const std::vector<Route>& routes) : registry_(registry) {
    if (registry_ == nullptr) return;
    const auto add = [this](const std::string& name) {
        routes_.push_back(std::make_unique<PerRoute>());
        routes_.back()->name = name;
        routes_.back()->durations =
            &registry_->histogram("hashprice_http_request_duration_seconds",
                                  "From the whole question to the last byte handed to the kernel.",
                                  Histogram::durations_s(), {{"route", name}});
    };
    for (const Route& route : routes) add(route.operation_id);
    add("none");
}

Counter& Meter::counter(PerRoute& route, std::size_t slot) {
    if (Counter* known = route.counters[slot].load(std::memory_order_acquire)) return *known;
    const std::string code = kStatuses[slot] == 0 ? "other" : std::to_string(kStatuses[slot]);
    Counter& fresh = registry_->counter("hashprice_http_requests_total",
                                        "Requests answered, by route and status.",
                                        {{"route", route.name}, {"code", code}});
    route.counters[slot].store(&fresh, std::memory_order_release);
    return fresh;
}

void Meter::count(std::size_t route, unsigned status, std::chrono::nanoseconds took,
                  bool is_events) {
    if (registry_ == nullptr) return;
    PerRoute& per_route = *routes_[std::min(route, routes_.size() - 1)];
    const auto* known = std::find(kStatuses.begin(), kStatuses.end() - 1, status);
    counter(per_route, static_cast<std::size_t>(known - kStatuses.begin())).add();
    if (!is_events) per_route.durations->observe(std::chrono::duration<double>(took).count());
}

}  // namespace hashprice::service::http
