#include <fmt/format.h>

#include <algorithm>

#include "domain/consensus.hpp"
#include "ingest/backfill/backfill.hpp"
#include "storage/facts.hpp"

/// What a backfill knows before it asks: whom it may ask, what is stored, what that leaves.
namespace hashprice::ingest {

using domain::Errc;
using domain::fail;
using domain::Result;
using domain::Status;

namespace {

constexpr seconds kAround = 6 * domain::kHour;  // of a chunk: its neighbours judge its edges
constexpr std::int64_t kAroundBlocks = 72;
/// Shorter than any epoch of these years.
constexpr seconds kUsualEpoch = 12 * domain::kDay;

bool has_windows(const Source& source) {
    return source.fees() != nullptr && source.fees()->block_window() > seconds{0};
}

bool pages_have_fees(const Source& source) {
    return source.chain() != nullptr && source.chain()->has_fees();
}

}  // namespace

bool Backfill::wanted(const Source& source) const {
    return options_.only.empty() ||
           std::ranges::find(options_.only, source.name()) != options_.only.end();
}

Status Backfill::check_wanted() const {
    for (const std::string& name : options_.only) {
        if (around_.roster.find(name) != nullptr) continue;
        return fail(Errc::usage, fmt::format("--source {}: no such source is enabled", name));
    }
    return {};
}

/// Fee windows are few, but a source that stands before theirs (one's own node) is asked instead.
Status Backfill::choose_sources() {
    if (Status named = check_wanted(); !named) return named;
    chain_ = {};
    day_fees_.clear();
    std::vector<const Source*> without_fees;
    for (const auto& source : around_.roster.all()) {
        if (!wanted(*source)) continue;
        const bool pages = pages_have_fees(*source);
        if (has_windows(*source) && chain_.none()) chain_.fees = source.get();
        if (has_windows(*source)) day_fees_.push_back(source.get());
        if (pages) chain_.pages.push_back(source.get());
        if (source->chain() != nullptr && !pages) without_fees.push_back(source.get());
    }
    if (chain_.none()) chain_.pages = without_fees;
    return choose_prices();
}

Status Backfill::choose_prices() {
    exchanges_.clear();
    others_.clear();
    for (const auto& source : around_.roster.all()) {
        if (source->price() == nullptr || !wanted(*source)) continue;
        const bool of_index = std::ranges::find(options_.price_sources, source->name()) !=
                              options_.price_sources.end();
        if (!of_index && source->price()->is_exchange()) continue;
        const auto offer = source->price()->candle_offer(options_.step);
        if (!offer) continue;
        const auto id = storage::source_id(around_.db, source->name());
        if (!id) return tl::unexpected(id.error());
        (of_index ? exchanges_ : others_).push_back({source.get(), *id, *offer});
    }
    return {};
}

Result<std::vector<storage::Sourced<domain::Block>>> Backfill::stored_blocks(const Chunk& chunk) {
    std::vector<storage::Sourced<domain::Block>> none;
    if (options_.force) return none;
    const std::lock_guard lock(db_m_);
    const Range around{chunk.blocks.from - kAround, chunk.blocks.to + kAround};
    const auto first = storage::height_near(around_.db, around.from);
    const auto last = storage::height_near(around_.db, around.to);
    if (!first || !last) return tl::unexpected(first ? last.error() : first.error());
    auto blocks = storage::blocks_between(
        around_.db, std::max<std::int64_t>(*first - kAroundBlocks, 0), *last + 1 + kAroundBlocks);
    if (!blocks) return blocks;
    const bool fees =
        chain_.fees != nullptr || (!chain_.pages.empty() && pages_have_fees(*chain_.pages.front()));
    std::erase_if(*blocks, [&](const auto& b) {
        return b.fact.time < around.from || b.fact.time > around.to || (fees && !b.fact.fees);
    });
    return blocks;
}

std::vector<Range> Backfill::missing_of(
    const Chunk& chunk, const std::vector<storage::Sourced<domain::Block>>& stored) const {
    std::vector<HeldBlock> held;
    held.reserve(stored.size());
    for (const auto& block : stored) held.push_back({block.fact.height, block.fact.time});
    return chain_.none() ? std::vector<Range>{} : missing_stretches(held, chunk.blocks);
}

/// Whether an epoch that the range needs was never fetched; `from` is where to start asking.
Result<bool> Backfill::epochs_needed(std::int64_t& from) {
    const std::lock_guard lock(db_m_);
    const auto epochs = storage::epochs(around_.db);
    if (!epochs) return tl::unexpected(epochs.error());
    const UtcSeconds first = options_.range.from - kPrelude - kAround;
    from = 0;
    bool all_fetched = true;
    std::optional<UtcSeconds> last;
    for (const auto& epoch : *epochs) {
        if (epoch.fact.start_time <= first) {
            from = epoch.fact.start_height;
            all_fetched = true;
        }
        const bool starter = epoch.source == around_.derive.starter;
        if (epoch.fact.start_time >= options_.range.to) {
            if (!starter) last = epoch.fact.start_time;  // none between that and the one before
            break;
        }
        if (starter) {
            all_fetched = false;
        } else {
            last = epoch.fact.start_time;
        }
    }
    return options_.force || !all_fetched || !last || *last + kUsualEpoch < options_.range.to;
}

}  // namespace hashprice::ingest
