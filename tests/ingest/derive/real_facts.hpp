#pragma once
#include "domain/facts.hpp"

/// Real figures of 2025 as batches of facts (tests/support/data/README.md names their origin).
namespace hashprice::ingest {

using domain::FactBatch;
using domain::Range;
using domain::UtcSeconds;

/// Every block with a height in [from, to) that the figures hold, as "mempool" says it.
FactBatch real_blocks(std::int64_t from, std::int64_t to);
/// The close of every UTC day that begins in `days`, as candles of "import".
FactBatch real_closes(const Range& days);
/// Hourly candles that start in `hours`, as said by `exchange`, `more` dollars higher.
FactBatch real_hours(const Range& hours, const std::string& exchange, std::int64_t more);

constexpr UtcSeconds kRealFetched = domain::utc(1764600000);  // 2025-12-01, all is over by then

}  // namespace hashprice::ingest
