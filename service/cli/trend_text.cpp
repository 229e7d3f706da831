#include "service/cli/trend_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "service/cli/chart.hpp"
#include "service/cli/text.hpp"

namespace hashprice::service::cli {
namespace {

using domain::Episode;
using domain::format_date;
using domain::Severity;

/// In the rule's denomination, as many digits as matter.
std::string value_text(double value, domain::Denomination denomination) {
    switch (denomination) {
        case domain::Denomination::btc:
            return fmt::format("{:.8f}", value);
        case domain::Denomination::sat:
            return grouped(std::llround(value));
        case domain::Denomination::usd:
            break;
    }
    return value < 1000 ? fmt::format("{:.2f}", value) : grouped(std::llround(value));
}

std::string percent(double ratio) { return fmt::format("{:.1f} %", 100 * ratio); }

std::string share_text(const std::optional<double>& share) {
    // + 0.0: a share that rounds to -0 is none
    return share ? fmt::format("{:.0f} %", std::round(100 * *share) + 0.0) : "-";
}

std::string shares_text(const domain::Attribution& a) {
    return fmt::format("price {}, difficulty {}, fees {}, subsidy {}", share_text(a.share(a.price)),
                       share_text(a.share(a.difficulty)), share_text(a.share(a.fees)),
                       share_text(a.share(a.subsidy)));
}

std::string painted(const std::string& text, Severity severity, const Terminal& terminal) {
    if (!terminal.colour) return text;
    const int colour = severity == Severity::none ? 32 : severity == Severity::critical ? 31 : 33;
    return fmt::format("\x1b[1;{}m{}\x1b[0m", colour, text);
}

std::string slope_text(const Episode& e) {
    if (!e.slope) return "fewer than 30 closes since the peak: no slope worth telling";
    std::string text = fmt::format("{:+.1f} % in 30 days (95 %: {:+.1f} to {:+.1f})",
                                   e.slope->percent_per_30d, e.slope->low, e.slope->high);
    if (!e.significance) return text;
    return text + (e.significance->significant ? ", significant" : ", not significant") +
           fmt::format(" (p = {:.2g})", e.significance->p);
}

std::string history_text(const Episode& e) {
    std::string text;
    for (const domain::Change& change : e.history) {
        if (!text.empty()) text += ", ";
        text += fmt::format("{} {}", state_name(change.state), format_date(change.day));
        if (change.severity != Severity::none)
            text += fmt::format(" ({})", severity_name(change.severity));
    }
    return text;
}

std::string step_text(const trend::Jump& step) {
    return fmt::format("{} {:<8} {:+.2f} %{}", format_date(step.day), jump_name(step.kind),
                       100 * step.change,
                       step.height ? fmt::format(" at height {}", grouped(*step.height)) : "");
}

/// The steps that moved the hash price most.
std::vector<trend::Jump> largest(std::vector<trend::Jump> steps, std::size_t count) {
    std::ranges::stable_sort(steps, std::ranges::greater{},
                             [](const trend::Jump& j) { return std::abs(j.log_effect); });
    steps.resize(std::min(steps.size(), count));
    std::ranges::stable_sort(steps, {}, &trend::Jump::day);
    return steps;
}

std::string decline_text(const answers::Decline& decline) {
    const Episode& e = decline.episode;
    const auto value = [&](double v) { return value_text(v, e.denomination); };
    std::string text = fmt::format(
        "  from         {}  {}  (the peak)\n"
        "  to           {}  {}  (the trough), {} days later\n"
        "  depth        {}, now {} under the peak\n"
        "  under water  {} days; {} of {} closes known{}\n",
        format_date(e.peak.day), value(e.peak.value), format_date(e.trough.day),
        value(e.trough.value), e.days_to_trough().count(), percent(e.depth()),
        percent(e.drawdown()), e.days_under_water().count(), e.observed_days,
        e.days_under_water().count() + 1,
        e.suspended ? "; suspended: the newest complete day has no close" : "");
    if (e.attribution)
        text += fmt::format("  driven by    {} (peak to trough)\n", shares_text(*e.attribution));
    text += fmt::format("  slope        {}\n  history      {}\n", slope_text(e), history_text(e));
    const char* head = "largest step";
    for (const trend::Jump& step : largest(decline.steps, 4)) {
        text += fmt::format("  {:<12} {}\n", head, step_text(step));
        head = "";
    }
    return text;
}

std::string standing_text(const answers::RuleStanding& s, const Terminal& terminal) {
    const Episode* e = s.decline ? &s.decline->episode : nullptr;
    const Severity severity = e != nullptr ? e->severity : Severity::none;
    std::string state = "no decline";
    if (e != nullptr) state = fmt::format("{}, {}", state_name(e->state), severity_name(severity));
    if (e != nullptr && severity == Severity::none) state = "pending";
    std::string text =
        fmt::format("{} in {}: {}\n", s.rule.name, answers::unit_of(s.rule.denomination),
                    painted(state, severity, terminal));
    if (s.last) {
        text += fmt::format("  newest close {}  {}\n", format_date(s.last->day),
                            value_text(s.last->value, s.rule.denomination));
    }
    if (s.decline) return text + decline_text(*s.decline);
    if (s.last && s.high) {
        text +=
            fmt::format("  highest      {}  {}, {} above the newest\n", format_date(s.high->day),
                        value_text(s.high->value, s.rule.denomination),
                        percent(s.high->value / s.last->value - 1));
    }
    if (s.before) {
        const Episode& before = s.before->episode;
        text += fmt::format("  the last one {} to {}, {} deep, closed {} ({})\n",
                            format_date(before.peak.day), format_date(before.trough.day),
                            percent(before.depth()), format_date(before.through),
                            closure_name(*before.closure));
    }
    return text;
}

/// The closes since a month before the first open peak, else of the last half year.
std::vector<domain::DailyPoint> drawn(const answers::Trend& trend) {
    std::vector<domain::DailyPoint> closes = trend.usd;
    if (closes.empty()) return closes;
    domain::Day first = closes.back().day - domain::Days{180};
    for (const answers::RuleStanding& s : trend.rules) {
        if (s.decline) first = std::min(first, s.decline->episode.peak.day - domain::Days{30});
    }
    std::erase_if(closes, [&](const domain::DailyPoint& p) { return p.day < first; });
    return closes;
}

std::string end_text(const Episode& e) {
    if (!e.closure) return fmt::format("{} on {}", state_name(e.state), format_date(e.through));
    return fmt::format("{} {}", closure_name(*e.closure), format_date(e.through));
}

/// One row of the list; the same columns as docs/episodes.md.
std::string row_text(const answers::Decline& decline) {
    const Episode& e = decline.episode;
    const auto active = e.first(domain::EpisodeState::active);
    std::string row = fmt::format(
        "{:<10}  {:<10}  {:<10}  {:>12}  {:>12}  {:>8}  {:>4}  {:<9}  {:<24}",
        format_date(e.peak.day), active ? format_date(*active) : "-", format_date(e.trough.day),
        value_text(e.peak.value, e.denomination), value_text(e.trough.value, e.denomination),
        percent(-e.depth()), e.days_to_trough().count(), severity_name(e.severity), end_text(e));
    if (const auto& a = e.attribution) {
        row += fmt::format(" {:>6} {:>10} {:>6} {:>7}", share_text(a->share(a->price)),
                           share_text(a->share(a->difficulty)), share_text(a->share(a->fees)),
                           share_text(a->share(a->subsidy)));
    }
    row.erase(row.find_last_not_of(' ') + 1);
    return row + "\n";
}

std::string part_line(std::string_view name, double part, const domain::Attribution& a) {
    const auto share = a.share(part);
    return fmt::format("  {:<12} {:>+10.6f}  {:>12}  {:>+9.2f} %\n", name, part + 0.0,
                       share ? fmt::format("{:.5f} %", 100 * *share + 0.0) : "-",
                       100 * std::expm1(part) + 0.0);
}

}  // namespace

std::string trend_text(const answers::Trend& trend, const Terminal& terminal) {
    std::string text;
    if (!trend.last) return "no complete day has a close yet\n";
    const domain::UtcSeconds close = domain::UtcSeconds{*trend.last} + domain::kDay;
    text = fmt::format("by the close of {}, {} ago\n", format_date(*trend.last),
                       domain::format_age(terminal.now - close));
    if (!trend.stale_reason.empty()) text += fmt::format("stale: {}\n", trend.stale_reason);
    for (const answers::RuleStanding& s : trend.rules) text += "\n" + standing_text(s, terminal);
    if (trend.rules.empty()) text += "no rule is switched on\n";
    const std::string chart = chart_of(drawn(trend), {.width = terminal.width});
    if (!chart.empty()) text += "\nUSD/PH/day, daily closes\n" + chart;
    return text;
}

std::string declines_text(const std::vector<answers::Decline>& declines) {
    if (declines.empty()) return "no decline\n";
    std::string text;
    std::string rule;
    for (const answers::Decline& d : declines) {
        if (d.episode.rule != rule) {
            rule = d.episode.rule;
            text += fmt::format(
                "{}{} in {}\n{:<10}  {:<10}  {:<10}  {:>12}  {:>12}  {:>8}  {:>4}  {:<9}  {:<24} "
                "{:>6} {:>10} {:>6} {:>7}\n",
                text.empty() ? "" : "\n", rule, answers::unit_of(d.episode.denomination), "peak",
                "active", "trough", "at peak", "at trough", "depth", "days", "severity", "end",
                "price", "difficulty", "fees", "subsidy");
        }
        text += row_text(d);
    }
    return text;
}

std::string attribution_text(const answers::AttributionAnswer& a) {
    std::string text = fmt::format(
        "{:.6f} USD/PH/day as of {}\n{:.6f} USD/PH/day as of {}\nchange {:+.5f} %\n\n"
        "  {:<12} {:>10}  {:>12}  {:>11}\n",
        a.from.usd_per_ph_day, domain::format_time(a.from.time), a.to.usd_per_ph_day,
        domain::format_time(a.to.time), 100 * a.parts.change(), "driver", "log part", "share",
        "alone");
    text += part_line("price", a.parts.price, a.parts);
    text += part_line("difficulty", a.parts.difficulty, a.parts);
    text += part_line("fees", a.parts.fees, a.parts);
    text += part_line("subsidy", a.parts.subsidy, a.parts);
    if (!a.steps.empty()) text += "\nsteps\n";
    for (const trend::Jump& step : a.steps) text += fmt::format("  {}\n", step_text(step));
    return text;
}

std::string backtest_text(const answers::Backtest& b) {
    if (!b.first) return "no complete day of that range has a close\n";
    std::string text =
        fmt::format("{} in {}, from {} to {}\n", b.rule.name, answers::unit_of(b.rule.denomination),
                    format_date(*b.first), format_date(*b.last));
    if (b.events.empty()) return text + "it would not have fired\n";
    text += fmt::format("{:<10}  {:<10}  {:<10}  {:<8}  {:>12}  {:>8}  {}\n", "day", "event",
                        "state", "severity", "close", "drawdown", "decline");
    for (const trend::Event& e : b.events) {
        text +=
            fmt::format("{:<10}  {:<10}  {:<10}  {:<8}  {:>12}  {:>8}  {}\n", format_date(e.day),
                        event_name(e.kind), state_name(e.state), severity_name(e.severity),
                        value_text(e.value, b.rule.denomination), percent(e.drawdown), e.episode);
    }
    return text;
}

}  // namespace hashprice::service::cli
