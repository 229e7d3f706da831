#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "config/load.hpp"
#include "service/app/app.hpp"
#include "service/app/heartbeat.hpp"
#include "service/app/service_manager.hpp"

namespace hashprice::service::app {

/// An App, and what an operator's machine expects of a daemon around it: the service manager is
/// told how it goes, and SIGHUP brings new settings.
///
///   owns      the App; after a reload it is another one
///   threads   one thread; block_signals() was called before any was started
///   outlives  clock must live longer
class Daemon {
public:
    struct Options {
        config::Loaded loaded;
        std::function<config::Report()> examine;  ///< the settings as they are written now
        bool poll = true;
    };
    /// errors  as App::start
    static domain::Result<std::unique_ptr<Daemon>> start(Options options, domain::Clock& clock,
                                                         std::shared_ptr<spdlog::logger> log);
    Daemon(const Daemon&) = delete;
    Daemon& operator=(const Daemon&) = delete;
    ~Daemon();

    /// Serves until SIGINT or SIGTERM.   errors  after a reload it could not start again
    domain::Status run();
    [[nodiscard]] std::string url() const { return app_->url(); }

private:
    Daemon(Options options, domain::Clock& clock, std::shared_ptr<spdlog::logger> log);
    domain::Status start_app(const config::Settings& settings);
    domain::Status reload();
    domain::Status apply(config::Loaded next);
    void keep_port();
    [[nodiscard]] std::string status_line() const;

    Options options_;
    domain::Clock& clock_;
    std::shared_ptr<spdlog::logger> log_;
    ServiceManager manager_;
    std::unique_ptr<App> app_;
    std::optional<Heartbeat> heartbeat_;  // speaks of app_: dies before it
};

}  // namespace hashprice::service::app
