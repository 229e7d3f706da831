#include "ingest/backfill/backfill.hpp"

#include <algorithm>

namespace hashprice::ingest {

using domain::FactBatch;
using domain::Result;
using domain::Status;

Backfill::Backfill(const Surroundings& around, BackfillOptions options)
    : around_(around),
      options_(std::move(options)),
      chain_lane_(new_lane()),
      collector_(around.db, around.derive) {
    options_.range.to = std::min(options_.range.to, around_.clock.now());
}

Backfill::Lane Backfill::new_lane() {
    Lane lane;
    lane.http = around_.transport();
    lane.asker = std::make_unique<Asker>(Asker::Surroundings{
        around_.db, db_m_, *lane.http, around_.roster.budgets(), around_.clock, around_.stop,
        options_.timeout, [this](int requests) { count(requests); }});
    return lane;
}

void Backfill::count(int requests) {
    const std::lock_guard lock(count_m_);
    requests_ += requests;
    if (options_.asked) options_.asked(requests_);
}

FactBatch& Backfill::batch_of(const Source& source) {
    FactBatch& batch = batches_[source.name()];
    batch.source = source.name();
    batch.fetched_at = around_.clock.now();
    return batch;
}

Result<BackfillSummary> Backfill::run(
    const std::function<void(const BackfillProgress&)>& progress) {
    const Status chosen = choose_sources();
    if (!chosen) return tl::unexpected(chosen.error());
    const std::vector<Chunk> chunks = chunks_of(options_.range, options_.step, around_.clock.now());
    const auto followed = follow_tip();
    if (!followed) return tl::unexpected(followed.error());
    at_tip_ = *followed;
    BackfillProgress at{.chunks = static_cast<int>(chunks.size())};
    for (const Chunk& chunk : chunks) {
        const Status done = run_chunk(chunk);
        if (!done) return tl::unexpected(done.error());
        if (around_.stop.stop_requested()) break;
        ++at.chunk;
        at.range = chunk.instants;
        at.sum = sum_;
        progress(at);
    }
    sum_.stopped = around_.stop.stop_requested();
    sum_.missing = joined_parts(std::move(sum_.missing));
    return sum_;
}

Status Backfill::run_chunk(const Chunk& chunk) {
    auto errands = errands_of(settled_instants(chunk), exchanges_);
    if (!errands) return tl::unexpected(errands.error());
    Status chain;
    {
        const std::vector<std::jthread> beside = set_out(*errands);
        chain = chunk.by_day ? bring_days(chunk) : bring_chain(chunk);
        for (Errand& errand : *errands) {
            if (chain && !asked_beside(errand)) do_errand(errand, *chain_lane_.asker);
        }
    }
    if (!chain) return chain;
    if (Status prices = take_prices(chunk, *errands); !prices) return prices;
    return store();
}

/// What an asker has to tell besides facts.
void Backfill::collect(Asker& asker) {
    for (auto& [name, refused] : asker.take_refused()) {
        auto& kept = batch_of(*around_.roster.find(name)).refused;
        kept.insert(kept.end(), refused.begin(), refused.end());
    }
    for (storage::Poll& poll : asker.take_polls()) polls_.push_back(std::move(poll));
}

Status Backfill::store() {
    collect(*chain_lane_.asker);
    const auto batches = std::exchange(batches_, {});
    const auto polls = std::exchange(polls_, {});
    {
        const std::lock_guard lock(count_m_);
        sum_.requests = requests_;
    }
    if (batches.empty() && polls.empty()) return {};
    const UtcSeconds now = around_.clock.now();
    const auto bring = [&](const Collector::Sink& sink) -> Status {
        for (const storage::Poll& poll : polls) {
            if (Status logged = storage::log_poll(around_.db, poll); !logged) return logged;
        }
        for (const auto& [name, batch] : batches) {
            if (Status taken = sink(batch); !taken) return taken;
        }
        return {};
    };
    const std::lock_guard lock(db_m_);
    const auto taken = collector_.take_all(bring, now - kGridDelay, now);
    if (!taken) return tl::unexpected(taken.error());
    for (const auto& [name, batch] : batches) {
        sum_.fetched += static_cast<std::int64_t>(batch.blocks.size() + batch.prices.size() +
                                                  batch.epochs.size() + batch.fee_means.size());
    }
    add_to_sum(*taken);
    return {};
}

void Backfill::add_to_sum(const Taken& taken) {
    sum_.added += taken.recorded.added;
    sum_.unchanged += taken.recorded.unchanged;
    sum_.revised += taken.recorded.revised;
    sum_.refused += taken.recorded.refused;
    sum_.observations += taken.derived.changed;
}

std::vector<MissingPart> joined_parts(std::vector<MissingPart> parts) {
    std::ranges::sort(parts, {}, [](const MissingPart& p) {
        return std::tie(p.what, p.why, p.range.from, p.range.to);
    });
    std::vector<MissingPart> joined;
    for (MissingPart& part : parts) {
        const bool goes_on = !joined.empty() && joined.back().what == part.what &&
                             joined.back().why == part.why &&
                             part.range.from <= joined.back().range.to;
        if (goes_on) {
            joined.back().range.to = std::max(joined.back().range.to, part.range.to);
        } else {
            joined.push_back(std::move(part));
        }
    }
    std::ranges::sort(joined, {}, [](const MissingPart& p) { return p.range.from; });
    return joined;
}

}  // namespace hashprice::ingest
