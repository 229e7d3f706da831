#include "ingest/backfill/backfill.hpp"
#include "ingest/live/chain_walk.hpp"

/// What a backfill does about the newest stored block: another branch may have won since.
namespace hashprice::ingest {

using domain::Block;
using domain::Result;

Result<bool> Backfill::follow_tip() {
    const auto tip = storage::tip(around_.db);
    if (!tip) return tl::unexpected(tip.error());
    const bool within = *tip && !chain_.pages.empty() && (*tip)->fact.hash &&
                        (*tip)->fact.time >= options_.range.from &&
                        (*tip)->fact.time < options_.range.to;
    if (!within || options_.force) return false;
    const Source& source = *chain_.pages.front();
    const std::int64_t stored = (*tip)->fact.height;
    const std::int64_t top = stored + source.chain()->page_size() - 1;
    const auto at = [&](std::int64_t height) { return storage::block_at(around_.db, height); };
    const auto news = chain_lane_.asker->ask(source, [&](Visit& visit) {
        return walk_chain(*source.chain(), visit, {.top = top, .lowest = stored}, at);
    });
    if (!news || news->blocks.empty()) return false;  // the run asks again for what it lacks
    return keep_news(source, *news, stored).map([&] { return news->blocks.back().height < top; });
}

domain::Status Backfill::keep_news(const Source& source, const ChainNews& news,
                                   std::int64_t stored) {
    const std::int64_t first = news.fork.value_or(stored + 1);
    domain::FactBatch fresh{.source = source.name(), .fetched_at = around_.clock.now()};
    for (const Block& block : news.blocks) {
        if (block.height >= first) fresh.blocks.push_back(block);
    }
    if (!news.fork) {
        auto& blocks = batch_of(source).blocks;
        blocks.insert(blocks.end(), fresh.blocks.begin(), fresh.blocks.end());
        return store();
    }
    const UtcSeconds now = around_.clock.now();
    const auto taken = collector_.take_branch(fresh, now - kGridDelay, now);
    if (!taken) return tl::unexpected(taken.error());
    sum_.fetched += static_cast<std::int64_t>(fresh.blocks.size());
    add_to_sum(*taken);
    return store();
}

}  // namespace hashprice::ingest
