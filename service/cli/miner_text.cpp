#include "service/cli/miner_text.hpp"

#include <fmt/format.h>

#include "service/cli/text.hpp"

namespace hashprice::service::cli {
namespace {

using domain::format_time;

std::string money(const std::optional<double>& value, int digits = 2) {
    return value ? fmt::format("{:.{}f}", *value, digits) : "-";
}

std::string days(const std::optional<double>& value) {
    return value ? fmt::format("{:.0f} days", *value) : "none at this margin";
}

std::string head_of(const answers::Breakeven& b, domain::UtcSeconds now) {
    std::string text = fmt::format("{:.2f} USD/PH/day", b.hashprice->usd.value);
    if (b.what_if) return text + ": what if\n";
    text +=
        fmt::format(" as of {}, {} ago\n", format_time(*b.time), domain::format_age(now - *b.time));
    if (!b.stale_reason.empty()) text += fmt::format("stale: {}\n", b.stale_reason);
    return text;
}

std::string machine_text(const answers::Breakeven& b) {
    const auto& efficiency = b.query.efficiency_j_per_th;
    const auto& power = b.query.power_usd_per_mwh;
    const domain::UsdPerPhDay usd = b.hashprice->usd;
    std::string text;
    if (efficiency) {
        text += fmt::format("a machine of {} J/TH breaks even at {:.1f} USD/MWh\n", *efficiency,
                            breakeven_power(usd, domain::JoulePerTh{*efficiency}).value);
    }
    if (power) {
        const auto worst = breakeven_efficiency(usd, domain::UsdPerMwh{*power});
        text += worst ? fmt::format("at {} USD/MWh machines up to {:.1f} J/TH earn their power\n",
                                    *power, worst->value)
                      : fmt::format("at {} USD/MWh every machine earns its power\n", *power);
    }
    if (efficiency && power) {
        const double cost =
            power_cost(domain::JoulePerTh{*efficiency}, domain::UsdPerMwh{*power}).value;
        text += fmt::format("together: power {:.2f}, margin {:+.2f} USD/PH/day\n", cost,
                            usd.value - cost);
    }
    return text;
}

std::string tiers_text(const answers::Breakeven& b) {
    std::string text = fmt::format("\n{:<10}  {:>16}\n", "J/TH", "break-even USD/MWh");
    for (const domain::Tier& tier : domain::kTiers) {
        const auto at = tier_breakeven(b.hashprice->usd, tier);
        std::string range;
        if (!at.best) range = fmt::format("above {:.1f}", at.worst->value);
        if (!at.worst) range = fmt::format("below {:.1f}", at.best->value);
        if (at.best && at.worst)
            range = fmt::format("{:.1f} to {:.1f}", at.worst->value, at.best->value);
        text += fmt::format("{:<10}  {:>18}\n", tier.name, range);
    }
    return text;
}

std::string water_text(const answers::FleetReport& r) {
    std::string text = r.under_water ? "under water" : "earns its power";
    if (r.since) text += fmt::format(" since {}", domain::format_date(r.since->day));
    return text +
           fmt::format(", {} of {} days of the last year below", r.year.below, r.year.observed);
}

std::string fleet_text(const answers::FleetReport& r,
                       const std::vector<domain::Alternative>& alternatives) {
    const domain::FleetEconomics& e = r.economics;
    std::string text = fmt::format(
        "\n{}: {} PH/s, {} J/TH, {} USD/MWh\n"
        "  margin       {:+.2f} USD/PH/day, {:+.0f} USD a day for the fleet ({:.2f} MW)\n"
        "  break-even   {:.1f} USD/MWh, {:.1f} after fees\n"
        "  goes under   at {:.2f} USD/PH/day; at {} USD/BTC, all else equal\n"
        "  by closes    {}\n",
        r.fleet.name, r.fleet.hashrate_ph, r.fleet.efficiency.value, r.fleet.power.value,
        e.margin.value, e.fleet_margin_usd, e.fleet_power_mw, e.gross_breakeven.value,
        e.net_breakeven.value, e.shutdown_hashprice.value, money(e.shutdown_btc_usd, 0),
        water_text(r));
    if (r.fleet.machine_usd_per_th)
        text += fmt::format("  payback      {} (machines in USD)\n", days(e.payback_days_usd));
    if (r.fleet.machine_btc_per_th)
        text += fmt::format("  payback      {} (machines in BTC)\n", days(e.payback_days_btc));
    for (const domain::Alternative& a : alternatives) {
        text += fmt::format("  {:<12} {:.1f} USD/MWh, {:+.1f} against mining\n", a.name,
                            a.revenue.value, a.revenue.value - e.gross_breakeven.value);
    }
    return text;
}

std::string after_text(const domain::Hashprice& h) { return fmt::format("{:.2f}", h.usd.value); }

std::string retarget_text(const domain::Projection& p) {
    const domain::RetargetProjection& r = p.retarget;
    const std::string interval = r.exact ? "exact: the epoch's last block is known"
                                         : fmt::format("95 %: {:+.2f} to {:+.2f} %",
                                                       100 * r.change_low, 100 * r.change_high);
    return fmt::format(
        "next retarget at height {}, in {} blocks, about {}\n"
        "  change       {:+.2f} % ({})\n"
        "  pace         {:.0f} s a block over {} intervals\n"
        "  hash price   {} USD/PH/day after it ({} to {})\n",
        grouped(r.height), grouped(r.blocks_left), format_time(r.expected), 100 * r.change,
        interval, r.block_seconds, r.intervals, after_text(p.after_retarget),
        after_text(p.after_retarget_low), after_text(p.after_retarget_high));
}

}  // namespace

std::string breakeven_text(const answers::Breakeven& b, domain::UtcSeconds now) {
    if (!b.hashprice) return "there is no observation yet\n";
    std::string text = head_of(b, now) + machine_text(b) + tiers_text(b);
    for (const answers::FleetReport& report : b.fleets) text += fleet_text(report, b.alternatives);
    if (b.fleets.empty()) text += "\nno [[fleet]] in the settings (docs/trend.md shows one)\n";
    return text;
}

std::string projection_text(const answers::ProjectionAnswer& p, domain::UtcSeconds now) {
    if (!p.projection) return p.missing + "\n";
    std::string text =
        fmt::format("{} USD/PH/day as of {}, {} ago, height {}\n", after_text(p.projection->now),
                    format_time(*p.time), domain::format_age(now - *p.time), grouped(p.at->height));
    if (!p.stale_reason.empty()) text += fmt::format("stale: {}\n", p.stale_reason);
    text += "\n" + retarget_text(*p.projection);
    const domain::HalvingProjection& h = p.projection->halving;
    text += fmt::format(
        "\nnext halving at height {}, in {} blocks, about {}\n"
        "  hash price   {} USD/PH/day if it were now, {} after the retarget as well\n",
        grouped(h.height), grouped(h.blocks_left), domain::format_date(h.expected),
        after_text(p.projection->halved), after_text(p.projection->halved_after_retarget));
    return text;
}

std::string annotations_text(const std::vector<answers::Mark>& marks) {
    if (marks.empty()) return "no notes, no retargets in this range\n";
    std::string text =
        fmt::format("{:>4}  {:<20}  {:<8}  {:>9}  {}\n", "note", "time", "kind", "height", "text");
    for (const answers::Mark& m : marks) {
        text += fmt::format("{:>4}  {:<20}  {:<8}  {:>9}  {}\n",
                            m.id ? fmt::format("{}", *m.id) : "", format_time(m.time),
                            mark_name(m.kind), m.height ? grouped(*m.height) : "", m.text);
    }
    return text;
}

}  // namespace hashprice::service::cli
