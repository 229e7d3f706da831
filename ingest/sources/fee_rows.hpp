#pragma once
#include <span>
#include <vector>

#include "domain/facts.hpp"
#include "ingest/sources/source.hpp"

namespace hashprice::ingest {

/// Sorts by height and marks the rows that are surely one block each.
///
/// A provider that groups by second merges blocks of equal header time into one row with their mean
/// height and mean fees. Such a row leaves a hole beside it, or doubles a height. A row is exact
/// only if the two heights below and the two above it are there, each once.
///   shape  pure
void mark_exact(std::vector<BlockFees>& rows);

/// Block facts (hash unknown) of the exact rows, bits by epoch; rows of epochs that are not known
/// are left out.   shape  pure; `epochs` ascending
std::vector<domain::Block> blocks_of(std::span<const BlockFees> rows,
                                     std::span<const domain::Epoch> epochs);

}  // namespace hashprice::ingest
