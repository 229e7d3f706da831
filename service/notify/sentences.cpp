#include "service/notify/sentences.hpp"

#include <fmt/format.h>

#include "service/answers/decline_json.hpp"

namespace hashprice::service::notify {
namespace {

using domain::Episode;

/// "41.29 USD/PH/day"
std::string amount(domain::Denomination denomination, double value) {
    const int digits = denomination == domain::Denomination::usd   ? 2
                       : denomination == domain::Denomination::btc ? 8
                                                                   : 0;
    return fmt::format("{:.{}f} {}", value, digits, answers::unit_of(denomination));
}

/// "41.29 USD/PH/day at the close of 2025-11-04, 35.4 % below the peak of 63.95 ... on 2025-07-11"
std::string standing(const Episode& e, domain::Day day, double value, double drawdown) {
    return fmt::format("{} at the close of {}, {:.1f} % below the peak of {} on {}",
                       amount(e.denomination, value), domain::format_date(day), 100 * drawdown,
                       amount(e.denomination, e.peak.value), domain::format_date(e.peak.day));
}

/// What drove it, as far as that is known.
std::string causes(const Episode& e) {
    if (!e.attribution || e.attribution->log_change == 0) return {};
    const domain::Attribution& a = *e.attribution;
    const auto percent = [&](double part) { return 100 * a.share(part).value_or(0) + 0.0; };
    return fmt::format(
        " Of the fall to the trough ({}), {:.0f} % is price, {:.0f} % difficulty, {:.0f} % fees, "
        "{:.0f} % subsidy.",
        domain::format_date(e.trough.day), percent(a.price), percent(a.difficulty), percent(a.fees),
        percent(a.subsidy));
}

std::string opening(const storage::EpisodeChange& c) {
    if (c.kind == "pending") return "The hash price may be in a decline";
    if (c.kind == "dropped") return "The hash price is not in a decline after all";
    if (c.kind == "active")
        return fmt::format("The hash price is in a decline ({})", severity_name(c.severity));
    if (c.kind == "escalated")
        return fmt::format("The decline of the hash price is {} now", severity_name(c.severity));
    if (c.kind == "recovering") return "The hash price is recovering from its decline";
    if (c.kind == "relapsed") return "The hash price has made a new low in its decline";
    return fmt::format("The decline of the hash price is over ({})",
                       c.closure ? closure_name(*c.closure) : "closed");
}

}  // namespace

std::string episode_sentence(const storage::EpisodeChange& c, const Episode& e) {
    // of a change long ago the fall went on: what drove it is that of a later day
    const bool known_then = e.trough.day <= c.day;
    return fmt::format("{}: {} (rule {}).{}", opening(c), standing(e, c.day, c.value, c.drawdown),
                       c.rule, known_then ? causes(e) : "");
}

std::string reminder_sentence(const Episode& e) {
    return fmt::format("The decline of the hash price goes on ({}, {}): {} (rule {}).{}",
                       severity_name(e.severity), state_name(e.state),
                       standing(e, e.last.day, e.last.value, e.drawdown()), e.rule, causes(e));
}

std::string withdrawn_sentence(const Episode& e) {
    return fmt::format(
        "The decline {} is taken back: the figures that it was made of were corrected.", e.id);
}

std::string fleet_sentence(const storage::FleetChange& c) {
    return fmt::format(
        "The fleet {} {}: the hash price closed {} at {:.2f} USD/PH/day, and {:.2f} covers its "
        "power.",
        c.fleet, c.under_water ? "is under water" : "is above water again",
        domain::format_date(c.day), c.close_usd, c.shutdown_usd);
}

std::string source_sentence(const std::string& source, bool up, const std::string& reason) {
    if (up) return fmt::format("The source {} can be used again.", source);
    return fmt::format("The source {} cannot be used: {}.", source, reason);
}

std::string readiness_sentence(bool fresh, const std::string& reason) {
    if (fresh) return "The hash price is up to date again.";
    return fmt::format("The hash price is not up to date: {}.", reason);
}

}  // namespace hashprice::service::notify
