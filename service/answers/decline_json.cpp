#include "service/answers/decline_json.hpp"

#include <algorithm>

#include "service/answers/series.hpp"

namespace hashprice::service::answers {
namespace {

using domain::Episode;

std::optional<domain::UtcSeconds> close_of(const std::optional<Day>& day) {
    if (!day) return std::nullopt;
    return domain::UtcSeconds{*day} + domain::kDay;
}

template <class T, class Fields>
void object_or_null(Json& json, std::string_view key, const std::optional<T>& value,
                    Fields&& fields) {
    if (value)
        object(json, key, fields);
    else
        put(json, key, std::optional<double>{});
}

void put_measures(Json& json, const Episode& e) {
    put(json, "depth", e.depth());
    put(json, "drawdown", e.drawdown());
    put(json, "days_to_trough", static_cast<std::int64_t>(e.days_to_trough().count()));
    put(json, "days_under_water", static_cast<std::int64_t>(e.days_under_water().count()));
    put(json, "observed_days", e.observed_days);
    put(json, "coverage", e.coverage());
}

void put_slope(Json& json, const Episode& e) {
    object_or_null(json, "slope", e.slope, [&] {
        put(json, "percent_per_30d", e.slope->percent_per_30d);
        put(json, "low", e.slope->low);
        put(json, "high", e.slope->high);
    });
    object_or_null(json, "significance", e.significance, [&] {
        const domain::Significance& s = *e.significance;
        put(json, "significant", s.significant);
        put(json, "p", s.p);
        put(json, "z", s.z);
        put(json, "tau", s.tau);
        put(json, "s", s.s);
        put(json, "closes", s.closes);
        put(json, "variance_factor", s.factor);
        put(json, "plain_z", s.plain_z);
    });
}

/// When this change was first recorded, unless it was taken back since.
std::optional<domain::UtcSeconds> recorded_at(const Decline& d, const domain::Change& change) {
    const auto found = std::ranges::find_if(d.recorded, [&](const storage::EpisodeChange& c) {
        return !c.withdrawn_at && c.day == change.day && c.state == change.state &&
               c.severity == change.severity;
    });
    if (found == d.recorded.end()) return std::nullopt;
    return found->recorded_at;
}

void put_history(Json& json, const Decline& d) {
    array(json, "history", [&] {
        for (const domain::Change& change : d.episode.history) {
            object(json, [&] {
                put_day(json, change.day);
                put(json, "state", state_name(change.state));
                put(json, "severity", severity_name(change.severity));
                put_time(json, "recorded_at", recorded_at(d, change));
            });
        }
    });
    array(json, "withdrawn", [&] {
        for (const storage::EpisodeChange& change : d.recorded) {
            if (!change.withdrawn_at) continue;
            object(json, [&] {
                put_day(json, change.day);
                put(json, "state", state_name(change.state));
                put(json, "severity", severity_name(change.severity));
                put_time(json, "recorded_at", change.recorded_at);
                put_time(json, "withdrawn_at", change.withdrawn_at);
            });
        }
    });
}

}  // namespace

std::string unit_of(domain::Denomination denomination) {
    return unit_of(*parse_denomination(domain::denomination_name(denomination)), Per::ph);
}

void put_day(Json& json, const std::optional<Day>& day) {
    const auto start = day ? std::optional<domain::UtcSeconds>(*day) : std::nullopt;
    put(json, "date", day ? std::optional(domain::format_date(*day)) : std::nullopt);
    put_time(json, "time", start);
}

void put_point(Json& json, std::string_view key, const domain::DailyPoint& point) {
    object(json, key, [&] {
        put_day(json, point.day);
        put(json, "value", point.value);
    });
}

void put_parts(Json& json, const domain::Attribution& a) {
    put(json, "change", a.change());
    put(json, "log_change", a.log_change);
    object(json, "parts", [&] {
        put(json, "price", a.price);
        put(json, "difficulty", a.difficulty);
        put(json, "fees", a.fees);
        put(json, "subsidy", a.subsidy);
    });
    const auto share = [&](double part) {
        auto of_whole = a.share(part);
        if (of_whole == 0.0) of_whole = 0.0;  // not -0
        return of_whole;
    };
    object(json, "shares", [&] {
        put(json, "price", share(a.price));
        put(json, "difficulty", share(a.difficulty));
        put(json, "fees", share(a.fees));
        put(json, "subsidy", share(a.subsidy));
    });
}

void put_attribution(Json& json, std::string_view key,
                     const std::optional<domain::Attribution>& a) {
    object_or_null(json, key, a, [&] {
        put_time(json, "from", close_of(a->from));
        put_time(json, "to", close_of(a->to));
        put_parts(json, *a);
    });
}

void put_steps(Json& json, const std::vector<trend::Jump>& steps) {
    array(json, "steps", [&] {
        for (const trend::Jump& step : steps) {
            object(json, [&] {
                put_day(json, step.day);
                put(json, "kind", jump_name(step.kind));
                put(json, "height", step.height);
                put(json, "change", step.change);
                put(json, "log_effect", step.log_effect);
            });
        }
    });
}

void put_decline(Json& json, const Decline& decline) {
    const Episode& e = decline.episode;
    object(json, [&] {
        put(json, "id", e.id);
        put(json, "rule", e.rule);
        put(json, "denomination", domain::denomination_name(e.denomination));
        put(json, "unit", unit_of(e.denomination));
        put(json, "state", state_name(e.state));
        put(json, "severity", severity_name(e.severity));
        put(json, "closure",
            e.closure ? std::optional<std::string_view>(closure_name(*e.closure)) : std::nullopt);
        put(json, "suspended", e.suspended);
        put_point(json, "peak", e.peak);
        put_point(json, "trough", e.trough);
        put_point(json, "last", e.last);
        put_time(json, "through", domain::UtcSeconds{e.through});
        put_measures(json, e);
        put_slope(json, e);
        put_attribution(json, "attribution", e.attribution);
        put_attribution(json, "attribution_to_date", e.attribution_to_date);
        put_steps(json, decline.steps);
        put_history(json, decline);
    });
}

}  // namespace hashprice::service::answers
