#pragma once
#include "domain/facts.hpp"

namespace hashprice::ingest {

/// The history that ships inside the program, so that charts and the trend have something to show
/// before the first answer of any source: every difficulty epoch since genesis, and for some days
/// the daily close and the fees of the last 144 blocks as of 24:00 UTC. Fees of 2025-08-06 to
/// 2025-08-10 are not known and are not in it.
///
///   shape   pure; the same batch every time, in ascending order. source "starter", fetched_at the
///           end of the UTC day of its newest fact
///   source  NOTICE names the origins; tools/make_starter.py makes the tables
domain::FactBatch starter_facts();

}  // namespace hashprice::ingest
