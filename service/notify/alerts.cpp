#include "service/notify/alerts.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "service/answers/decline_json.hpp"
#include "service/notify/sentences.hpp"
#include "storage/conditions.hpp"
#include "storage/episodes.hpp"
#include "storage/fleet_changes.hpp"

namespace hashprice::service::notify {
namespace {

using domain::Episode;
using domain::EpisodeState;
using domain::Result;
using domain::Severity;
using domain::Status;
using domain::UtcSeconds;
using storage::Database;

UtcSeconds close_of(domain::Day day) { return UtcSeconds{day} + domain::kDay; }

Pairs labels_of(const Episode& e) {
    return {{"alertname", "HashpriceDecline"},
            {"denomination", std::string(denomination_name(e.denomination))},
            {"episode", e.id},
            {"rule", e.rule},
            {"severity", std::string(severity_name(e.severity))}};
}

Pairs annotations_of(const Episode& e) {
    const auto number = [](double value) { return fmt::format("{}", value); };
    Pairs notes{{"summary", fmt::format("Hash price {:.1f} % below its peak ({})",
                                        100 * e.drawdown(), e.rule)},
                {"description", reminder_sentence(e)},
                {"state", std::string(state_name(e.state))},
                {"unit", answers::unit_of(e.denomination)},
                {"value", number(e.last.value)},
                {"value_date", domain::format_date(e.last.day)},
                {"drawdown", number(e.drawdown())},
                {"depth", number(e.depth())},
                {"peak", number(e.peak.value)},
                {"peak_date", domain::format_date(e.peak.day)},
                {"trough", number(e.trough.value)},
                {"trough_date", domain::format_date(e.trough.day)},
                {"suspended", e.suspended ? "true" : "false"}};
    if (e.attribution && e.attribution->log_change != 0) {
        const domain::Attribution& a = *e.attribution;
        notes.emplace_back("share_price", number(*a.share(a.price)));
        notes.emplace_back("share_difficulty", number(*a.share(a.difficulty)));
        notes.emplace_back("share_fees", number(*a.share(a.fees)));
        notes.emplace_back("share_subsidy", number(*a.share(a.subsidy)));
    }
    return notes;
}

/// Since when it has been as severe as it is.
Result<UtcSeconds> start_of(Database& db, const Episode& e) {
    return storage::changes_after(db, 0, e.rule).map([&](const auto& changes) {
        const auto found = std::ranges::find_if(changes, [&](const storage::EpisodeChange& c) {
            return !c.withdrawn_at && c.episode == e.id && c.severity == e.severity;
        });
        return close_of(found == changes.end() ? e.peak.day : found->day);
    });
}

Status add_episodes(Database& db, const Filter& filter, std::vector<Alert>& alerts) {
    const auto episodes = storage::stored_episodes(db);
    if (!episodes) return tl::unexpected(episodes.error());
    for (const Episode& e : *episodes) {
        const bool on = e.state == EpisodeState::active || e.state == EpisodeState::recovering;
        if (!on || !filter.wants("episode", e.severity, e.rule)) continue;
        const auto start = start_of(db, e);
        if (!start) return tl::unexpected(start.error());
        alerts.push_back({labels_of(e), annotations_of(e), *start});
    }
    return {};
}

Pairs labels_of_fleet(const std::string& fleet) {
    return {{"alertname", "HashpriceFleetUnderWater"},
            {"fleet", fleet},
            {"severity", std::string(severity_name(Severity::warning))}};
}

Status add_fleets(Database& db, const AlertScope& scope, std::vector<Alert>& alerts) {
    if (!scope.filter.wants("fleet", Severity::warning, "")) return {};
    for (const std::string& fleet : scope.fleets) {
        auto changes = storage::fleet_changes(db, fleet);
        if (!changes) return tl::unexpected(changes.error());
        std::erase_if(*changes, [](const auto& c) { return c.withdrawn_at.has_value(); });
        const auto last = std::ranges::max_element(*changes, {}, &storage::FleetChange::day);
        if (last == changes->end() || !last->under_water) continue;
        alerts.push_back({labels_of_fleet(fleet),
                          {{"summary", fmt::format("Fleet {} is under water", fleet)},
                           {"description", fleet_sentence(*last)},
                           {"close_usd_per_ph_day", fmt::format("{}", last->close_usd)},
                           {"shutdown_usd_per_ph_day", fmt::format("{}", last->shutdown_usd)}},
                          close_of(last->day)});
    }
    return {};
}

Pairs labels_of_condition(const std::string& kind, const std::string& subject) {
    if (kind == "source") {
        return {{"alertname", "HashpriceSourceDown"},
                {"severity", std::string(severity_name(Severity::notice))},
                {"source", subject}};
    }
    return {{"alertname", "HashpriceStale"},
            {"severity", std::string(severity_name(Severity::warning))}};
}

Status add_conditions(Database& db, const Filter& filter, std::vector<Alert>& alerts) {
    const auto bad = storage::bad_conditions(db);
    if (!bad) return tl::unexpected(bad.error());
    for (const storage::Condition& c : *bad) {
        const bool source = c.kind == "source";
        if (!filter.wants(c.kind, source ? Severity::notice : Severity::warning, "")) continue;
        alerts.push_back(
            {labels_of_condition(c.kind, c.subject),
             {{"summary", source ? fmt::format("The source {} cannot be used", c.subject)
                                 : "The hash price is not up to date"},
              {"description", source ? source_sentence(c.subject, false, c.reason)
                                     : readiness_sentence(false, c.reason)}},
             c.since});
    }
    return {};
}

void put_pairs(answers::Json& json, std::string_view key, const Pairs& pairs) {
    answers::object(json, key, [&] {
        for (const auto& [name, value] : pairs) answers::put(json, name, value);
    });
}

void put_alert(answers::Json& json, const Alert& alert, UtcSeconds ends) {
    answers::object(json, [&] {
        put_pairs(json, "labels", alert.labels);
        put_pairs(json, "annotations", alert.annotations);
        answers::put(json, "startsAt", domain::format_time(std::min(alert.starts, ends)));
        answers::put(json, "endsAt", domain::format_time(ends));
    });
}

}  // namespace

Result<std::vector<Alert>> alerts_now(Database& db, const AlertScope& scope) {
    std::vector<Alert> alerts;
    const Status done = add_episodes(db, scope.filter, alerts)
                            .and_then([&] { return add_fleets(db, scope, alerts); })
                            .and_then([&] { return add_conditions(db, scope.filter, alerts); });
    if (!done) return tl::unexpected(done.error());
    return alerts;
}

Result<std::vector<Alert>> resolved_by(Database& db, const storage::Message& m) {
    using Alerts = std::vector<Alert>;
    if (m.kind == "fleet" && m.change == "above-water")
        return Alerts{{labels_of_fleet(m.subject), {}, m.at}};
    if (m.change == "up" || m.change == "fresh")
        return Alerts{{labels_of_condition(m.kind, m.subject), {}, m.at}};
    if (m.kind != "episode" || m.change != "closed") return Alerts{};
    const auto episodes = storage::stored_episodes(db);
    if (!episodes) return tl::unexpected(episodes.error());
    const auto found = std::ranges::find(*episodes, m.subject, &Episode::id);
    if (found == episodes->end() || found->open()) return Alerts{};
    return Alerts{{labels_of(*found), annotations_of(*found), m.at}};
}

std::string alerts_json(const std::vector<Alert>& firing, UtcSeconds until,
                        const std::vector<Alert>& resolved, UtcSeconds now) {
    return answers::json_text([&](answers::Json& json) {
        json.StartArray();
        for (const Alert& alert : firing) put_alert(json, alert, until);
        for (const Alert& alert : resolved) put_alert(json, alert, now);
        json.EndArray();
    });
}

}  // namespace hashprice::service::notify
