#include "service/answers/latest.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "domain/consensus.hpp"

namespace hashprice::service::answers {
namespace {

double difficulty_or_nan(domain::Bits bits) {
    const auto difficulty = domain::difficulty_of(bits);
    return difficulty ? difficulty->value : std::nan("");
}

void put_names(Json& json, std::string_view key, const std::vector<std::string>& names) {
    array(json, key, [&] {
        for (const std::string& name : names) put(json, name);
    });
}

}  // namespace

std::string name_of(const SourceNames& names, domain::SourceId id) {
    const auto found = std::ranges::find(names, id, &storage::SourceName::id);
    return found == names.end() ? fmt::format("source {}", id) : found->name;
}

std::vector<std::string> names_of(const SourceNames& names, std::uint64_t set) {
    std::vector<std::string> found;
    for (const storage::SourceName& source : names) {
        if ((set >> source.id & 1) != 0) found.push_back(source.name);
    }
    return found;
}

std::string stale_reason(const domain::Observation& o, const Freshness& freshness) {
    const seconds age = freshness.now - o.time;
    if (age > std::max(freshness.max_age, o.span) + freshness.interval) {
        return fmt::format("the newest observation is {} old", domain::format_age(age));
    }
    if ((o.flags & domain::kTipStale) != 0) return "the newest known block is more than 3 h older";
    return {};
}

std::string degraded_reason(const domain::Observation& o) {
    std::vector<std::string_view> reasons;
    if ((o.flags & domain::kFewPrices) != 0)
        reasons.emplace_back("fewer price sources than price.min_sources");
    if ((o.flags & domain::kPricesDisagree) != 0)
        reasons.emplace_back("the price sources disagree");
    if ((o.flags & domain::kFeeWindowOld) != 0)
        reasons.emplace_back("the newest complete fee window is not that of the tip");
    return fmt::format("{}", fmt::join(reasons, "; "));
}

Result<Latest> latest(storage::Database& db, const Freshness& freshness) {
    auto kept = storage::latest_observation(db);
    auto names = storage::sources(db);
    if (const auto good = domain::all_good(kept, names); !good) return tl::unexpected(good.error());
    Latest answer{.kept = *kept, .names = std::move(*names)};
    answer.stale_reason = "there is no observation yet";
    if (answer.kept) {
        answer.stale_reason = stale_reason(answer.kept->observation, freshness);
        answer.degraded_reason = degraded_reason(answer.kept->observation);
    }
    answer.stale = !answer.stale_reason.empty();
    return answer;
}

void put_observation(Json& json, const domain::Observation& o, const SourceNames& names) {
    put_time(json, "time", o.time);
    put(json, "usd_per_ph_day", o.usd_per_ph_day);
    put(json, "sat_per_ph_day", o.sat_per_ph_day);
    put(json, "price_usd", o.price_usd);
    put(json, "difficulty", difficulty_or_nan(o.bits));
    put(json, "height", o.height);
    put(json, "subsidy_sat", domain::subsidy_at(o.height).value);
    put(json, "fee_sat_mean", o.fee_sat_mean());
    put(json, "fee_window", fee_window_name(o.fee_window));
    put(json, "formula", kFormula);
    object(json, "sources", [&] {
        put_names(json, "difficulty", {name_of(names, o.chain_source)});
        put_names(json, "fees", {name_of(names, o.fee_source)});
        put_names(json, "price", names_of(names, o.price_sources));
    });
}

std::string latest_json(const Latest& latest) {
    return json_text([&](Json& json) {
        object(json, [&] {
            if (latest.kept) {
                put_observation(json, latest.kept->observation, latest.names);
            } else {
                put_time(json, "time", std::nullopt);
                for (const char* key :
                     {"usd_per_ph_day", "sat_per_ph_day", "price_usd", "difficulty", "height",
                      "subsidy_sat", "fee_sat_mean", "fee_window"}) {
                    put(json, key, std::optional<double>{});
                }
                put(json, "formula", kFormula);
                object(json, "sources", [] {});
            }
            put(json, "stale", latest.stale);
            put(json, "stale_reason",
                latest.stale ? std::optional(latest.stale_reason) : std::nullopt);
            put(json, "degraded", !latest.degraded_reason.empty());
            put(json, "degraded_reason",
                latest.degraded_reason.empty() ? std::nullopt
                                               : std::optional(latest.degraded_reason));
        });
    });
}

}  // namespace hashprice::service::answers
