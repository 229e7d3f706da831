#include "domain/economics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace hashprice::domain {
namespace {

constexpr double kMwhPerDayAtOneJoulePerTh = 0.024;  // 1 PH/s = 1000 TH/s draw 1 kW for 24 h
constexpr double kThPerPh = 1000;
constexpr double kKwPerMw = 1000;

bool positive(double x) { return std::isfinite(x) && x > 0; }
bool positive(const std::optional<double>& x) { return !x || positive(*x); }

/// What arrives of each USD of hash price, per hour that the machines run.
double kept(const Fleet& fleet) { return 1 - fleet.pool_fee; }

/// Hours of power paid for per hour of hashing.
double paid_hours(const Fleet& fleet) { return fleet.take_or_pay ? 1 / fleet.uptime : 1; }

/// A series' close counts only if it is a figure; the trend room reads it the same way.
bool usable(const DailyPoint& p) { return std::isfinite(p.value) && p.value > 0; }

std::optional<double> payback(const std::optional<double>& price_per_th, double margin_per_ph) {
    if (!price_per_th || !(margin_per_ph > 0)) return std::nullopt;
    return *price_per_th * kThPerPh / margin_per_ph;
}

}  // namespace

Status check_fleet(const Fleet& f) {
    const auto demand = [&](bool met, std::string_view what) -> Status {
        if (met) return {};
        return fail(Errc::config, fmt::format("fleet '{:.80}': {}", f.name, what));
    };
    for (const Status& s :
         {demand(!f.name.empty() && f.name.size() <= 80, "name must have 1 to 80 letters"),
          demand(positive(f.efficiency.value), "efficiency_j_per_th must be above 0"),
          demand(std::isfinite(f.power.value), "power_usd_per_mwh must be a figure"),
          demand(positive(f.hashrate_ph), "hashrate_ph must be above 0"),
          demand(f.pool_fee >= 0 && f.pool_fee < 1, "pool_fee must be 0 or more and under 1"),
          demand(f.uptime > 0 && f.uptime <= 1, "uptime must lie above 0, at most 1"),
          demand(positive(f.machine_usd_per_th), "machine_price_usd_per_th must be above 0"),
          demand(positive(f.machine_btc_per_th), "machine_price_btc_per_th must be above 0")}) {
        if (!s) return s;
    }
    return {};
}

Status check_alternative(const Alternative& a) {
    if (!a.name.empty() && std::isfinite(a.revenue.value)) return {};
    return fail(Errc::config,
                fmt::format("alternative '{:.80}': needs a name and usd_per_mwh", a.name));
}

UsdPerPhDay power_cost(JoulePerTh efficiency, UsdPerMwh power) {
    return UsdPerPhDay{kMwhPerDayAtOneJoulePerTh * efficiency.value * power.value};
}

UsdPerMwh breakeven_power(UsdPerPhDay hashprice, JoulePerTh efficiency) {
    return UsdPerMwh{hashprice.value * 1000 / (24 * efficiency.value)};
}

UsdPerMwh net_breakeven_power(UsdPerPhDay hashprice, const Fleet& fleet) {
    const UsdPerMwh gross = breakeven_power(hashprice, fleet.efficiency);
    return UsdPerMwh{gross.value * kept(fleet) / paid_hours(fleet)};
}

std::optional<JoulePerTh> breakeven_efficiency(UsdPerPhDay hashprice, UsdPerMwh power) {
    if (!(power.value > 0)) return std::nullopt;
    return JoulePerTh{hashprice.value / (kMwhPerDayAtOneJoulePerTh * power.value)};
}

UsdPerPhDay margin(UsdPerPhDay hashprice, const Fleet& fleet) {
    const double cost = power_cost(fleet.efficiency, fleet.power).value * paid_hours(fleet);
    return UsdPerPhDay{(hashprice.value * kept(fleet) - cost) * fleet.uptime};
}

UsdPerPhDay shutdown_hashprice(const Fleet& fleet) {
    const double cost = power_cost(fleet.efficiency, fleet.power).value * paid_hours(fleet);
    return UsdPerPhDay{cost / kept(fleet)};
}

std::optional<double> shutdown_btc_usd(const Fleet& fleet, SatPerPhDay mined) {
    if (!(mined.value > 0)) return std::nullopt;
    return shutdown_hashprice(fleet).value / (mined.value / kSatPerBtc);
}

FleetEconomics economics_of(const Fleet& fleet, const Hashprice& now) {
    const UsdPerPhDay left = margin(now.usd, fleet);
    FleetEconomics e{.power_cost = power_cost(fleet.efficiency, fleet.power),
                     .gross_breakeven = breakeven_power(now.usd, fleet.efficiency),
                     .net_breakeven = net_breakeven_power(now.usd, fleet),
                     .breakeven_efficiency = breakeven_efficiency(now.usd, fleet.power),
                     .margin = left,
                     .fleet_margin_usd = left.value * fleet.hashrate_ph,
                     .fleet_power_mw = fleet.efficiency.value * fleet.hashrate_ph / kKwPerMw,
                     .shutdown_hashprice = shutdown_hashprice(fleet),
                     .shutdown_btc_usd = shutdown_btc_usd(fleet, now.sat),
                     .payback_days_usd = payback(fleet.machine_usd_per_th, left.value),
                     .payback_days_btc = std::nullopt};
    if (now.usd.value > 0 && now.sat.value > 0) {
        const double btc_usd = now.usd.value / (now.sat.value / kSatPerBtc);
        e.payback_days_btc = payback(fleet.machine_btc_per_th, left.value / btc_usd);
    }
    return e;
}

const Tier& tier_of(JoulePerTh efficiency) {
    return *std::ranges::find_if(
        kTiers, [&](const Tier& t) { return !t.to || efficiency.value < t.to->value; });
}

TierBreakeven tier_breakeven(UsdPerPhDay hashprice, const Tier& tier) {
    TierBreakeven b;
    if (tier.from.value > 0) b.best = breakeven_power(hashprice, tier.from);
    if (tier.to) b.worst = breakeven_power(hashprice, *tier.to);
    return b;
}

DaysBelow days_below_breakeven(const Fleet& fleet, std::span<const DailyPoint> usd_closes) {
    const double line = shutdown_hashprice(fleet).value;
    DaysBelow count;
    for (const DailyPoint& p : usd_closes) {
        if (!usable(p)) continue;
        ++count.observed;
        if (p.value < line) ++count.below;
    }
    return count;
}

bool under_water(bool before, UsdPerPhDay close, const Fleet& fleet) {
    const double line = shutdown_hashprice(fleet).value;
    // somebody who is paid to take power has a line at or under 0, and is never under it
    return close.value < (before ? line * (1 + kSurfaceBand) : line);
}

std::vector<WaterCrossing> water_crossings(const Fleet& fleet,
                                           std::span<const DailyPoint> usd_closes) {
    std::vector<WaterCrossing> crossings;
    bool under = false;
    for (const DailyPoint& p : usd_closes) {
        if (!usable(p) || under_water(under, UsdPerPhDay{p.value}, fleet) == under) continue;
        under = !under;
        crossings.push_back({p.day, under});
    }
    return crossings;
}

}  // namespace hashprice::domain
