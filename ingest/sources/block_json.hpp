#pragma once
#include "domain/facts.hpp"
#include "ingest/sources/json.hpp"

namespace hashprice::ingest {

/// The header of a block as Esplora and mempool.space write it: id, height, timestamp, bits,
/// previousblockhash. Their `difficulty` is cut short, and therefore not read.
domain::Block read_block(const Node& row, domain::UtcSeconds now);

}  // namespace hashprice::ingest
