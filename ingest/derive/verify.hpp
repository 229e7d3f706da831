#pragma once
#include <optional>

#include "ingest/derive/options.hpp"
#include "storage/database.hpp"

namespace hashprice::ingest {

/// How far stored results are from what the stored facts give.
struct Verdict {
    std::int64_t observations = 0;            ///< missing, too many, or with another value
    std::int64_t bars = 0;                    ///< the same, of what the stored observations make
    std::optional<domain::UtcSeconds> first;  ///< of the observations; none: all are right
    [[nodiscard]] bool good() const { return observations == 0 && bars == 0; }
};

/// Derives everything again from the facts and compares, without writing; stretches whose prices
/// were forgotten are compared with their bars only. A month at a time: memory does not grow with
/// the history. Sees one state of the database, also while a daemon writes.
///
///   errors  SQLite's -> Errc::database
domain::Result<Verdict> verify(storage::Database& db, const DeriveOptions& options);

}  // namespace hashprice::ingest
