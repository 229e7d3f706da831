#include "service/answers/attribution.hpp"

#include <fmt/format.h>

#include "service/answers/explain.hpp"
#include "service/judge/history.hpp"
#include "trend/attribution.hpp"

namespace hashprice::service::answers {
namespace {

using domain::Errc;
using domain::fail;
using domain::format_time;
using domain::Observation;

Result<Observation> nothing_at(storage::Database& db, UtcSeconds t, std::string_view end) {
    const auto before = storage::observations_before(db, t, 1);
    const auto after = storage::observation_after(db, t);
    if (const auto good = domain::all_good(before, after); !good)
        return tl::unexpected(good.error());
    std::string near =
        before->empty() ? std::string("none before")
                        : "the one before is of " + format_time(before->front().observation.time);
    near += *after ? ", the one after of " + format_time(**after) : ", none after";
    return fail(Errc::not_found,
                fmt::format("{}: no observation speaks for {} ({})", end, format_time(t), near));
}

Result<Observation> observation_for(storage::Database& db, UtcSeconds t, std::string_view end) {
    const auto kept = speaking_for(db, t);
    if (!kept) return tl::unexpected(kept.error());
    if (*kept) return (*kept)->observation;
    return nothing_at(db, t, end);
}

Result<Observation> newest(storage::Database& db) {
    const auto kept = storage::latest_observation(db);
    if (!kept) return tl::unexpected(kept.error());
    if (*kept) return (*kept)->observation;
    return fail(Errc::not_found, "there is no observation yet");
}

/// Steps between daily closes: the last close at or before each end.
Result<std::vector<trend::Jump>> steps_between(storage::Database& db, UtcSeconds from,
                                               UtcSeconds to) {
    return judge::history_of(db, to).map([&](const judge::History& history) {
        const auto first = std::chrono::ceil<domain::Days>(from) - domain::Days{1};
        const auto last = std::chrono::floor<domain::Days>(to) - domain::Days{1};
        return trend::jumps_between(history.inputs, first, last);
    });
}

void put_end(Json& json, std::string_view key, const Observation& o) {
    const auto inputs = judge::inputs_of(o);
    object(json, key, [&] {
        put_time(json, "time", o.time);
        put(json, "usd_per_ph_day", o.usd_per_ph_day);
        put(json, "sat_per_ph_day", o.sat_per_ph_day);
        put(json, "price_usd", o.price_usd);
        put(json, "difficulty", inputs.difficulty.value);
        put(json, "height", o.height);
        put(json, "subsidy_sat", inputs.subsidy.value);
        put(json, "fee_sat_mean", o.fee_sat_mean());
    });
}

}  // namespace

Result<AttributionAnswer> attribution(storage::Database& db, UtcSeconds from,
                                      const std::optional<UtcSeconds>& to) {
    if (to && *to <= from) {
        return fail(Errc::usage, fmt::format("from ({}) must be before to ({})", format_time(from),
                                             format_time(*to)));
    }
    const auto start = observation_for(db, from, "from");
    if (!start) return tl::unexpected(start.error());
    const auto end = to ? observation_for(db, *to, "to") : newest(db);
    if (!end) return tl::unexpected(end.error());
    const auto parts = trend::attribution_of(judge::inputs_of(*start), judge::inputs_of(*end),
                                             domain::Denomination::usd);
    auto steps = steps_between(db, start->time, end->time);
    if (const auto good = domain::all_good(parts, steps); !good)
        return tl::unexpected(good.error());
    return AttributionAnswer{*start, *end, *parts, std::move(*steps)};
}

std::string attribution_json(const AttributionAnswer& a) {
    return json_text([&](Json& json) {
        object(json, [&] {
            put_time(json, "from", a.from.time);
            put_time(json, "to", a.to.time);
            put_end(json, "start", a.from);
            put_end(json, "end", a.to);
            put_parts(json, a.parts);
            put_steps(json, a.steps);
        });
    });
}

}  // namespace hashprice::service::answers
