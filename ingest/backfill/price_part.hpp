#pragma once
#include <string>
#include <vector>

#include "ingest/backfill/chain_part.hpp"

namespace hashprice::ingest {

/// The ends of candles, of one source, that need not be asked for: there is a candle at least as
/// fine, or a tick so fresh that it would count instead. Ascending.
///   shape  pure; `prices` ascend by time
std::vector<UtcSeconds> held_instants(std::span<const storage::Sourced<domain::Price>> prices,
                                      domain::SourceId source, seconds step, seconds max_age);

/// Brings the candles that one exchange owes to one chunk.
struct CandleCatch {
    std::vector<domain::Price> prices;
    std::vector<MissingPart> missing;  ///< requests that failed
};
CandleCatch fetch_candles(Asker& asker, const Source& source, const CandlePlan& plan, seconds step);

}  // namespace hashprice::ingest
