#include "ingest/live/routines.hpp"

#include <algorithm>

#include "ingest/live/block_poller.hpp"
#include "ingest/live/comparison_poller.hpp"
#include "ingest/live/grid_ticker.hpp"
#include "ingest/live/price_poller.hpp"

namespace hashprice::ingest {
namespace {

/// The exchanges of the index that can be asked.
std::vector<const Source*> askable(const Roster& roster, const std::vector<std::string>& names) {
    std::vector<const Source*> sources;
    for (const Source* source : roster.price()) {
        if (std::ranges::find(names, source->name()) != names.end()) sources.push_back(source);
    }
    return sources;
}

}  // namespace

std::vector<std::unique_ptr<Routine>> live_routines(const Roster& roster,
                                                    const Surroundings& around,
                                                    const LiveOptions& options,
                                                    const MakeTransport& transport) {
    constexpr milliseconds kApart{250};
    const seconds grid = around.writer.grid();
    std::vector<std::unique_ptr<Routine>> all;
    all.push_back(std::make_unique<GridTicker>(around.writer, around.clock, options.poll_log));
    auto chain = roster.chain();
    // who has no fees can play one role only
    // not the one of std::ranges: what it returns is beyond clang 14, which fuzzes us
    std::stable_partition(chain.begin(), chain.end(),
                          [](const Source* s) { return s->chain()->has_fees(); });
    if (!chain.empty()) {
        all.push_back(
            std::make_unique<BlockPoller>(chain, transport(), options.block_interval, around));
    }
    for (const Source* source : roster.comparison()) {
        all.push_back(std::make_unique<ComparisonPoller>(*source, transport(), around));
    }
    const auto exchanges = askable(roster, options.price_sources);
    const int count = static_cast<int>(exchanges.size());
    for (int n = 0; n < count; ++n) {
        const Source& exchange = *exchanges[static_cast<std::size_t>(n)];
        const Pace pace = exchange.price()->ticks_by_minute()
                              ? pace_after(n, count, grid)
                              : pace_before(n, count, grid, options.max_age);
        all.push_back(
            std::make_unique<PricePoller>(exchange, transport(), pace, kApart * (n + 1), around));
    }
    return all;
}

}  // namespace hashprice::ingest
