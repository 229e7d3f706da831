#include <fmt/format.h>

#include <algorithm>

#include "domain/consensus.hpp"
#include "ingest/backfill/backfill.hpp"
#include "ingest/backfill/price_part.hpp"
#include "ingest/transport/url.hpp"
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

}  // namespace

bool Backfill::wanted(const Source& source) const {
    return options_.only.empty() ||
           std::ranges::find(options_.only, source.name()) != options_.only.end();
}

/// Fee windows are few, but a source that stands before theirs (one's own node) is asked instead.
Status Backfill::choose_sources() {
    chain_ = {};
    exchanges_.clear();
    for (const std::string& name : options_.only) {
        if (around_.roster.find(name) != nullptr) continue;
        return fail(Errc::usage, fmt::format("--source {}: no such source is enabled", name));
    }
    std::vector<const Source*> without_fees;
    for (const auto& source : around_.roster.all()) {
        if (!wanted(*source)) continue;
        const bool pages = source->chain() != nullptr && source->chain()->has_fees();
        if (has_windows(*source) && chain_.none()) chain_.fees = source.get();
        if (pages) chain_.pages.push_back(source.get());
        if (source->chain() != nullptr && !pages) without_fees.push_back(source.get());
    }
    if (chain_.none()) chain_.pages = without_fees;
    for (const std::string& name : options_.price_sources) {
        const Source* source = around_.roster.find(name);
        if (source == nullptr || source->price() == nullptr || !wanted(*source)) continue;
        const auto offer = source->price()->candle_offer(options_.step);
        if (!offer) continue;
        const auto id = storage::source_id(around_.db, name);
        if (!id) return tl::unexpected(id.error());
        exchanges_.push_back({source, *id, *offer});
    }
    return {};
}

Result<std::vector<storage::Sourced<domain::Block>>> Backfill::stored_blocks(const Chunk& chunk) {
    std::vector<storage::Sourced<domain::Block>> none;
    if (options_.force) return none;
    const Range around{chunk.blocks.from - kAround, chunk.blocks.to + kAround};
    const auto first = storage::height_near(around_.db, around.from);
    const auto last = storage::height_near(around_.db, around.to);
    if (!first || !last) return tl::unexpected(first ? last.error() : first.error());
    auto blocks = storage::blocks_between(
        around_.db, std::max<std::int64_t>(*first - kAroundBlocks, 0), *last + 1 + kAroundBlocks);
    if (!blocks) return blocks;
    const bool fees = chain_.fees != nullptr ||
                      (!chain_.pages.empty() && chain_.pages.front()->chain()->has_fees());
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
        if (epoch.fact.start_time >= options_.range.to) break;
        if (epoch.source == around_.derive.starter) {
            all_fetched = false;
        } else {
            last = epoch.fact.start_time;
        }
    }
    return options_.force || !all_fetched || !last || *last + kUsualEpoch < options_.range.to;
}

Status Backfill::bring_epochs() {
    if (epochs_asked_) return {};
    epochs_asked_ = true;
    std::int64_t from = 0;
    const auto needed = epochs_needed(from);
    if (!needed) return tl::unexpected(needed.error());
    if (!*needed) return {};
    for (const Source* source : chain_.pages) {
        const auto epochs = asker_.ask(
            *source, [&](Visit& visit) { return source->chain()->epochs_from(visit, from); });
        if (!epochs) continue;
        domain::FactBatch& batch = batch_of(*source);
        batch.epochs.insert(batch.epochs.end(), epochs->begin(), epochs->end());
        break;
    }
    return store();
}

Result<Backfill::StoredPrices> Backfill::stored_prices(const Range& instants) {
    if (options_.force || instants.empty()) return StoredPrices{};
    return storage::prices_between(around_.db,
                                   instants.from - options_.step - around_.derive.max_age,
                                   instants.to + options_.step);
}

std::vector<UtcSeconds> Backfill::held_of(const Exchange& exchange,
                                          const StoredPrices& stored) const {
    return held_instants(stored, exchange.id, options_.step, around_.derive.max_age);
}

CandlePlan Backfill::candle_plan(const Exchange& exchange, const Range& instants,
                                 std::span<const UtcSeconds> held) const {
    return plan_candles({instants, options_.step, asker_.now(), exchange.offer}, held);
}

namespace {

/// At least so many: holes between blocks show only when the windows are here.
int page_requests(const std::vector<Range>& stretches, const Source& source, bool windows) {
    int pages = 0;
    for (const Range& stretch : stretches) {
        if (windows && stretch.to - stretch.from > kPageStretch) continue;
        const auto blocks = (stretch.to - stretch.from) / domain::kTargetSpacing;
        pages += 1 + static_cast<int>(blocks / source.chain()->page_size());
    }
    return pages;
}

void add(std::map<std::string, HostPlan>& hosts, const Source& source, int requests, bool at_least,
         Roster& roster) {
    if (requests == 0) return;
    const std::string name = host_of(source.base_url());
    HostPlan& host = hosts[name];
    host.host = name;
    if (std::ranges::find(host.sources, source.name()) == host.sources.end()) {
        host.sources.push_back(source.name());
    }
    host.requests += requests;
    host.at_least = host.at_least || at_least;
    if (const Budget* budget = roster.budgets().find(source.base_url())) {
        host.requests_per_minute = budget->requests_per_minute();
    }
}

}  // namespace

Status Backfill::plan_chain(const Chunk& chunk, std::map<std::string, HostPlan>& hosts) {
    const auto stored = stored_blocks(chunk);
    if (!stored) return tl::unexpected(stored.error());
    const auto stretches = missing_of(chunk, *stored);
    if (stretches.empty()) return {};
    int windows = 0;
    if (chain_.fees != nullptr) {
        const seconds longest = chain_.fees->fees()->block_window();
        windows = static_cast<int>(fee_windows(stretches, longest).size());
        add(hosts, *chain_.fees, windows, true, around_.roster);
    }
    if (chain_.pages.empty()) return {};
    const Source& pages = *chain_.pages.front();
    add(hosts, pages, page_requests(stretches, pages, chain_.fees != nullptr), true,
        around_.roster);
    if (windows == 0 || epochs_asked_) return {};
    epochs_asked_ = true;
    std::int64_t from = 0;
    return epochs_needed(from).map(
        [&](bool needed) { add(hosts, pages, needed ? 1 : 0, false, around_.roster); });
}

Result<std::vector<HostPlan>> Backfill::plan() {
    if (const Status chosen = choose_sources(); !chosen) return tl::unexpected(chosen.error());
    std::map<std::string, HostPlan> hosts;
    epochs_asked_ = false;
    for (const Chunk& chunk : chunks_of(options_.range)) {
        if (const Status done = plan_chain(chunk, hosts); !done)
            return tl::unexpected(done.error());
        const Range instants = settled_instants(chunk);
        const auto stored = stored_prices(instants);
        if (!stored) return tl::unexpected(stored.error());
        for (const Exchange& exchange : exchanges_) {
            const CandlePlan plan = candle_plan(exchange, instants, held_of(exchange, *stored));
            add(hosts, *exchange.source, static_cast<int>(plan.requests.size()), false,
                around_.roster);
        }
    }
    epochs_asked_ = false;
    std::vector<HostPlan> plans;
    for (auto& [name, host] : hosts) plans.push_back(std::move(host));
    return plans;
}

}  // namespace hashprice::ingest
