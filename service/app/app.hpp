#pragma once
#include <spdlog/logger.h>

#include <memory>
#include <optional>
#include <string>

#include "config/settings.hpp"
#include "domain/clock.hpp"
#include "service/app/connections.hpp"
#include "service/app/live.hpp"
#include "service/app/log.hpp"
#include "service/app/outbound.hpp"
#include "service/app/trend_watch.hpp"
#include "service/http/events.hpp"
#include "service/http/metrics.hpp"
#include "service/http/server.hpp"
#include "storage/lock_file.hpp"

namespace hashprice::service::app {

/// The daemon: what `hashprice serve` runs, and tests construct in process with a simulated clock.
///
///   owns      everything that lives as long as the daemon; members die in reverse order of
///   declaration:
///             that is the order of shutdown
///   outlives  clock must live longer
///   errors    start: another daemon holds the lock (Errc::locked), the database or the port cannot
///   be used
class App {
public:
    struct Options {
        config::Settings settings;
        bool poll = true;  ///< false: serve what is there, beside a daemon or without one
    };
    /// The database must exist at the newest schema.
    static domain::Result<std::unique_ptr<App>> start(Options options, domain::Clock& clock,
                                                      const std::shared_ptr<spdlog::logger>& log);
    App(const App&) = delete;
    App& operator=(const App&) = delete;
    ~App();

    /// Other levels, while it runs.
    void apply(const config::Log& settings) { logs_.apply(settings); }

    [[nodiscard]] std::string url() const { return server_->url(); }
    [[nodiscard]] std::uint16_t port() const { return server_->port(); }
    /// That it does what it is for.   errors  what does not work, as its room says it
    [[nodiscard]] domain::Result<std::string> vital_signs() const;

private:
    App(Options options, std::optional<storage::LockFile> lock, spdlog::logger& log);
    domain::Status serve(domain::Clock& clock);

    Options options_;
    RoomLogs logs_;
    std::optional<storage::LockFile> lock_;
    Connections connections_;
    http::EventHub events_;
    http::Registry metrics_;
    std::unique_ptr<Outbound> outbound_;
    std::unique_ptr<Live> live_;
    std::unique_ptr<http::Server> server_;
    std::optional<TrendWatch> trend_;
};

}  // namespace hashprice::service::app
