#pragma once
#include <span>

#include "ingest/derive/observe.hpp"
#include "storage/database.hpp"
#include "storage/record.hpp"

/// From stored facts to stored observations and bars. Call within a Transaction.
///
///   errors  SQLite's -> Errc::database
namespace hashprice::ingest {

/// The facts that the instants of (from, to] depend on.
domain::Result<FactsWindow> load_window(storage::Database& db, UtcSeconds from, UtcSeconds to,
                                        const DeriveOptions& options);

/// What a derivation changed.
struct Derived {
    std::int64_t changed = 0;  ///< observations written, rewritten or taken away
    UtcSeconds first;          ///< of the changed instants; meaningless without any
    UtcSeconds last;
};

/// Makes observations and bars in (from, to] what facts and options say; rewrites nothing that is
/// so already. Reads a month at a time, so that memory does not grow with the range.
domain::Result<Derived> derive(storage::Database& db, UtcSeconds from, UtcSeconds to,
                               const DeriveOptions& options, UtcSeconds now);

/// The same for the instants that changed facts touch, none later than `horizon`.
domain::Result<Derived> derive_touched(storage::Database& db,
                                       std::span<const domain::Range> touched, UtcSeconds horizon,
                                       const DeriveOptions& options, UtcSeconds now);

}  // namespace hashprice::ingest
