#include "service/answers/explain.hpp"

#include <fmt/format.h>

#include "domain/consensus.hpp"
#include "domain/hashprice.hpp"

namespace hashprice::service::answers {
namespace {

using domain::format_time;
using domain::Observation;
using ingest::QuoteVerdict;

std::vector<std::string> missing_in(const ingest::Evidence& evidence) {
    std::vector<std::string> missing;
    if (!evidence.price)
        missing.emplace_back("no price: no tick within price.max_age, no candle that ends then");
    if (!evidence.tip) missing.emplace_back("no chain tip: no block, epoch or fee mean up to then");
    if (!evidence.fees)
        missing.emplace_back("no fees: no complete window of 144 blocks in the 24 h before");
    if (missing.empty())
        missing.emplace_back(
            "the facts are there: `hashprice recompute` over this time derives it");
    return missing;
}

std::string verdict_of(const ingest::Quote& q) {
    switch (q.verdict) {
        case QuoteVerdict::counted:
            return "counted";
        case QuoteVerdict::outlier:
            return "not counted: an outlier";
        case QuoteVerdict::outranked:
            break;
    }
    return "not counted: a source of higher rank has a price";
}

std::string kind_of(const domain::Price& p) {
    return p.span == seconds{0} ? "tick" : domain::format_duration(p.span) + " candle";
}

}  // namespace

Result<std::optional<storage::KeptObservation>> speaking_for(
    storage::Database& db, UtcSeconds t, const std::optional<UtcSeconds>& as_of) {
    const UtcSeconds before = t - seconds{1};
    if (as_of) {
        return storage::observations_as_of(db, {before, t}, *as_of).map([](const auto& rows) {
            return rows.empty() ? std::nullopt : std::optional(rows.back());
        });
    }
    return storage::observation_after(db, before)
        .and_then([&](const auto& next) -> Result<std::optional<storage::KeptObservation>> {
            if (!next) return std::optional<storage::KeptObservation>{};
            return storage::observations_between(db, *next - seconds{1}, *next)
                .map([&](const auto& rows) {
                    const bool speaks =
                        !rows.empty() &&
                        rows.front().observation.time - rows.front().observation.span < t;
                    return speaks ? std::optional(rows.front()) : std::nullopt;
                });
        });
}

Result<Explanation> explain(storage::Database& db, UtcSeconds t,
                            const std::optional<UtcSeconds>& as_of,
                            const ingest::DeriveOptions& options) {
    Explanation e{.asked = t, .as_of = as_of.has_value()};
    auto kept = speaking_for(db, t, as_of);
    auto names = storage::sources(db);
    if (const auto good = domain::all_good(kept, names); !good) return tl::unexpected(good.error());
    e.kept = *kept;
    e.names = std::move(*names);
    const UtcSeconds at = e.kept ? e.kept->observation.time : t;
    const auto facts = ingest::load_window(db, at - seconds{1}, at, options);
    auto superseded = storage::superseded_values(db, at);
    if (const auto good = domain::all_good(facts, superseded); !good)
        return tl::unexpected(good.error());
    e.evidence = evidence_at(*facts, at, options);
    e.superseded = std::move(*superseded);
    if (!e.kept) e.missing = missing_in(e.evidence);
    return e;
}

std::vector<std::string> worked_formula(const Observation& o) {
    const auto difficulty = domain::difficulty_of(o.bits).value_or(domain::Difficulty{0});
    const std::int64_t subsidy = domain::subsidy_at(o.height).value;
    return {std::string(kFormula),
            fmt::format("fee_sat_mean   = {} / {} = {}", o.fee_sum.value, o.fee_blocks,
                        o.fee_sat_mean()),
            fmt::format("sat_per_ph_day = 86400e15 * ({} + {}) / ({} * 2^48 / 65535) = {}", subsidy,
                        o.fee_sat_mean(), difficulty.value, o.sat_per_ph_day),
            fmt::format("usd_per_ph_day = {} / 1e8 * {} = {}", o.sat_per_ph_day, o.price_usd,
                        o.usd_per_ph_day)};
}

std::vector<InputLine> input_lines(const Explanation& e) {
    std::vector<InputLine> lines;
    if (const auto& tip = e.evidence.tip) {
        const auto difficulty = domain::difficulty_of(tip->bits).value_or(domain::Difficulty{0});
        const std::string origin =
            fmt::format("{} at {}, fetched {}", name_of(e.names, tip->source),
                        format_time(tip->known_at), format_time(tip->fetched_at));
        lines.push_back({"tip", fmt::format("height {}", tip->height), origin});
        lines.push_back({"difficulty", fmt::format("{}", difficulty.value),
                         fmt::format("from bits 0x{:08x} of the tip", tip->bits.value)});
        lines.push_back({"subsidy", fmt::format("{} sat", domain::subsidy_at(tip->height).value),
                         fmt::format("by consensus at height {}", tip->height)});
    }
    if (const auto& fees = e.evidence.fees) {
        const double mean = static_cast<double>(fees->sum.value) / fees->blocks;
        lines.push_back({"fees", fmt::format("{} sat a block", mean),
                         fmt::format("{} over {} blocks ({}) up to {}, fetched {}",
                                     name_of(e.names, fees->source), fees->blocks,
                                     fee_window_name(fees->window), format_time(fees->end),
                                     format_time(fees->fetched_at))});
    }
    for (const ingest::Quote& q : e.evidence.quotes) {
        const domain::Price& p = q.price.fact;
        lines.push_back(
            {"price",
             fmt::format("{} USD", static_cast<double>(p.price.value) / domain::kMicroPerUsd),
             fmt::format("{} {} as of {}, fetched {}, {}", name_of(e.names, q.price.source),
                         kind_of(p), format_time(p.time), format_time(q.price.fetched_at),
                         verdict_of(q))});
    }
    return lines;
}

namespace {

void put_kept(Json& json, const storage::KeptObservation& kept, const SourceNames& names) {
    put_observation(json, kept.observation, names);
    put(json, "span_s", kept.observation.span.count());
    put(json, "fee_sat_sum", kept.observation.fee_sum.value);
    put(json, "fee_blocks", kept.observation.fee_blocks);
    const std::string reason = degraded_reason(kept.observation);
    put(json, "degraded_reason", reason.empty() ? std::nullopt : std::optional(reason));
    put_time(json, "recorded_at", kept.recorded_at);
}

void put_texts(Json& json, const char* name, const std::vector<std::string>& texts) {
    array(json, name, [&] {
        for (const std::string& text : texts) put(json, text);
    });
}

void put_inputs(Json& json, const Explanation& e) {
    array(json, "inputs", [&] {
        for (const InputLine& line : input_lines(e)) {
            object(json, [&] {
                put(json, "name", line.name);
                put(json, "value", line.value);
                put(json, "origin", line.origin);
            });
        }
    });
}

void put_superseded(Json& json, const Explanation& e) {
    array(json, "superseded", [&] {
        for (const auto& kept : e.superseded) object(json, [&] { put_kept(json, kept, e.names); });
    });
}

}  // namespace

std::string explain_json(const Explanation& e) {
    return json_text([&](Json& json) {
        object(json, [&] {
            put_time(json, "asked", e.asked);
            if (e.kept)
                object(json, "observation", [&] { put_kept(json, *e.kept, e.names); });
            else
                put(json, "observation", std::optional<double>{});
            put_texts(json, "arithmetic",
                      e.kept ? worked_formula(e.kept->observation) : std::vector<std::string>{});
            put_inputs(json, e);
            put_texts(json, "missing", e.missing);
            put_superseded(json, e);
        });
    });
}

}  // namespace hashprice::service::answers
