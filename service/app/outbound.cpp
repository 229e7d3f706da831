#include "service/app/outbound.hpp"

#include <algorithm>
#include <random>

#include "service/answers/trend_settings.hpp"
#include "service/cli/session.hpp"
#include "service/notify/alertmanager.hpp"
#include "service/notify/webhook.hpp"

namespace hashprice::service::app {
namespace {

using domain::Result;
using domain::Status;

domain::Severity severity_of(config::Severity severity) {
    switch (severity) {
        case config::Severity::critical:
            return domain::Severity::critical;
        case config::Severity::warning:
            return domain::Severity::warning;
        case config::Severity::notice:
            break;
    }
    return domain::Severity::notice;
}

std::vector<std::string> fleet_names(const config::Settings& settings) {
    std::vector<std::string> names;
    for (const config::Fleet& fleet : settings.fleets) names.push_back(fleet.name);
    return names;
}

Status register_all(const config::Settings& settings) {
    auto db = storage::Database::open(settings.database.path, storage::Access::write);
    if (!db) return tl::unexpected(db.error());
    return storage::in_transaction(*db, [&]() -> Status {
        std::vector<std::string> receivers;
        for (const config::Receiver& receiver : settings.notify) receivers.push_back(receiver.name);
        Status registered = storage::register_receivers(*db, receivers);
        if (!registered) return registered;
        std::vector<std::string> sinks;
        for (const config::Sink& sink : settings.sinks) sinks.push_back(sink.name);
        return storage::register_sinks(*db, sinks);
    });
}

}  // namespace

notify::Filter filter_of(const config::Receiver& receiver, const config::Settings& all) {
    notify::Filter filter{.min_severity = severity_of(receiver.min_severity),
                          .kinds = receiver.events};
    for (const config::TrendRule& rule : all.rules) {
        const bool others = !rule.notify.empty() &&
                            std::ranges::find(rule.notify, receiver.name) == rule.notify.end();
        if (others) filter.other_rules.push_back(rule.name);
    }
    return filter;
}

ConfiguredReceiver::ConfiguredReceiver(const config::Receiver& settings,
                                       const config::Settings& all, domain::Clock& clock)
    : http_(cli::curl_options(all)) {
    if (settings.kind == config::NotifyKind::alertmanager) {
        receiver_ = std::make_unique<notify::Alertmanager>(
            notify::AlertmanagerOptions{settings.url,
                                        settings.token.reveal(),
                                        {filter_of(settings, all), fleet_names(all)}},
            http_, clock);
        return;
    }
    receiver_ = std::make_unique<notify::Webhook>(
        notify::WebhookOptions{settings.url, settings.secret.reveal(), settings.token.reveal(),
                               settings.format == config::WebhookFormat::text},
        http_, clock);
}

Outbound::Outbound(const config::Settings& settings, domain::Clock& clock,
                   std::shared_ptr<spdlog::logger> log)
    : clock_(clock), log_(std::move(log)) {
    for (const config::Receiver& receiver : settings.notify) add_receiver(receiver, settings);
    for (const config::Sink& sink : settings.sinks) add_sink(sink, settings);
}

Outbound::~Outbound() {
    for (std::jthread& thread : threads_) thread.request_stop();
    threads_.clear();
}

Result<std::unique_ptr<Outbound>> Outbound::make(const config::Settings& settings,
                                                 domain::Clock& clock,
                                                 std::shared_ptr<spdlog::logger> log) {
    if (const Status registered = register_all(settings); !registered)
        return tl::unexpected(registered.error());
    return std::unique_ptr<Outbound>(new Outbound(settings, clock, std::move(log)));
}

void Outbound::start() {
    for (notify::Courier& courier : couriers_)
        threads_.emplace_back([&courier](const std::stop_token& stop) { courier.run(stop); });
    for (sinks::Influx& sink : sinks_)
        threads_.emplace_back([&sink](const std::stop_token& stop) { sink.run(stop); });
}

notify::Courier::Say Outbound::say_about(const std::string& what) const {
    return [log = log_, what](bool bad, const std::string& said) {
        log->log(bad ? spdlog::level::warn : spdlog::level::info, "{}: {}", what, said);
    };
}

void Outbound::add_receiver(const config::Receiver& settings, const config::Settings& all) {
    ConfiguredReceiver& receiver = receivers_.emplace_back(settings, all, clock_);
    couriers_.emplace_back(notify::Courier::Options{.name = settings.name,
                                                    .database = all.database.path,
                                                    .filter = filter_of(settings, all),
                                                    .give_up_after = settings.give_up_after,
                                                    .repeat_interval = settings.repeat_interval,
                                                    .rules = answers::rules_of(all),
                                                    .seed = std::random_device{}()},
                           receiver.receiver(), clock_, say_about("receiver " + settings.name));
}

void Outbound::add_sink(const config::Sink& settings, const config::Settings& all) {
    ingest::CurlTransport& http = sink_transports_.emplace_back(cli::curl_options(all));
    const bool bearer = settings.token_scheme == config::TokenScheme::bearer;
    sinks_.emplace_back(
        sinks::Influx::Options{.name = settings.name,
                               .database = all.database.path,
                               .url = settings.url,
                               .token = settings.token.reveal(),
                               .scheme = bearer ? "Bearer" : "Token",
                               .by_version = settings.revisions == config::Revisions::dedup,
                               .seed = std::random_device{}()},
        http, clock_, say_about("sink " + settings.name));
}

}  // namespace hashprice::service::app
