#pragma once
#include <optional>
#include <span>
#include <vector>

#include "domain/facts.hpp"
#include "ingest/sources/source.hpp"

/// Fees by UTC day, for a past whose single blocks are not asked for.
///
///   shape   pure
///   source  the mean height of a day's blocks lies in their middle; where two days meet lies the
///           middle between their means
namespace hashprice::ingest {

/// The fee means of days that came with a mean, ascending. The mean is exact; how many blocks it
/// is of and the height at the day's end are worked out from the heights, to a few blocks.
std::vector<domain::FeeMean> fee_means_of(std::span<const DayFees> days);

/// Whether the day's end is so near a halving that its height must be known to the block: the
/// height of that halving.
std::optional<std::int64_t> halving_near(const domain::FeeMean& day);

/// The height at `end`, as far as a page of blocks, ascending, corrects what was worked out.
std::int64_t height_at(domain::UtcSeconds end, std::span<const domain::Block> page,
                       std::int64_t worked_out);

}  // namespace hashprice::ingest
