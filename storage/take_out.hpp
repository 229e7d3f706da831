#pragma once
// Private to storage/: facts in use, taken out of it.
#include "storage/record.hpp"

namespace hashprice::storage {

/// Everything of a source in the range, put aside as retracted.
void take_out_of(Connection& c, SourceId source, const domain::Range& range, UtcSeconds now,
                 Recorded& done);

/// What stands at the key of the one fact in `key`, whoever said it, put aside as overruled.
void overrule(Connection& c, const domain::FactBatch& key, SourceId source, UtcSeconds now,
              Recorded& done);

}  // namespace hashprice::storage
