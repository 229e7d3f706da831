#include "ingest/backfill/backfill.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "ingest/backfill/price_part.hpp"
#include "storage/facts.hpp"

namespace hashprice::ingest {

using domain::Errc;
using domain::FactBatch;
using domain::fail;
using domain::Result;
using domain::Status;

namespace {

/// Exchanges may still correct a candle right after its end.
constexpr seconds kSettled{60};
constexpr std::size_t kFewSpans = 3;  // without a trade: nothing to worry about
constexpr std::size_t kBlocksPerStore = 1500;

}  // namespace

Backfill::Backfill(const Surroundings& around, BackfillOptions options)
    : around_(around),
      options_(std::move(options)),
      asker_({around.db, around.http, around.roster.budgets(), around.clock, around.stop,
              options_.timeout, options_.asked}),
      collector_(around.db, around.derive) {
    options_.range.to = std::min(options_.range.to, around_.clock.now());
}

FactBatch& Backfill::batch_of(const Source& source) {
    FactBatch& batch = batches_[source.name()];
    batch.source = source.name();
    batch.fetched_at = asker_.now();
    return batch;
}

Result<BackfillSummary> Backfill::run(
    const std::function<void(const BackfillProgress&)>& progress) {
    const Status chosen = choose_sources();
    if (!chosen) return tl::unexpected(chosen.error());
    const std::vector<Chunk> chunks = chunks_of(options_.range);
    const auto followed = follow_tip();
    if (!followed) return tl::unexpected(followed.error());
    at_tip_ = *followed;
    BackfillProgress at{.chunks = static_cast<int>(chunks.size())};
    for (const Chunk& chunk : chunks) {
        const Status done = run_chunk(chunk);
        if (!done) return tl::unexpected(done.error());
        if (asker_.stopped()) break;
        ++at.chunk;
        at.range = chunk.instants;
        at.sum = sum_;
        progress(at);
    }
    sum_.stopped = asker_.stopped();
    sum_.missing = joined_parts(std::move(sum_.missing));
    return sum_;
}

Status Backfill::run_chunk(const Chunk& chunk) {
    const Status chain = bring_chain(chunk);
    if (!chain) return chain;
    const Status prices = bring_prices(chunk);
    if (!prices) return prices;
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
        if (const Status asked = bring_epochs(); !asked) return asked;
    }
    const auto epochs = storage::epochs(around_.db);
    if (!epochs) return tl::unexpected(epochs.error());
    for (const auto& epoch : *epochs) known.epochs.push_back(epoch.fact);

    ChainPart part(asker_, chain_, chunk, std::move(known));
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
    if (wanted && !asker_.stopped()) {
        for (MissingPart& missing : part.missing()) sum_.missing.push_back(std::move(missing));
    }
    return stored_so_far;
}

void Backfill::take_blocks(ChainPart& part) {
    for (auto& [name, blocks] : part.take_blocks()) {
        FactBatch& batch = batch_of(*around_.roster.find(name));
        batch.blocks.insert(batch.blocks.end(), blocks.begin(), blocks.end());
    }
}

Status Backfill::bring_prices(const Chunk& chunk) {
    const Range settled = settled_instants(chunk);
    const auto stored = stored_prices(settled);
    if (!stored) return tl::unexpected(stored.error());
    std::vector<UtcSeconds> covered;
    for (const Exchange& exchange : exchanges_) {
        if (asker_.stopped()) return {};
        const auto held = held_of(exchange, *stored);
        const CandlePlan plan = candle_plan(exchange, settled, held);
        if (plan.reaches_to) note_reach(exchange, *plan.reaches_to);
        CandleCatch caught = fetch_candles(asker_, *exchange.source, plan, options_.step);
        covered.insert(covered.end(), held.begin(), held.end());
        for (const domain::Price& p : caught.prices) covered.push_back(p.time);
        if (!caught.prices.empty()) {
            FactBatch& batch = batch_of(*exchange.source);
            batch.prices.insert(batch.prices.end(), caught.prices.begin(), caught.prices.end());
        }
        for (MissingPart& part : caught.missing) sum_.missing.push_back(std::move(part));
    }
    // whoever asks only a chain source wants no prices
    const bool wanted = options_.only.empty() || !exchanges_.empty();
    if (wanted && !asker_.stopped()) note_uncovered(settled, std::move(covered));
    return {};
}

/// Instants for which no exchange has a price.
void Backfill::note_uncovered(Range instants, std::vector<UtcSeconds> covered) {
    std::ranges::sort(covered);
    std::vector<UtcSeconds> open;
    for (const UtcSeconds t : instants_of(instants, options_.step)) {
        if (!std::ranges::binary_search(covered, t)) open.push_back(t);
    }
    const std::string why = exchanges_.empty() ? "no exchange of the price index has such candles"
                                               : "no exchange has them";
    for (const Range& part : joined(open, options_.step)) {
        if (part.to - part.from > kFewSpans * options_.step) {
            sum_.missing.push_back({"prices", part, why});
        } else {
            sum_.quiet_spans += (part.to - part.from) / options_.step;
        }
    }
}

void Backfill::note_reach(const Exchange& exchange, UtcSeconds reaches_to) {
    // the present moves on while a run lasts: one note a source
    if (!reach_noted_.insert(exchange.source->name()).second) return;
    sum_.notes.push_back(
        fmt::format("{} has candles of {} only since {}; what is older comes from the others",
                    exchange.source->name(), domain::format_duration(options_.step),
                    domain::format_time(reaches_to)));
}

Status Backfill::store() {
    for (auto& [name, refused] : asker_.take_refused()) {
        auto& kept = batch_of(*around_.roster.find(name)).refused;
        kept.insert(kept.end(), refused.begin(), refused.end());
    }
    const auto batches = std::exchange(batches_, {});
    std::vector<storage::Poll> polls = asker_.take_polls();
    sum_.requests = asker_.requests();
    if (batches.empty() && polls.empty()) return {};
    const UtcSeconds now = asker_.now();
    const auto bring = [&](const Collector::Sink& sink) -> Status {
        for (const storage::Poll& poll : polls) {
            if (const Status logged = storage::log_poll(around_.db, poll); !logged) return logged;
        }
        for (const auto& [name, batch] : batches) {
            if (const Status taken = sink(batch); !taken) return taken;
        }
        return {};
    };
    const auto taken = collector_.take_all(bring, now - kGridDelay, now);
    if (!taken) return tl::unexpected(taken.error());
    for (const auto& [name, batch] : batches) {
        sum_.fetched += static_cast<std::int64_t>(batch.blocks.size() + batch.prices.size() +
                                                  batch.epochs.size());
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

Range Backfill::settled_instants(const Chunk& chunk) const {
    return {chunk.instants.from, std::min(chunk.instants.to, asker_.now() - kSettled)};
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
