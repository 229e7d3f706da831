#include "service/app/daemon.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <csignal>

#include "service/app/log.hpp"
#include "service/app/reload.hpp"
#include "service/app/serve_command.hpp"
#include "service/version.hpp"

namespace hashprice::service::app {

using domain::Result;
using domain::Status;

Daemon::Daemon(Options options, domain::Clock& clock, std::shared_ptr<spdlog::logger> log)
    : options_(std::move(options)), clock_(clock), log_(std::move(log)) {}

Daemon::~Daemon() { manager_.stopping(); }

Result<std::unique_ptr<Daemon>> Daemon::start(Options options, domain::Clock& clock,
                                              std::shared_ptr<spdlog::logger> log) {
    std::unique_ptr<Daemon> daemon(new Daemon(std::move(options), clock, std::move(log)));
    const Status started = daemon->start_app(daemon->options_.loaded.settings);
    if (!started) return tl::unexpected(started.error());
    daemon->keep_port();
    return daemon;
}

Status Daemon::start_app(const config::Settings& settings) {
    heartbeat_.reset();
    app_.reset();  // it holds the lock and the port that the next one takes
    auto app = App::start({settings, options_.poll}, clock_, log_);
    if (!app) return tl::unexpected(app.error());
    app_ = std::move(*app);
    const auto proof = [app = app_.get()] { return app->vital_signs(); };
    const auto beat = [this](const std::string& line) {
        manager_.alive();
        manager_.status(line);
    };
    heartbeat_.emplace(
        Heartbeat::Options{heartbeat_period(ServiceManager::watchdog()), proof, beat}, clock_,
        log_);
    return {};
}

/// ":0" is any free port: once taken, it is ours until the end.
void Daemon::keep_port() {
    std::string& listen = options_.loaded.settings.http.listen;
    if (!listen.ends_with(":0")) return;
    listen = fmt::format("{}:{}", listen.substr(0, listen.size() - 2), app_->port());
}

std::string Daemon::status_line() const { return fmt::format("serves {}", app_->url()); }

Status Daemon::run() {
    log_->info("hashprice {} serves {} from {}", kVersion, app_->url(),
               options_.loaded.settings.database.path.string());
    for (const std::string& warning : options_.loaded.warnings) log_->warn("{}", warning);
    manager_.ready(status_line());
    while (wait_for_signal() == SIGHUP) {
        if (Status done = reload(); !done) return done;
    }
    log_->info("ending");
    return {};
}

Status Daemon::reload() {
    manager_.reloading();
    config::Report report = options_.examine();
    for (const config::Problem& problem : report.problems)
        log_->error("reload: {}", problem.text());
    if (!report.loaded) {
        log_->error("reload: the new settings are refused, the old ones stay in force");
    } else if (Status done = apply(std::move(*report.loaded)); !done) {
        return done;
    }
    manager_.ready(status_line());
    return {};
}

Status Daemon::apply(config::Loaded next) {
    for (const std::string& warning : next.warnings) log_->warn("reload: {}", warning);
    Change change = change_between(options_.loaded, next);
    for (const std::string& name : change.later)
        log_->warn("reload: {} has changed, and takes a restart: the old value stays", name);
    if (change.applied.empty()) {
        log_->info("reload: nothing {}has changed", change.later.empty() ? "" : "else ");
        return {};
    }
    const config::Settings old = options_.loaded.settings;
    apply_log(*log_, change.wanted.log);
    app_->apply(change.wanted.log);
    config::Settings but_log = change.wanted;
    but_log.log = old.log;
    if (but_log != old) {
        if (const Status done = start_app(change.wanted); !done) {
            log_->error("reload: {}; going back to the old settings", done.error().what);
            apply_log(*log_, old.log);
            return start_app(old);
        }
    }
    log_->info("reload: in force now: {}", fmt::join(change.applied, ", "));
    next.settings = std::move(change.wanted);
    options_.loaded = std::move(next);
    return {};
}

}  // namespace hashprice::service::app
