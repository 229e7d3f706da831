#include <algorithm>

#include "ingest/backfill/backfill.hpp"
#include "storage/facts.hpp"

/// How a backfill brings the blocks of a chunk.
namespace hashprice::ingest {

using domain::Status;

namespace {
constexpr std::size_t kBlocksPerStore = 1500;
}

Status Backfill::bring_epochs() {
    if (epochs_asked_) return {};
    epochs_asked_ = true;
    std::int64_t from = 0;
    const auto needed = epochs_needed(from);
    if (!needed) return tl::unexpected(needed.error());
    if (!*needed) return {};
    std::string trouble;
    for (const Source* source : chain_.pages) {
        const auto epochs = chain_lane_.asker->ask(
            *source, [&](Visit& visit) { return source->chain()->epochs_from(visit, from); });
        if (!epochs) {
            trouble = epochs.error().what;
            continue;
        }
        domain::FactBatch& batch = batch_of(*source);
        batch.epochs.insert(batch.epochs.end(), epochs->begin(), epochs->end());
        return store();
    }
    if (!trouble.empty() && !around_.stop.stop_requested())
        sum_.missing.push_back({"difficulty", options_.range, std::move(trouble)});
    return store();
}

Status Backfill::bring_chain(const Chunk& chunk) {
    ChainPart::Known known;
    auto stored = stored_blocks(chunk);
    if (!stored) return tl::unexpected(stored.error());
    known.blocks = std::move(*stored);
    known.edge = std::exchange(edge_, {});
    const bool much = std::ranges::any_of(missing_of(chunk, known.blocks), [](const Range& r) {
        return r.to - r.from > kPageStretch;
    });
    if (much && chain_.fees != nullptr) {
        if (Status asked = bring_epochs(); !asked) return asked;
    }
    {
        const std::lock_guard lock(db_m_);
        const auto epochs = storage::epochs(around_.db);
        if (!epochs) return tl::unexpected(epochs.error());
        for (const auto& epoch : *epochs) known.epochs.push_back(epoch.fact);
    }

    ChainPart part(*chain_lane_.asker, chain_, chunk, std::move(known));
    Status stored_so_far;
    part.when_full(kBlocksPerStore, [&] {
        take_blocks(part);
        if (stored_so_far) stored_so_far = store();
    });
    if (at_tip_) part.reaches_tip();
    part.run();
    take_blocks(part);
    edge_ = part.edge();
    const bool wanted = options_.only.empty() || !chain_.none();
    if (wanted && !around_.stop.stop_requested()) {
        for (MissingPart& missing : part.missing()) sum_.missing.push_back(std::move(missing));
    }
    return stored_so_far;
}

void Backfill::take_blocks(ChainPart& part) {
    for (auto& [name, blocks] : part.take_blocks()) {
        domain::FactBatch& batch = batch_of(*around_.roster.find(name));
        batch.blocks.insert(batch.blocks.end(), blocks.begin(), blocks.end());
    }
}

}  // namespace hashprice::ingest
