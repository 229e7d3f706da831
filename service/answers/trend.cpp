#include "service/answers/trend.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>

namespace hashprice::service::answers {
namespace {

using domain::DailyPoint;
using domain::Episode;

std::string stale_reason_of(const judge::History& history) {
    if (history.usd.empty()) return "no day has a close yet";
    const Day last = history.usd.back().day;
    if (last >= history.complete) return {};
    const auto missing = (history.complete - last).count();
    return fmt::format("the newest close is that of {}; {} complete {} since have none",
                       domain::format_date(last), missing, missing == 1 ? "day" : "days");
}

/// The highest close that a drawdown would be measured from today.
std::optional<DailyPoint> window_high(const domain::Rule& rule,
                                      const std::vector<DailyPoint>& closes,
                                      const std::vector<Episode>& episodes) {
    if (closes.empty()) return std::nullopt;
    Day first = closes.back().day - rule.window + domain::Days{1};
    if (!episodes.empty() && !episodes.back().open())
        first = std::max(first, episodes.back().through);
    std::optional<DailyPoint> high;
    for (const DailyPoint& p : closes) {
        if (p.day >= first && (!high || p.value >= high->value)) high = p;
    }
    return high;
}

/// The episode that is open, which only the last can be, and the last that is closed.
std::span<const Episode> newest_of(std::span<const Episode> episodes) {
    const bool open = !episodes.empty() && episodes.back().open();
    return episodes.last(std::min<std::size_t>(open ? 2 : 1, episodes.size()));
}

Result<RuleStanding> standing_of(storage::Database& db, const judge::Verdict& verdict,
                                 const judge::History& history) {
    RuleStanding standing{.rule = verdict.rule};
    const auto closes = history.series(verdict.rule.denomination).points;
    if (!closes.empty()) standing.last = closes.back();
    standing.high = window_high(verdict.rule, closes, verdict.episodes);
    const auto recorded = storage::evaluation_of(db, verdict.rule.name);
    if (!recorded) return tl::unexpected(recorded.error());
    standing.recorded = *recorded;
    for (const Episode& e : newest_of(verdict.episodes)) {
        auto decline = decline_of(db, e, history);
        if (!decline) return tl::unexpected(decline.error());
        (e.open() ? standing.decline : standing.before) = std::move(*decline);
    }
    return standing;
}

void put_decline_or_null(Json& json, std::string_view key, const std::optional<Decline>& decline) {
    json.Key(key.data(), static_cast<rapidjson::SizeType>(key.size()));
    if (decline)
        put_decline(json, *decline);
    else
        json.Null();
}

void put_point_or_null(Json& json, std::string_view key, const std::optional<DailyPoint>& point) {
    if (point)
        put_point(json, key, *point);
    else
        put(json, key, std::optional<double>{});
}

void put_standing(Json& json, const RuleStanding& s) {
    const Episode* e = s.decline ? &s.decline->episode : nullptr;
    object(json, [&] {
        put(json, "rule", s.rule.name);
        put(json, "kind", domain::rule_kind_name(s.rule.kind));
        put(json, "denomination", domain::denomination_name(s.rule.denomination));
        put(json, "unit", unit_of(s.rule.denomination));
        put(json, "state", e != nullptr ? state_name(e->state) : "none");
        put(json, "severity", e != nullptr ? severity_name(e->severity) : "none");
        put(json, "declining", s.declining());
        put_point_or_null(json, "last", s.last);
        put_point_or_null(json, "window_high", s.high);
        put_decline_or_null(json, "decline", s.decline);
        put_decline_or_null(json, "previous", s.before);
        put_time(json, "recorded_at",
                 s.recorded ? std::optional(s.recorded->evaluated_at) : std::nullopt);
    });
}

}  // namespace

bool RuleStanding::declining() const {
    return decline && decline->episode.state != domain::EpisodeState::pending;
}

bool Trend::declining() const { return std::ranges::any_of(rules, &RuleStanding::declining); }

Result<Trend> trend(storage::Database& db, const std::vector<domain::Rule>& rules,
                    const std::optional<UtcSeconds>& at, UtcSeconds now) {
    auto history = judge::history_of(db, now);
    if (!history) return tl::unexpected(history.error());
    if (at) *history = history->upto(std::chrono::floor<domain::Days>(*at) - domain::Days{1});
    Trend trend{.stale_reason = stale_reason_of(*history), .usd = history->usd};
    if (!history->usd.empty()) trend.last = history->usd.back().day;
    for (const judge::Verdict& verdict : judge::judge(rules, *history)) {
        auto standing = standing_of(db, verdict, *history);
        if (!standing) return tl::unexpected(standing.error());
        trend.rules.push_back(std::move(*standing));
    }
    return trend;
}

std::string trend_json(const Trend& trend) {
    return json_text([&](Json& json) {
        object(json, [&] {
            put_day(json, trend.last);
            put(json, "stale", !trend.stale_reason.empty());
            put(json, "stale_reason",
                trend.stale_reason.empty() ? std::nullopt : std::optional(trend.stale_reason));
            put(json, "declining", trend.declining());
            array(json, "rules", [&] {
                for (const RuleStanding& standing : trend.rules) put_standing(json, standing);
            });
        });
    });
}

}  // namespace hashprice::service::answers
