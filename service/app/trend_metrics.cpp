#include "service/app/trend_metrics.hpp"

#include "service/answers/breakeven.hpp"
#include "service/app/hashprice_routes.hpp"
#include "service/judge/judge.hpp"

namespace hashprice::service::app {
namespace {

using http::Exposition;
using http::MetricType;

http::Labels labels_of(const domain::Rule& rule) {
    return {{"rule", rule.name},
            {"denomination", std::string(domain::denomination_name(rule.denomination))}};
}

const domain::Episode* open_decline(const judge::Verdict& verdict) {
    if (verdict.episodes.empty()) return nullptr;
    const domain::Episode& last = verdict.episodes.back();
    return last.open() && last.state != domain::EpisodeState::pending ? &last : nullptr;
}

void decline_metrics(Exposition& out, const std::vector<judge::Verdict>& verdicts) {
    if (verdicts.empty()) return;
    out.family("hashprice_decline_active", MetricType::gauge,
               "1 while a decline by the rule is active or recovering.");
    for (const judge::Verdict& v : verdicts)
        out.sample(open_decline(v) != nullptr ? 1 : 0, labels_of(v.rule));
    out.family("hashprice_decline_depth_ratio", MetricType::gauge,
               "Greatest depth of that decline so far, from its peak; 0 without one.");
    for (const judge::Verdict& v : verdicts) {
        const domain::Episode* e = open_decline(v);
        out.sample(e != nullptr ? e->depth() : 0, labels_of(v.rule));
    }
}

void fleet_metrics(Exposition& out, const std::vector<answers::FleetReport>& fleets) {
    if (fleets.empty()) return;
    out.family("hashprice_breakeven_usd_per_mwh", MetricType::gauge,
               "Power price at which the fleet breaks even, after the pool's fee.");
    for (const auto& f : fleets)
        out.sample(f.economics.net_breakeven.value, {{"fleet", f.fleet.name}});
    out.family("hashprice_fleet_margin_usd_per_ph_day", MetricType::gauge,
               "What is left of a day's hash price after fee and power, per PH/s.");
    for (const auto& f : fleets) out.sample(f.economics.margin.value, {{"fleet", f.fleet.name}});
}

void trend_metrics(Exposition& out, const RouteContext& context) {
    const auto db = context.connections.lease();
    if (!db) return;  // hashprice_database_up says it
    const auto history = judge::history_of(**db, context.clock.now());
    if (history && !history->usd.empty())
        decline_metrics(out, judge::judge(context.trend.rules, *history));
    const auto fleets = answers::breakeven(**db, context.trend, {}, freshness_of(context));
    if (fleets) fleet_metrics(out, fleets->fleets);
}

}  // namespace

void add_trend_metrics(http::Registry& registry, const RouteContext& context) {
    registry.add_collector([context](Exposition& out) { trend_metrics(out, context); });
}

}  // namespace hashprice::service::app
