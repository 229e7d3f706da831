#include "service/app/outbound_metrics.hpp"

#include "storage/outbox.hpp"
#include "storage/sink_ranges.hpp"

namespace hashprice::service::app {
namespace {

using http::Exposition;
using http::MetricType;
using storage::ReceiverState;
using storage::SinkState;

struct Family {
    std::string_view name;
    MetricType type;
    std::string_view help;
    std::string_view label;
};

/// One family with a sample for each that has a value.
template <class Items, class Value>
void family(Exposition& out, const Family& about, const Items& items, Value value) {
    out.family(about.name, about.type, about.help);
    for (const auto& item : items) {
        if (const std::optional<double> v = value(item)) out.sample(*v, {{about.label, item.name}});
    }
}

double number(std::int64_t n) { return static_cast<double>(n); }

std::optional<double> time_of(const std::optional<domain::UtcSeconds>& t) {
    if (!t) return std::nullopt;
    return number(domain::unix_s(*t));
}

using Receivers = std::vector<ReceiverState>;

void outbox_metrics(Exposition& out, const Receivers& all, domain::UtcSeconds now) {
    out.family("hashprice_outbox_messages", MetricType::gauge,
               "Messages that wait for a receiver (pending), or were given up (dead).");
    for (const ReceiverState& r : all) {
        out.sample(number(r.pending), {{"receiver", r.name}, {"state", "pending"}});
        out.sample(number(r.dead), {{"receiver", r.name}, {"state", "dead"}});
    }
    family(
        out,
        {"hashprice_outbox_oldest_age_seconds", MetricType::gauge,
         "How long the oldest of the waiting messages has waited; 0 when none does.", "receiver"},
        all, [now](const ReceiverState& r) -> std::optional<double> {
            return r.oldest_pending ? number((now - *r.oldest_pending).count()) : 0;
        });
    family(out,
           {"hashprice_notify_delivered_total", MetricType::counter,
            "Messages that the receiver has confirmed.", "receiver"},
           all,
           [](const ReceiverState& r) -> std::optional<double> { return number(r.delivered); });
    family(out,
           {"hashprice_notify_failures_total", MetricType::counter, "Attempts that failed.",
            "receiver"},
           all, [](const ReceiverState& r) -> std::optional<double> { return number(r.failed); });
    family(out,
           {"hashprice_notify_up", MetricType::gauge,
            "1 if the last attempt to reach the receiver was confirmed.", "receiver"},
           all, [](const ReceiverState& r) -> std::optional<double> {
               return r.last_error.empty() ? 1 : 0;
           });
    family(out,
           {"hashprice_notify_last_success_timestamp_seconds", MetricType::gauge,
            "When the receiver last confirmed something, in unix seconds.", "receiver"},
           all, [](const ReceiverState& r) { return time_of(r.last_success); });
}

void sink_metrics(Exposition& out, const std::vector<SinkState>& all) {
    family(out,
           {"hashprice_sink_lag_seconds", MetricType::gauge,
            "How much of the newest observations the sink has not got, in seconds of their time.",
            "sink"},
           all, [](const SinkState& s) -> std::optional<double> { return number(s.lag.count()); });
    family(out,
           {"hashprice_sink_ranges", MetricType::gauge,
            "Stretches of time that the sink has not got as they are now.", "sink"},
           all, [](const SinkState& s) -> std::optional<double> { return number(s.ranges); });
    family(out,
           {"hashprice_sink_points_total", MetricType::counter,
            "Points that the sink has confirmed, repetitions included.", "sink"},
           all, [](const SinkState& s) -> std::optional<double> { return number(s.points); });
    family(out,
           {"hashprice_sink_up", MetricType::gauge,
            "1 if the last attempt to reach the sink was confirmed.", "sink"},
           all, [](const SinkState& s) -> std::optional<double> {
               return s.last_error.empty() ? 1 : 0;
           });
    family(out,
           {"hashprice_sink_last_success_timestamp_seconds", MetricType::gauge,
            "When the sink last confirmed something, in unix seconds.", "sink"},
           all, [](const SinkState& s) { return time_of(s.last_success); });
}

void outbound_metrics(Exposition& out, const RouteContext& context) {
    const auto db = context.connections.lease();
    if (!db) return;  // hashprice_database_up says it
    const auto receivers = storage::receivers(**db);
    if (receivers && !receivers->empty()) outbox_metrics(out, *receivers, context.clock.now());
    const auto sinks = storage::sinks(**db);
    if (sinks && !sinks->empty()) sink_metrics(out, *sinks);
}

}  // namespace

void add_outbound_metrics(http::Registry& registry, const RouteContext& context) {
    registry.add_collector([context](Exposition& out) { outbound_metrics(out, context); });
}

}  // namespace hashprice::service::app
