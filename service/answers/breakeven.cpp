#include "service/answers/breakeven.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "service/judge/history.hpp"

namespace hashprice::service::answers {
namespace {

using domain::DailyPoint;

FleetReport report_of(const domain::Fleet& fleet, const domain::Hashprice& now,
                      const std::vector<DailyPoint>& closes) {
    FleetReport report{.fleet = fleet, .economics = economics_of(fleet, now)};
    if (closes.empty()) return report;
    const auto year =
        std::ranges::upper_bound(closes, closes.back().day - kYear, {}, &DailyPoint::day);
    report.year = days_below_breakeven(
        fleet, std::span(closes).subspan(static_cast<std::size_t>(year - closes.begin())));
    const auto crossings = water_crossings(fleet, closes);
    if (crossings.empty()) return report;
    report.since = crossings.back();
    report.under_water = crossings.back().under;
    return report;
}

domain::Status finite(const std::optional<double>& value, std::string_view name, bool above_0) {
    if (!value || (std::isfinite(*value) && (!above_0 || *value > 0))) return {};
    return domain::fail(domain::Errc::usage, fmt::format("{} must be a number{}, not {}", name,
                                                         above_0 ? " above 0" : "", *value));
}

/// The newest hash price, or the one asked about: the same satoshi at another price of BTC.
void set_hashprice(Breakeven& b, const Latest& latest) {
    b.what_if = b.query.usd_per_ph_day.has_value();
    if (latest.kept) {
        const domain::Observation& o = latest.kept->observation;
        b.time = o.time;
        b.price_usd = o.price_usd;
        b.hashprice = {domain::UsdPerPhDay{o.usd_per_ph_day},
                       domain::SatPerPhDay{o.sat_per_ph_day}};
    }
    if (!b.what_if) return;
    const domain::SatPerPhDay sat = b.hashprice ? b.hashprice->sat : domain::SatPerPhDay{0};
    b.hashprice = {domain::UsdPerPhDay{*b.query.usd_per_ph_day}, sat};
    b.price_usd.reset();
    if (sat.value > 0) b.price_usd = *b.query.usd_per_ph_day / (sat.value / domain::kSatPerBtc);
}

}  // namespace

domain::Status check(const BreakevenQuery& query) {
    return domain::all_good(
        Result<void>(finite(query.efficiency_j_per_th, "efficiency_j_per_th", true)),
        Result<void>(finite(query.power_usd_per_mwh, "power_usd_per_mwh", false)),
        Result<void>(finite(query.usd_per_ph_day, "usd_per_ph_day", true)));
}

Result<Breakeven> breakeven(storage::Database& db, const TrendSettings& settings,
                            const BreakevenQuery& query, const Freshness& freshness) {
    if (const auto good = check(query); !good) return tl::unexpected(good.error());
    const auto newest = latest(db, freshness);
    const auto history = judge::history_of(db, freshness.now);
    if (const auto good = domain::all_good(newest, history); !good)
        return tl::unexpected(good.error());
    Breakeven b{.query = query, .alternatives = settings.alternatives};
    if (newest->stale) b.stale_reason = newest->stale_reason;
    set_hashprice(b, *newest);
    if (!b.hashprice) return b;
    for (const domain::Fleet& fleet : settings.fleets)
        b.fleets.push_back(report_of(fleet, *b.hashprice, history->usd));
    return b;
}

}  // namespace hashprice::service::answers
