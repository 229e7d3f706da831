#include "service/judge/judge.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hashprice::service::judge {
namespace {

using domain::DailyPoint;
using domain::Status;

storage::EpisodeChange change_of(const domain::Rule& rule, const trend::Event& e) {
    return {.rule = rule.name,
            .episode = e.episode,
            .kind = std::string(event_name(e.kind)),
            .day = e.day,
            .state = e.state,
            .severity = e.severity,
            .closure = e.closure,
            .value = e.value,
            .drawdown = e.drawdown};
}

storage::FollowedRule followed_rule(const Verdict& verdict, const History& history) {
    storage::FollowedRule followed{.rule = verdict.rule.name,
                                   .parameters = parameters_of(verdict.rule),
                                   .through = *history.through,
                                   .episodes = verdict.episodes};
    for (domain::Episode& e : followed.episodes) explain(e, history);
    followed.changes.reserve(verdict.events.size());
    for (const trend::Event& e : verdict.events)
        followed.changes.push_back(change_of(verdict.rule, e));
    return followed;
}

std::vector<storage::FleetChange> changes_of(const domain::Fleet& fleet, const History& history) {
    std::vector<storage::FleetChange> changes;
    for (const domain::WaterCrossing& crossing : domain::water_crossings(fleet, history.usd)) {
        const auto close =
            std::ranges::lower_bound(history.usd, crossing.day, {}, &DailyPoint::day);
        changes.push_back({.fleet = fleet.name,
                           .day = crossing.day,
                           .under_water = crossing.under,
                           .close_usd = close->value,
                           .shutdown_usd = domain::shutdown_hashprice(fleet).value});
    }
    return changes;
}

Status proclaim(storage::Database& db, const Herald& herald, const storage::FollowedRule& rule,
                const std::vector<domain::Episode>& before,
                const std::vector<storage::EpisodeChange>& changes) {
    const auto here = [&](const std::string& id) {
        return std::ranges::find(rule.episodes, id, &domain::Episode::id);
    };
    for (const domain::Episode& old : before) {
        if (!herald.withdrawn || old.rule != rule.rule) continue;
        if (here(old.id) != rule.episodes.end()) continue;
        if (Status told = herald.withdrawn(db, old); !told) return told;
    }
    for (const storage::EpisodeChange& change : changes) {
        const auto episode = here(change.episode);
        // one that was pending and dropped again is none
        if (!herald.changed || episode == rule.episodes.end()) continue;
        if (Status told = herald.changed(db, change, *episode); !told) return told;
    }
    return {};
}

Status store_fleets(storage::Database& db, const Judged& judged, UtcSeconds now,
                    const Herald& herald) {
    for (const domain::Fleet& fleet : judged.fleets) {
        const auto added =
            storage::store_fleet(db, fleet.name, changes_of(fleet, judged.history), now);
        if (!added) return tl::unexpected(added.error());
        for (const storage::FleetChange& change : *added) {
            if (!herald.fleet) continue;
            if (Status told = herald.fleet(db, change); !told) return told;
        }
    }
    return {};
}

}  // namespace

Judge::Judge(std::vector<domain::Rule> rules) {
    rules_.reserve(rules.size());
    for (domain::Rule& rule : rules)
        rules_.push_back({trend::Tracker(std::move(rule)), {}, std::nullopt});
}

void Judge::follow(const History& history) {
    for (Followed& rule : rules_) follow(rule, history);
    stale_ = history.stale();
}

void Judge::follow(Followed& rule, const History& history) {
    const auto& all = history.series(rule.tracker.rule().denomination).points;
    const bool longer = all.size() >= rule.seen.size() &&
                        std::equal(rule.seen.begin(), rule.seen.end(), all.begin());
    const bool later = longer && (all.size() == rule.seen.size() || !rule.newest ||
                                  all[rule.seen.size()].day > *rule.newest);
    const bool not_back = !rule.newest || (history.through && *history.through >= *rule.newest);
    if (!later || !not_back) rule = {trend::Tracker(rule.tracker.rule()), {}, std::nullopt};
    for (std::size_t i = rule.seen.size(); i < all.size(); ++i, ++steps_) {
        rule.tracker.step(all[i].day, all[i].value);
        rule.newest = all[i].day;
    }
    rule.seen = all;
    if (!history.through || (rule.newest && *history.through <= *rule.newest)) return;
    rule.tracker.step(*history.through, std::nullopt);
    rule.newest = history.through;
    ++steps_;
}

std::vector<Verdict> Judge::verdicts() const {
    std::vector<Verdict> verdicts;
    verdicts.reserve(rules_.size());
    for (const Followed& rule : rules_) {
        Verdict v{rule.tracker.rule(), rule.tracker.episodes(), rule.tracker.events()};
        // days that went by unobserved are not counted, but they are said
        if (!v.episodes.empty() && v.episodes.back().open()) v.episodes.back().suspended |= stale_;
        verdicts.push_back(std::move(v));
    }
    return verdicts;
}

std::vector<Verdict> judge(const std::vector<domain::Rule>& rules, const History& history) {
    Judge judge(rules);
    judge.follow(history);
    return judge.verdicts();
}

void explain(domain::Episode& episode, const History& history) {
    trend::explain(episode, history.series(episode.denomination), history.inputs);
}

std::string parameters_of(const domain::Rule& r) {
    return fmt::format("{} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {}",
                       domain::rule_kind_name(r.kind), domain::denomination_name(r.denomination),
                       r.window.count(), r.open_depth, r.open_for, r.close_for, r.warning_depth,
                       r.critical_depth, r.recover_share, r.close_share, r.settle_after.count(),
                       r.below, r.rearm_above, r.fall, r.fall_days.count(), r.fall_rearm_share);
}

Result<std::vector<storage::EpisodeChange>> store(storage::Database& db, const Judged& judged,
                                                  UtcSeconds now, const Herald& herald) {
    std::vector<storage::EpisodeChange> added;
    if (!judged.history.through) return added;
    std::vector<storage::FollowedRule> rules;  // explained before the database is locked
    rules.reserve(judged.verdicts.size());
    for (const Verdict& verdict : judged.verdicts)
        rules.push_back(followed_rule(verdict, judged.history));
    const auto stored = storage::in_transaction(db, [&]() -> Status {
        const auto before = storage::stored_episodes(db);
        if (!before) return tl::unexpected(before.error());
        for (const storage::FollowedRule& rule : rules) {
            auto changes = storage::store_rule(db, rule, now);
            if (!changes) return tl::unexpected(changes.error());
            Status told = proclaim(db, herald, rule, *before, *changes);
            if (!told) return told;
            std::ranges::move(*changes, std::back_inserter(added));
        }
        return store_fleets(db, judged, now, herald);
    });
    if (!stored) return tl::unexpected(stored.error());
    return added;
}

}  // namespace hashprice::service::judge
