#pragma once
#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>

#include "domain/clock.hpp"
#include "ingest/transport/http_transport.hpp"

namespace hashprice::ingest {

/// How many requests one host gets from this process.
///
///   threads   thread-safe; callers are served in the order in which they came
///   promise   no stretch of 60 s sees more than requests_per_minute * share of them
///   outlives  the clock must outlive it
class Budget {
public:
    /// `requests_per_minute` > 0; up to a tenth of it may go out at once after a pause, but not at
    /// the start: a restart must not buy more.
    Budget(double requests_per_minute, domain::Clock& clock);

    /// From now on at most this many.
    void lower_to(double requests_per_minute);

    /// Waits for its turn.   errors  stopped before it came -> Errc::stopped
    domain::Status take(const std::stop_token& stop);

    /// What this process may send: the limit times its share.
    [[nodiscard]] double requests_per_minute() const;

    /// How long `take` would wait now.
    [[nodiscard]] std::chrono::milliseconds wait() const;

    /// The part of the host's budget that is this process's: 1, or 0.5 while another one lives.
    void set_share(double share);

    /// No request before this much time has passed: the host asked for it.
    void hold_for(std::chrono::milliseconds pause);

private:
    using Millis = std::chrono::duration<double, std::milli>;
    [[nodiscard]] Millis turn_at(Millis now) const;  // m_ is held
    Millis reserve(Millis now);                      // m_ is held
    void set_pace();                                 // m_ is held

    domain::Clock& clock_;
    mutable std::mutex m_;
    double requests_per_minute_;  // guarded by m_
    double share_ = 1.0;          // guarded by m_
    Millis interval_{};           // guarded by m_: between two turns
    Millis credit_{};             // guarded by m_: how far behind the pace a turn may lie
    Millis next_{};               // guarded by m_: when the pace has its next turn
    Millis held_until_{};         // guarded by m_
};

/// A budget per host, shared by all who ask it.
///
///   threads  thread-safe; a reference stays good as long as this object
class HostBudgets {
public:
    explicit HostBudgets(domain::Clock& clock) : clock_(clock) {}

    /// Of the host of `url`. Where two sources name the same host, the smaller number holds.
    void limit(const std::string& url, double requests_per_minute);

    /// nullptr where no limit was set.
    [[nodiscard]] Budget* find(const std::string& url);

    /// For all hosts, those that are named later too.
    void set_share(double share);

private:
    domain::Clock& clock_;
    std::mutex m_;
    double share_ = 1.0;                                    // guarded by m_
    std::map<std::string, std::unique_ptr<Budget>> hosts_;  // guarded by m_
};

/// Spends the host's budget before every request; a host without one is asked at once.
///
///   threads   as the transport below
///   outlives  both references must outlive it
class BudgetedTransport final : public HttpTransport {
public:
    BudgetedTransport(HttpTransport& below, HostBudgets& budgets)
        : below_(below), budgets_(budgets) {}
    domain::Result<HttpResponse> send(const HttpRequest& request,
                                      const std::stop_token& stop) override;

private:
    HttpTransport& below_;
    HostBudgets& budgets_;
};

}  // namespace hashprice::ingest
