#pragma once
// Private to storage/: writing the chain.
#include <vector>

#include "storage/aside.hpp"
#include "storage/record.hpp"

namespace hashprice::storage {

void record_epoch(Connection& c, const domain::Epoch& epoch, const Speaker& by, Recorded& done);
void record_blocks(Connection& c, const std::vector<domain::Block>& blocks, const Speaker& by,
                   Recorded& done);
/// A block of the operator's choice, judged by nothing; its height is free.
void set_block(Connection& c, const domain::Block& block, const Speaker& by, Recorded& done);
/// The same for any fact.
void record_released(Connection& c, const domain::FactBatch& fact, const Speaker& by,
                     Recorded& done);
/// The epochs that begin on a branch that lost go with it.
void drop_epochs_from(Connection& c, std::int64_t height, UtcSeconds now);

}  // namespace hashprice::storage
