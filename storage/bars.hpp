#pragma once
#include <vector>

#include "domain/bar.hpp"
#include "storage/database.hpp"

namespace hashprice::storage {

/// Bars that start in [from, to), ascending; bars without an observation do not exist.
/// Six hours are folded on the spot, from a range that begins and ends on one. `raw` is no bar:
/// Errc::usage.
Result<std::vector<domain::Bar>> bars_between(Database& db, domain::Step step,
                                              const domain::Range& range);

/// Recomputes every bar that holds an instant of [first, last], hours first, then what is made of
/// them; writes only what differs. Call within the Transaction that changed the observations.
Status rebuild_bars(Database& db, UtcSeconds first, UtcSeconds last);

/// How many stored bars that hold an instant of [first, last] are missing, too many, or other than
/// what they are made of gives.
Result<std::int64_t> bars_amiss(Database& db, UtcSeconds first, UtcSeconds last);

}  // namespace hashprice::storage
