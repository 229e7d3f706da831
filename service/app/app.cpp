#include "service/app/app.hpp"

#include <fmt/format.h>

#include "service/app/caretaker.hpp"
#include "service/app/heal.hpp"
#include "service/app/heartbeat.hpp"
#include "service/app/routes.hpp"
#include "service/cli/session.hpp"
#include "service/dashboard/files.hpp"

namespace hashprice::service::app {

using domain::Result;

namespace {

http::Options http_options(const config::Settings& settings, const domain::Clock& clock) {
    http::Options options;
    options.listen = settings.http.listen;
    options.base_path = settings.http.base_path;
    options.token = settings.http.token.reveal();
    options.cors_origins = settings.http.cors_origins;
    options.clock = &clock;
    options.content_security_policy = dashboard::kContentSecurityPolicy;
    return options;
}

}  // namespace

App::App(Options options, std::optional<storage::LockFile> lock, spdlog::logger& log)
    : options_(std::move(options)),
      logs_(log, options_.settings.log),
      lock_(std::move(lock)),
      connections_(options_.settings.database.path) {}

App::~App() {
    if (server_) server_->stop();
}

Result<std::unique_ptr<App>> App::start(Options options, domain::Clock& clock,
                                        const std::shared_ptr<spdlog::logger>& log) {
    const std::filesystem::path file = options.settings.database.path;
    std::optional<storage::LockFile> lock;
    if (options.poll) {
        auto taken = storage::LockFile::take(file, "daemon");
        if (!taken) return tl::unexpected(taken.error());
        lock.emplace(std::move(*taken));
    }
    std::unique_ptr<App> app(new App(std::move(options), std::move(lock), *log));
    if (app->lock_) {  // one of two daemons must not tell what the other tells
        auto outbound = Outbound::make(app->options_.settings, clock, app->logs_.of("notify"));
        if (!outbound) return tl::unexpected(outbound.error());
        app->outbound_ = std::move(*outbound);
    }
    const auto serving = app->serve(clock);
    if (!serving) return tl::unexpected(serving.error());
    if (app->lock_) {
        app->outbound_->start();
        const auto ingest = app->logs_.of("ingest");
        auto live = Live::start({app->options_.settings, clock, app->connections_, app->events_,
                                 app->metrics_, ingest});
        if (!live) return tl::unexpected(live.error());
        app->live_ = std::move(*live);
        app->live_->run_beside([&app = *app, &clock, ingest](const std::stop_token& stop) {
            heal({app.options_.settings, clock, app.live_->roster(), ingest}, stop);
        });
        app->live_->run_beside([caretaker = std::make_shared<Caretaker>(
                                    app->live_->writer(), app->options_.settings, clock, ingest)](
                                   const std::stop_token& stop) { caretaker->run(stop); });
    }
    return app;
}

Result<std::string> App::vital_signs() const {
    constexpr std::chrono::minutes kTooLate{15};  // the longest round walks along a reorganization
    if (live_ && live_->lateness() > kTooLate) {
        return domain::fail(
            domain::Errc::timeout,
            fmt::format(
                "a poller has not come round for {}",
                domain::format_age(std::chrono::floor<domain::seconds>(live_->lateness()))));
    }
    return app::vital_signs(url(), options_.settings.database.path);
}

domain::Status App::serve(domain::Clock& clock) {
    const config::Settings& settings = options_.settings;
    const auto db = connections_.lease();
    if (!db) return tl::unexpected(db.error());
    const auto derive = ingest::derive_options(**db, cli::price_rules(settings));
    if (!derive) return tl::unexpected(derive.error());
    auto sources = cli::configured_sources(settings, clock);
    if (!sources) return tl::unexpected(sources.error());
    auto routes = product_routes(
        {connections_, clock, *derive, settings.price.max_age, settings.poll.interval,
         cli::keep_free(settings), answers::trend_settings(settings),
         settings.poll.backfill_on_start, *sources},
        {events_, metrics_, settings.http.base_path, !settings.http.token.empty()});
    if (!routes) return tl::unexpected(routes.error());
    http::Options http = http_options(settings, clock);
    http.data_version = [this] { return connections_.data_version(); };
    http.events = &events_;
    http.metrics = &metrics_;
    http.log = [log = logs_.of("http")](std::string_view line) { log->debug("http: {}", line); };
    auto server = http::Server::start(std::move(http), std::move(*routes));
    if (!server) return tl::unexpected(server.error());
    server_ = std::move(*server);
    // a program that does not poll is no judge of whether the data should be fresh
    std::optional<answers::Freshness> freshness;
    if (lock_) freshness = {clock.now(), settings.price.max_age, settings.poll.interval};
    trend_.emplace(
        TrendWatch::Options{settings.database.path, answers::rules_of(settings),
                            answers::fleets_of(settings), cli::keep_free(settings), freshness},
        clock, events_, logs_.of("trend"));
    return {};
}

}  // namespace hashprice::service::app
