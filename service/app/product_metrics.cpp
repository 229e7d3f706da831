#include "service/app/product_metrics.hpp"

#include "domain/consensus.hpp"
#include "service/answers/explain.hpp"
#include "service/app/data_examples.hpp"
#include "service/app/hashprice_routes.hpp"
#include "service/version.hpp"
#include "storage/polls.hpp"

namespace hashprice::service::app {
namespace {

using domain::Observation;
using http::Exposition;
using http::MetricType;

void gauge(Exposition& out, std::string_view name, std::string_view help, double value) {
    out.family(name, MetricType::gauge, help);
    out.sample(value);
}

void observation_metrics(Exposition& out, const Observation& o) {
    gauge(out, "hashprice_usd_per_ph_day", "What 1 PH/s earns in a day, in USD.", o.usd_per_ph_day);
    gauge(out, "hashprice_sat_per_ph_day", "What 1 PH/s earns in a day, in satoshi.",
          o.sat_per_ph_day);
    if (const auto difficulty = domain::difficulty_of(o.bits)) {
        gauge(out, "hashprice_network_difficulty", "Difficulty of the tip.", difficulty->value);
    }
    gauge(out, "hashprice_block_fee_sat_mean", "Mean fees of a block, in satoshi.",
          o.fee_sat_mean());
    gauge(out, "hashprice_chain_height", "Height of the tip.", static_cast<double>(o.height));
    gauge(out, "hashprice_observation_timestamp_seconds",
          "When the newest observation was made, in unix seconds.",
          static_cast<double>(domain::unix_s(o.time)));
}

void price_metrics(Exposition& out, const answers::Explanation& explained) {
    if (!explained.evidence.price) return;
    gauge(out, "hashprice_btc_price_index_usd",
          "Price of one BTC in USD: the index of all sources that count.",
          explained.evidence.price->usd);
    out.family("hashprice_btc_price_usd", MetricType::gauge,
               "Price of one BTC in USD at one source, as of the newest observation.");
    for (const ingest::Quote& quote : explained.evidence.quotes) {
        out.sample(static_cast<double>(quote.price.fact.price.value) / 1e6,
                   {{"source", answers::name_of(explained.names, quote.price.source)}});
    }
}

void source_metrics(Exposition& out, const std::vector<storage::SourceHealth>& sources) {
    if (sources.empty()) return;
    out.family("hashprice_source_up", MetricType::gauge,
               "1 if the last request to the source brought what was asked for.");
    for (const storage::SourceHealth& s : sources) {
        const bool up = s.last_success && (!s.last_failure || *s.last_success >= *s.last_failure);
        out.sample(up ? 1 : 0, {{"source", s.name}});
    }
    out.family("hashprice_source_last_success_timestamp_seconds", MetricType::gauge,
               "When the source last brought what was asked for, in unix seconds.");
    for (const storage::SourceHealth& s : sources) {
        if (!s.last_success) continue;
        out.sample(static_cast<double>(domain::unix_s(*s.last_success)), {{"source", s.name}});
    }
}

void database_metrics(Exposition& out, const RouteContext& context) {
    const auto db = context.connections.lease();
    const auto latest = db.and_then(
        [&](const auto& lease) { return answers::latest(*lease, freshness_of(context)); });
    gauge(out, "hashprice_database_up", "1 if the database can be read.", latest ? 1 : 0);
    if (!latest) return;
    gauge(out, "hashprice_stale", "1 if the newest observation is too old, or there is none.",
          latest->stale ? 1 : 0);
    if (latest->kept) {
        const Observation& newest = latest->kept->observation;
        observation_metrics(out, newest);
        const auto explained = answers::explain(**db, newest.time, std::nullopt, context.derive);
        if (explained) price_metrics(out, *explained);
    }
    if (const auto sources = storage::source_health(**db)) source_metrics(out, *sources);
}

}  // namespace

void add_product_metrics(http::Registry& registry, const RouteContext& context) {
    registry
        .gauge("hashprice_build_info", "Always 1; which version this is.",
               {{"version", std::string(kVersion)}})
        .set(1);
    registry.add_collector([context](Exposition& out) { database_metrics(out, context); });
}

http::Route metrics_route(const http::Registry& registry) {
    http::Route route;
    route.pattern = "/metrics";
    route.operation_id = "getMetrics";
    route.summary = "Everything to watch, in Prometheus' text format";
    route.tag = "Operations";
    route.contents = {{.media_type = std::string(http::Registry::kMediaType),
                       .example = std::string(examples::kMetrics)}};
    route.cache_control = "no-store";
    route.caching = http::Caching::none;
    route.handler = [&registry](const http::Request&) -> domain::Result<http::Response> {
        return http::ok(registry.text(), std::string(http::Registry::kMediaType));
    };
    return route;
}

}  // namespace hashprice::service::app
