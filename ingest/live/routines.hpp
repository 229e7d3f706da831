#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "ingest/live/contact.hpp"
#include "ingest/live/routine.hpp"
#include "ingest/roster.hpp"

namespace hashprice::ingest {

struct LiveOptions {
    seconds block_interval{30};
    seconds max_age{300};                    ///< of a price
    std::vector<std::string> price_sources;  ///< those that are asked; others are not
    seconds poll_log{90 * domain::kDay};     ///< 0: kept for ever
};

/// The grid, the block poller and one price poller for each exchange of the index. Each is to be
/// run by a thread of its own.
///
///   outlives  everything handed in must outlive them
std::vector<std::unique_ptr<Routine>> live_routines(const Roster& roster,
                                                    const Surroundings& around,
                                                    const LiveOptions& options,
                                                    const MakeTransport& transport);

}  // namespace hashprice::ingest
