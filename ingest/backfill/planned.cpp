#include <algorithm>

#include "domain/consensus.hpp"
#include "ingest/backfill/backfill.hpp"
#include "ingest/transport/url.hpp"
#include "storage/facts.hpp"

/// What a backfill would ask, by host.
namespace hashprice::ingest {

using domain::Result;
using domain::Status;

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

Status Backfill::plan_epochs(Plans& hosts) {
    if (chain_.pages.empty() || std::exchange(epochs_asked_, true)) return {};
    std::int64_t from = 0;
    return epochs_needed(from).map([&](bool needed) {
        add(hosts, *chain_.pages.front(), needed ? 1 : 0, false, around_.roster);
    });
}

Status Backfill::plan_chain(const Chunk& chunk, Plans& hosts) {
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
    return windows == 0 ? Status{} : plan_epochs(hosts);
}

Status Backfill::plan_days(const Chunk& chunk, Plans& hosts) {
    if (day_fees_.empty()) return {};
    const auto open = open_days(chunk.instants);
    if (!open) return tl::unexpected(open.error());
    const bool ask = !open->empty() && !std::exchange(days_asked_, true);
    if (ask) add(hosts, *day_fees_.front(), 1, false, around_.roster);
    return plan_epochs(hosts);
}

Status Backfill::plan_prices(const Chunk& chunk, Plans& hosts) {
    const Range instants = settled_instants(chunk);
    const auto errands = errands_of(instants, exchanges_);
    const auto others = errands_of(instants, others_);
    if (const auto good = domain::all_good(errands, others); !good)
        return tl::unexpected(good.error());
    std::set<UtcSeconds> covered;
    for (const Errand& errand : *errands) {
        add(hosts, *errand.exchange->source, static_cast<int>(errand.plan.requests.size()), false,
            around_.roster);
        covered.insert(errand.held.begin(), errand.held.end());
        covered.insert(errand.plan.missing.begin(), errand.plan.missing.end());
    }
    for (const Errand& errand : *others) {
        std::set<UtcSeconds> held = covered;
        held.insert(errand.held.begin(), errand.held.end());
        const CandlePlan rest =
            candle_plan(*errand.exchange, instants, std::vector(held.begin(), held.end()));
        add(hosts, *errand.exchange->source, static_cast<int>(rest.requests.size()), false,
            around_.roster);
    }
    return {};
}

Result<std::vector<HostPlan>> Backfill::plan() {
    if (const Status chosen = choose_sources(); !chosen) return tl::unexpected(chosen.error());
    Plans hosts;
    for (const Chunk& chunk : chunks_of(options_.range, options_.step, around_.clock.now())) {
        const Status chain = chunk.by_day ? plan_days(chunk, hosts) : plan_chain(chunk, hosts);
        if (!chain) return tl::unexpected(chain.error());
        const Status prices = plan_prices(chunk, hosts);
        if (!prices) return tl::unexpected(prices.error());
    }
    epochs_asked_ = false;
    days_asked_ = false;
    std::vector<HostPlan> plans;
    for (auto& [name, host] : hosts) plans.push_back(std::move(host));
    return plans;
}

}  // namespace hashprice::ingest
