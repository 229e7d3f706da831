#include "service/answers/annotations.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "domain/consensus.hpp"
#include "service/answers/json.hpp"
#include "storage/facts.hpp"

namespace hashprice::service::answers {
namespace {

using domain::Result;
using domain::UtcSeconds;
using Epochs = std::vector<storage::Sourced<domain::Epoch>>;

Mark retarget_of(const domain::Epoch& before, const domain::Epoch& epoch) {
    const double old = domain::difficulty_of(before.bits).value_or(domain::Difficulty{1}).value;
    const double fresh = domain::difficulty_of(epoch.bits).value_or(domain::Difficulty{1}).value;
    return {.kind = Mark::Kind::retarget,
            .time = epoch.start_time,
            .text = fmt::format("difficulty {:+.2f} %", 100 * (fresh / old - 1)),
            .id = std::nullopt,
            .height = epoch.start_height,
            .change = fresh / old - 1};
}

/// Epochs that follow each other; a missing one is not bridged, and a first block without a change
/// of bits is no step.
std::vector<Mark> retargets(const Epochs& epochs) {
    std::vector<Mark> marks;
    for (std::size_t i = 1; i < epochs.size(); ++i) {
        const domain::Epoch& before = epochs[i - 1].fact;
        const domain::Epoch& epoch = epochs[i].fact;
        const bool next = epoch.start_height == before.start_height + domain::kBlocksPerEpoch;
        if (next && epoch.bits != before.bits) marks.push_back(retarget_of(before, epoch));
    }
    return marks;
}

Mark halving_at(std::int64_t height, UtcSeconds time, bool exact) {
    return {.kind = Mark::Kind::halving,
            .time = time,
            .exact = exact,
            .text = fmt::format("the subsidy halves to {} sat", domain::subsidy_at(height).value),
            .id = std::nullopt,
            .height = height,
            .change = -0.5};
}

/// The halvings within the known epochs: the block's time, else a place within its epoch.
Result<std::vector<Mark>> halvings(storage::Database& db, const Epochs& epochs) {
    std::vector<Mark> marks;
    for (std::size_t i = 1; i < epochs.size(); ++i) {
        const domain::Epoch& epoch = epochs[i - 1].fact;
        const domain::Epoch& next = epochs[i].fact;
        const std::int64_t height =
            (next.start_height - 1) / domain::kBlocksPerHalving * domain::kBlocksPerHalving;
        if (height < std::max<std::int64_t>(epoch.start_height, 1)) continue;
        const auto block = storage::block_at(db, height);
        if (!block) return tl::unexpected(block.error());
        const auto length = next.start_time - epoch.start_time;
        const auto blocks = next.start_height - epoch.start_height;
        const auto estimate = epoch.start_time + length * (height - epoch.start_height) / blocks;
        marks.push_back(
            halving_at(height, *block ? (*block)->fact.time : estimate, block->has_value()));
    }
    return marks;
}

std::vector<Mark> notes(const std::vector<storage::Annotation>& annotations) {
    std::vector<Mark> marks;
    marks.reserve(annotations.size());
    for (const storage::Annotation& a : annotations) {
        marks.push_back({.kind = Mark::Kind::note,
                         .time = a.time,
                         .text = a.text,
                         .id = a.id,
                         .height = std::nullopt,
                         .change = std::nullopt});
    }
    return marks;
}

}  // namespace

std::string_view mark_name(Mark::Kind kind) {
    constexpr std::array<std::string_view, 3> kNames{"note", "retarget", "halving"};
    return kNames.at(static_cast<std::size_t>(kind));
}

Result<std::vector<Mark>> annotations(storage::Database& db, const domain::Range& range) {
    const auto own = storage::annotations_between(db, range.from, range.to);
    const auto epochs = storage::epochs(db);
    if (const auto good = domain::all_good(own, epochs); !good) return tl::unexpected(good.error());
    const auto halved = halvings(db, *epochs);
    if (!halved) return tl::unexpected(halved.error());
    std::vector<Mark> marks = retargets(*epochs);
    marks.insert(marks.end(), halved->begin(), halved->end());
    std::erase_if(marks, [&](const Mark& m) { return m.time < range.from || m.time >= range.to; });
    const auto written = notes(*own);
    marks.insert(marks.end(), written.begin(), written.end());
    std::ranges::stable_sort(marks, {}, &Mark::time);
    return marks;
}

std::string annotations_json(const std::vector<Mark>& marks, const domain::Range& range) {
    return json_text([&](Json& json) {
        object(json, [&] {
            put_time(json, "from", range.from);
            put_time(json, "to", range.to);
            array(json, "annotations", [&] {
                for (const Mark& m : marks) {
                    object(json, [&] {
                        put_time(json, "time", m.time);
                        put(json, "kind", mark_name(m.kind));
                        put(json, "text", m.text);
                        put(json, "id", m.id);
                        put(json, "height", m.height);
                        put(json, "change", m.change);
                        put(json, "exact", m.exact);
                    });
                }
            });
        });
    });
}

}  // namespace hashprice::service::answers
