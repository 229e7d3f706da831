#pragma once
#include <spdlog/logger.h>

#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "config/settings.hpp"
#include "domain/clock.hpp"
#include "ingest/live/routine.hpp"
#include "ingest/live/writer.hpp"
#include "ingest/roster.hpp"
#include "service/app/connections.hpp"
#include "service/app/pulse.hpp"
#include "service/http/events.hpp"
#include "service/http/metrics.hpp"

namespace hashprice::service::app {

/// What polling works with and tells to.   outlives  everything must live longer than Live
struct LiveContext {
    const config::Settings& settings;
    domain::Clock& clock;
    Connections& connections;
    http::EventHub& events;
    http::Registry& metrics;
    std::shared_ptr<spdlog::logger> log;
};

/// Polling: the grid, the chain and the exchanges, a thread each.
///
///   owns      roster, writer, transports and threads; the destructor stops all of them at once,
///             running requests included, and waits for them
///   errors    start: a source that cannot be asked -> Errc::config; the database -> Errc::database
class Live {
public:
    static domain::Result<std::unique_ptr<Live>> start(const LiveContext& context);
    Live(const Live&) = delete;
    Live& operator=(const Live&) = delete;
    ~Live();

    /// One more thread that ends with polling. `work` returns soon after its token is set.
    void run_beside(std::function<void(const std::stop_token&)> work);

    /// How late the latest of the pollers is (see WatchedRoutine).
    [[nodiscard]] std::chrono::milliseconds lateness() const;

    ingest::Roster& roster() { return *roster_; }
    ingest::Writer& writer() { return *writer_; }

private:
    Live(const LiveContext& context, std::unique_ptr<ingest::Roster> roster);
    domain::Status open_writer();
    void start_routines();
    void share_budgets();
    void expect_polls();
    void count_poll(const storage::Poll& poll);
    void tell_observation(const ingest::Derived& derived);
    void tell_source(const ingest::Change& change);
    void tell_role(const storage::RoleChange& change);
    void tell_database(const ingest::Change& change);

    LiveContext context_;
    ingest::Notices notices_;
    std::unique_ptr<ingest::Roster> roster_;
    std::unique_ptr<ingest::Writer> writer_;
    std::vector<std::unique_ptr<ingest::Routine>> routines_;
    std::deque<WatchedRoutine> watched_;
    std::vector<std::jthread> threads_;
};

}  // namespace hashprice::service::app
