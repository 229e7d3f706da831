#include "service/answers/projection.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "domain/consensus.hpp"

namespace hashprice::service::answers {
namespace {

using domain::ChainPosition;

/// The header time of an epoch's first block, as well as it is known.
struct EpochStart {
    UtcSeconds time;
    bool is_block = false;
};

Result<std::optional<EpochStart>> epoch_start_of(storage::Database& db, std::int64_t height) {
    const std::int64_t first = domain::epoch_start(height);
    const auto block = storage::block_at(db, first);
    const auto epochs = storage::epochs(db);
    if (const auto good = domain::all_good(block, epochs); !good)
        return tl::unexpected(good.error());
    if (*block) return EpochStart{(*block)->fact.time, true};
    for (const auto& epoch : *epochs) {
        if (epoch.fact.start_height == first) return EpochStart{epoch.fact.start_time, false};
    }
    return std::optional<EpochStart>{};
}

/// The highest stored block, or where the newest observation saw the tip.
Result<ChainPosition> tip_of(storage::Database& db, const domain::Observation& o, bool& is_block) {
    const auto tip = storage::tip(db);
    if (!tip) return tl::unexpected(tip.error());
    is_block = *tip && (*tip)->fact.height >= o.height;
    if (!is_block) return ChainPosition{.height = o.height, .tip_time = o.time, .bits = o.bits};
    const domain::Block& block = (*tip)->fact;
    return ChainPosition{.height = block.height, .tip_time = block.time, .bits = block.bits};
}

domain::Status fill(storage::Database& db, const domain::Observation& o, ProjectionAnswer& answer) {
    auto at = tip_of(db, o, answer.from_blocks);
    if (!at) return tl::unexpected(at.error());
    const auto start = epoch_start_of(db, at->height);
    if (!start) return tl::unexpected(start.error());

    if (!*start) {
        answer.from_blocks = false;
        answer.missing = fmt::format("the time of block {}, the first of this epoch, is not known",
                                     domain::epoch_start(at->height));
        return {};
    }
    at->epoch_start = (*start)->time;
    answer.from_blocks = answer.from_blocks && (*start)->is_block;
    answer.at = *at;
    const auto difficulty = domain::difficulty_of(at->bits);
    if (!difficulty) return tl::unexpected(difficulty.error());
    const auto projected = domain::project(
        *at, {*difficulty, domain::subsidy_at(at->height), o.fee_sat_mean(), o.price_usd});
    if (!projected) return tl::unexpected(projected.error());
    answer.projection = *projected;
    return {};
}

void put_hashprice(Json& json, std::string_view key, const domain::Hashprice& h) {
    object(json, key, [&] {
        put(json, "usd_per_ph_day", h.usd.value);
        put(json, "sat_per_ph_day", h.sat.value);
    });
}

void put_retarget(Json& json, const domain::Projection& p) {
    const domain::RetargetProjection& r = p.retarget;
    object(json, "retarget", [&] {
        put(json, "height", r.height);
        put(json, "blocks_left", r.blocks_left);
        put_time(json, "time", r.expected);
        put(json, "block_seconds", r.block_seconds);
        put(json, "change", r.change);
        put(json, "change_low", r.change_low);
        put(json, "change_high", r.change_high);
        put(json, "relative_error", r.relative_error);
        put(json, "exact", r.exact);
        put_hashprice(json, "hashprice", p.after_retarget);
        put_hashprice(json, "hashprice_low", p.after_retarget_low);
        put_hashprice(json, "hashprice_high", p.after_retarget_high);
    });
}

void put_halving(Json& json, const domain::Projection& p) {
    object(json, "halving", [&] {
        put(json, "height", p.halving.height);
        put(json, "blocks_left", p.halving.blocks_left);
        put_time(json, "time", p.halving.expected);
        put(json, "subsidy_sat", p.halving.subsidy.value);
        put_hashprice(json, "hashprice", p.halved);
        put_hashprice(json, "hashprice_after_retarget", p.halved_after_retarget);
    });
}

}  // namespace

Result<ProjectionAnswer> projection(storage::Database& db, const Freshness& freshness) {
    const auto newest = latest(db, freshness);
    if (!newest) return tl::unexpected(newest.error());
    ProjectionAnswer answer;
    if (newest->stale) answer.stale_reason = newest->stale_reason;
    if (!newest->kept) {
        answer.missing = "there is no observation yet";
        return answer;
    }
    answer.time = newest->kept->observation.time;
    const auto filled = fill(db, newest->kept->observation, answer);
    if (!filled) return tl::unexpected(filled.error());
    return answer;
}

std::string projection_json(const ProjectionAnswer& a) {
    const auto null = std::optional<double>{};
    return json_text([&](Json& json) {
        object(json, [&] {
            put_time(json, "time", a.time);
            put(json, "stale", !a.stale_reason.empty());
            put(json, "stale_reason",
                a.stale_reason.empty() ? std::nullopt : std::optional(a.stale_reason));
            put(json, "missing", a.missing.empty() ? std::nullopt : std::optional(a.missing));
            put(json, "height", a.at ? std::optional(a.at->height) : std::nullopt);
            put(json, "from_blocks", a.from_blocks);
            if (a.projection) {
                put_hashprice(json, "now", a.projection->now);
                put_retarget(json, *a.projection);
                put_halving(json, *a.projection);
                return;
            }
            for (const char* key : {"now", "retarget", "halving"}) put(json, key, null);
        });
    });
}

}  // namespace hashprice::service::answers
