#include "service/cli/text.hpp"

#include <fmt/format.h>

#include <cmath>

#include "domain/consensus.hpp"
#include "service/answers/comparison.hpp"

namespace hashprice::service::cli {
namespace {

using domain::format_age;
using domain::format_time;

std::string warning_lines(const std::string& stale, const std::string& degraded) {
    std::string text;
    if (!stale.empty()) text += fmt::format("  stale        {}\n", stale);
    if (!degraded.empty()) text += fmt::format("  degraded     {}\n", degraded);
    return text;
}

std::string megabytes(std::int64_t bytes) {
    return fmt::format("{:.1f} MB", static_cast<double>(bytes) / 1e6);
}

std::string number(const std::optional<domain::Ohlc>& o, double domain::Ohlc::*member) {
    if (!o) return "-";
    const double v = (*o).*member;
    return std::abs(v) >= 0.01 ? fmt::format("{:.4f}", v) : fmt::format("{:.6g}", v);
}

}  // namespace

std::string grouped(std::int64_t n) {
    std::string digits = fmt::format("{}", std::abs(n));
    for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3) {
        digits.insert(static_cast<std::size_t>(at), ",");
    }
    return n < 0 ? "-" + digits : digits;
}

std::string latest_text(const answers::Latest& latest, domain::UtcSeconds now) {
    const domain::Observation& o = latest.kept->observation;
    const auto difficulty = domain::difficulty_of(o.bits).value_or(domain::Difficulty{0});
    return fmt::format(
               "{:.2f} USD/PH/day  ({} sat)\n"
               "  as of        {}, {} ago\n"
               "  BTC/USD      {:.2f} from {}\n"
               "  difficulty   {} at height {}\n"
               "  block reward {} sat subsidy + {} sat mean fees\n",
               o.usd_per_ph_day, grouped(std::llround(o.sat_per_ph_day)), format_time(o.time),
               format_age(now - o.time), o.price_usd,
               fmt::join(answers::names_of(latest.names, o.price_sources), ", "),
               grouped(std::llround(difficulty.value)), grouped(o.height),
               grouped(domain::subsidy_at(o.height).value),
               grouped(std::llround(o.fee_sat_mean()))) +
           warning_lines(latest.stale_reason, latest.degraded_reason);
}

std::string series_head(const answers::SeriesQuery& query, domain::Step step) {
    const std::string rows =
        step == domain::Step::raw
            ? ", single observations"
            : fmt::format(" by {}, each bar named by its start", step_name(step));
    return fmt::format(
        "{}{}\n{:<20}  {:>12}  {:>12}  {:>12}  {:>12}  {:>12}  "
        "{:>8}\n",
        answers::unit_of(query.denomination, query.per), rows, "time", "mean", "open", "high",
        "low", "close", "coverage");
}

std::string series_lines(const std::vector<answers::Point>& points) {
    std::string text;
    for (const answers::Point& p : points) {
        text += fmt::format(
            "{:<20}  {:>12}  {:>12}  {:>12}  {:>12}  {:>12}  {:>7.1f}%\n", format_time(p.time),
            number(p.value, &domain::Ohlc::mean), number(p.value, &domain::Ohlc::open),
            number(p.value, &domain::Ohlc::high), number(p.value, &domain::Ohlc::low),
            number(p.value, &domain::Ohlc::close), 100 * p.coverage);
    }
    return text;
}

std::string explain_text(const answers::Explanation& e) {
    std::string text;
    if (!e.kept) {
        text = fmt::format("no observation speaks for {}\n", format_time(e.asked));
        for (const std::string& reason : e.missing) text += fmt::format("  {}\n", reason);
    } else {
        const domain::Observation& o = e.kept->observation;
        text = fmt::format("{:.6f} USD/PH/day as of {}\n", o.usd_per_ph_day, format_time(o.time));
        text += fmt::format("  speaks for the {} up to then, recorded {}\n",
                            domain::format_duration(o.span), format_time(e.kept->recorded_at));
        text += warning_lines(o.stale() ? "the tip is more than 3 h older" : "",
                              answers::degraded_reason(o));
        text += "\n";
        for (const std::string& line : answers::worked_formula(o))
            text += fmt::format("  {}\n", line);
    }
    const auto inputs = answers::input_lines(e);
    if (!inputs.empty())
        text += fmt::format("\ninputs{}\n", e.as_of ? " as they are stored today" : "");
    for (const auto& line : inputs)
        text += fmt::format("  {:<11} {:<26} {}\n", line.name, line.value, line.origin);
    if (!e.superseded.empty()) text += "\nearlier values\n";
    for (const auto& kept : e.superseded) {
        text += fmt::format("  {:.6f} USD/PH/day, recorded {}\n", kept.observation.usd_per_ph_day,
                            format_time(kept.recorded_at));
    }
    return text;
}

std::string status_text(const answers::StatusReport& r, domain::UtcSeconds now) {
    std::string text = fmt::format(
        "hashprice {}\n"
        "  database     {} ({}, schema {})\n"
        "  facts        {} blocks, {} prices, {} fee means, {} epochs; {} put aside, {} in "
        "quarantine\n"
        "  observations {}, {} superseded values kept\n",
        r.version, r.database, megabytes(r.database_bytes), r.schema, grouped(r.counts.blocks),
        grouped(r.counts.prices), grouped(r.counts.fee_means), grouped(r.counts.epochs),
        grouped(r.counts.aside), grouped(r.counts.quarantined), grouped(r.counts.observations),
        grouped(r.counts.superseded));
    if (r.span) {
        text += fmt::format("  from         {}\n  to           {}, {} ago\n",
                            format_time(r.span->first), format_time(r.span->last),
                            format_age(now - r.span->last));
    }
    for (const storage::Comparison& c : r.comparisons) {
        text += fmt::format("  comparison   {}, {} ago\n", answers::comparison_line(c),
                            format_age(now - c.time));
    }
    return text + warning_lines(r.latest.stale_reason, r.latest.degraded_reason);
}

}  // namespace hashprice::service::cli
