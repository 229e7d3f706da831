#include "ingest/transport/budget.hpp"

#include <algorithm>
#include <cmath>

#include "ingest/transport/url.hpp"

namespace hashprice::ingest {

using domain::Errc;
using domain::fail;
using domain::Status;
using std::chrono::milliseconds;

namespace {
constexpr double kMillisPerMinute = 60'000.0;
constexpr double kBurstPart = 0.1;
}  // namespace

Budget::Budget(double requests_per_minute, domain::Clock& clock)
    : clock_(clock), requests_per_minute_(requests_per_minute) {
    set_pace();
    next_ = Millis{clock_.uptime()} + credit_;
}

/// A burst of b and a pace of p per minute let at most b - 1 + p through in any minute.
void Budget::set_pace() {
    const double allowed = requests_per_minute_ * share_;
    const double burst = std::max(1.0, std::floor(allowed * kBurstPart));
    interval_ = Millis{kMillisPerMinute / (allowed - (burst - 1.0))};
    credit_ = interval_ * (burst - 1.0);
}

Budget::Millis Budget::turn_at(Millis now) const {
    return std::max({now, next_ - credit_, held_until_});
}

Budget::Millis Budget::reserve(Millis now) {
    const Millis turn = turn_at(now);
    next_ = std::max(next_, turn) + interval_;
    return turn;
}

void Budget::lower_to(double requests_per_minute) {
    const std::lock_guard lock(m_);
    requests_per_minute_ = std::min(requests_per_minute_, requests_per_minute);
    set_pace();
}

void Budget::set_share(double share) {
    const std::lock_guard lock(m_);
    share_ = share;
    set_pace();
}

double Budget::requests_per_minute() const {
    const std::lock_guard lock(m_);
    return requests_per_minute_ * share_;
}

void Budget::hold_for(milliseconds pause) {
    const std::lock_guard lock(m_);
    held_until_ = std::max(held_until_, Millis{clock_.uptime() + pause});
}

milliseconds Budget::wait() const {
    const std::lock_guard lock(m_);
    const Millis now{clock_.uptime()};
    return std::chrono::ceil<milliseconds>(turn_at(now) - now);
}

Status Budget::take(const std::stop_token& stop) {
    std::unique_lock lock(m_);
    Millis turn = reserve(Millis{clock_.uptime()});  // ours, even if we are stopped before it comes
    for (;;) {
        const Millis now{clock_.uptime()};
        if (held_until_ > turn) turn = reserve(now);  // a pause was asked for meanwhile
        if (turn <= now) return {};
        lock.unlock();
        const bool rested = clock_.sleep_for(std::chrono::ceil<milliseconds>(turn - now), stop);
        if (!rested) return fail(Errc::stopped, "stopped while waiting for a turn");
        lock.lock();
    }
}

void HostBudgets::limit(const std::string& url, double requests_per_minute) {
    const std::lock_guard lock(m_);
    auto& budget = hosts_[host_of(url)];
    if (budget) return budget->lower_to(requests_per_minute);
    budget = std::make_unique<Budget>(requests_per_minute, clock_);
    budget->set_share(share_);
}

Budget* HostBudgets::find(const std::string& url) {
    const std::lock_guard lock(m_);
    const auto found = hosts_.find(host_of(url));
    return found == hosts_.end() ? nullptr : found->second.get();
}

void HostBudgets::set_share(double share) {
    const std::lock_guard lock(m_);
    share_ = share;
    for (auto& [host, budget] : hosts_) budget->set_share(share);
}

domain::Result<HttpResponse> BudgetedTransport::send(const HttpRequest& request,
                                                     const std::stop_token& stop) {
    if (Budget* budget = budgets_.find(request.url)) {
        const Status turn = budget->take(stop);
        if (!turn) return tl::unexpected(turn.error());
    }
    return below_.send(request, stop);
}

}  // namespace hashprice::ingest
