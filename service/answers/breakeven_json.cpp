#include "service/answers/breakeven.hpp"

namespace hashprice::service::answers {
namespace {

template <class Quantity>
std::optional<double> plain(const std::optional<Quantity>& q) {
    if (!q) return std::nullopt;
    return q->value;
}

void put_tiers(Json& json, const domain::Hashprice& now) {
    for (const domain::Tier& tier : domain::kTiers) {
        const domain::TierBreakeven at = tier_breakeven(now.usd, tier);
        object(json, [&] {
            put(json, "tier", tier.name);
            put(json, "from_j_per_th", tier.from.value);
            put(json, "to_j_per_th", plain(tier.to));
            put(json, "best_usd_per_mwh", plain(at.best));
            put(json, "worst_usd_per_mwh", plain(at.worst));
        });
    }
}

/// A machine that is asked about: each figure that what is known suffices for.
void put_machine(Json& json, const Breakeven& b) {
    const auto& efficiency = b.query.efficiency_j_per_th;
    const auto& power = b.query.power_usd_per_mwh;
    std::optional<double> cost;
    if (efficiency && power)
        cost = power_cost(domain::JoulePerTh{*efficiency}, domain::UsdPerMwh{*power}).value;
    std::optional<double> breakeven;
    std::optional<double> worst;
    std::optional<double> margin;
    if (b.hashprice) {
        const domain::UsdPerPhDay usd = b.hashprice->usd;
        if (efficiency) breakeven = breakeven_power(usd, domain::JoulePerTh{*efficiency}).value;
        if (power) worst = plain(breakeven_efficiency(usd, domain::UsdPerMwh{*power}));
        if (cost) margin = usd.value - *cost;
    }
    object(json, "machine", [&] {
        put(json, "efficiency_j_per_th", efficiency);
        put(json, "power_usd_per_mwh", power);
        put(json, "breakeven_usd_per_mwh", breakeven);
        put(json, "breakeven_j_per_th", worst);
        put(json, "power_cost_usd_per_ph_day", cost);
        put(json, "margin_usd_per_ph_day", margin);
    });
}

void put_settings(Json& json, const domain::Fleet& f) {
    put(json, "name", f.name);
    put(json, "efficiency_j_per_th", f.efficiency.value);
    put(json, "power_usd_per_mwh", f.power.value);
    put(json, "hashrate_ph", f.hashrate_ph);
    put(json, "pool_fee", f.pool_fee);
    put(json, "uptime", f.uptime);
    put(json, "take_or_pay", f.take_or_pay);
    put(json, "machine_price_usd_per_th", f.machine_usd_per_th);
    put(json, "machine_price_btc_per_th", f.machine_btc_per_th);
}

void put_fleet(Json& json, const FleetReport& r,
               const std::vector<domain::Alternative>& alternatives) {
    const domain::FleetEconomics& e = r.economics;
    object(json, [&] {
        put_settings(json, r.fleet);
        put(json, "power_cost_usd_per_ph_day", e.power_cost.value);
        put(json, "breakeven_usd_per_mwh", e.gross_breakeven.value);
        put(json, "net_breakeven_usd_per_mwh", e.net_breakeven.value);
        put(json, "breakeven_j_per_th", plain(e.breakeven_efficiency));
        put(json, "margin_usd_per_ph_day", e.margin.value);
        put(json, "margin_usd_per_day", e.fleet_margin_usd);
        put(json, "power_mw", e.fleet_power_mw);
        put(json, "shutdown_usd_per_ph_day", e.shutdown_hashprice.value);
        put(json, "shutdown_price_usd", e.shutdown_btc_usd);
        put(json, "payback_days_usd", e.payback_days_usd);
        put(json, "payback_days_btc", e.payback_days_btc);
        put(json, "under_water", r.under_water);
        put_time(json, "since", r.since ? std::optional(UtcSeconds{r.since->day}) : std::nullopt);
        put(json, "days_below_breakeven", r.year.below);
        put(json, "days_observed", r.year.observed);
        array(json, "alternatives", [&] {
            for (const domain::Alternative& a : alternatives) {
                object(json, [&] {
                    put(json, "name", a.name);
                    put(json, "usd_per_mwh", a.revenue.value);
                    put(json, "more_usd_per_mwh", a.revenue.value - e.gross_breakeven.value);
                });
            }
        });
    });
}

void put_alternatives(Json& json, const std::vector<domain::Alternative>& alternatives) {
    array(json, "alternatives", [&] {
        for (const domain::Alternative& a : alternatives) {
            object(json, [&] {
                put(json, "name", a.name);
                put(json, "usd_per_mwh", a.revenue.value);
            });
        }
    });
}

}  // namespace

std::string breakeven_json(const Breakeven& b) {
    return json_text([&](Json& json) {
        object(json, [&] {
            put_time(json, "time", b.time);
            put(json, "usd_per_ph_day",
                b.hashprice ? std::optional(b.hashprice->usd.value) : std::nullopt);
            put(json, "price_usd", b.price_usd);
            put(json, "what_if", b.what_if);
            put(json, "stale", !b.stale_reason.empty());
            put(json, "stale_reason",
                b.stale_reason.empty() ? std::nullopt : std::optional(b.stale_reason));
            put_machine(json, b);
            array(json, "tiers", [&] {
                if (b.hashprice) put_tiers(json, *b.hashprice);
            });
            array(json, "fleets", [&] {
                for (const FleetReport& report : b.fleets) put_fleet(json, report, b.alternatives);
            });
            put_alternatives(json, b.alternatives);
        });
    });
}

}  // namespace hashprice::service::answers
