#pragma once
#include "domain/facts.hpp"
#include "ingest/sources/json.hpp"

namespace hashprice::ingest {

/// What is read of a block, for read_block and for what a source adds in `extras`.
Fields block_fields(const Node& row);
/// The header of a block as Esplora and mempool.space write it: id, height, timestamp, bits,
/// previousblockhash. Their `difficulty` is cut short, and therefore not read.
domain::Block read_block(const Fields& row, domain::UtcSeconds now);

}  // namespace hashprice::ingest
