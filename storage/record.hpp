#pragma once
#include <string>
#include <vector>

#include "domain/facts.hpp"
#include "storage/database.hpp"

/// Writing facts. Call within a Transaction.
namespace hashprice::storage {

/// What became of a batch, and which instants it touches.
struct Recorded {
    std::int64_t added = 0;
    std::int64_t unchanged = 0;
    std::int64_t revised =
        0;  ///< a source corrected itself, or a better one spoke: the old fact was put aside
    std::int64_t refused = 0;  ///< went to quarantine
    std::vector<domain::Range>
        touched;  ///< [first instant, last instant] that the change may alter

    Recorded& operator+=(const Recorded& other);
};

/// Writes every fact of the batch, ascending, each under its natural key: the same fact twice is
/// one row.
///
///   blocks     one a height. What an earlier source left open (fees, hash) is filled in; what
///   contradicts it is
///              refused, and only replace_branch exchanges it. A block at a retarget height is an
///              epoch as well.
///   prices,    one a source, time and span. A later word of the same source replaces the earlier,
///   which is fee means  put aside. epochs     one a height. Any source outranks the starter
///   history; else what differs in bits is refused. errors     SQLite's -> Errc::database; the
///   transaction is then to be rolled back
Result<Recorded> record(Database& db, const domain::FactBatch& batch);

/// Exchanges every stored block from the lowest height of `batch.blocks` on by these (a
/// reorganization): what stood there is put aside with reason "reorg".
Result<Recorded> replace_branch(Database& db, const domain::FactBatch& batch);

}  // namespace hashprice::storage
