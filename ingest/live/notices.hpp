#pragma once
#include <functional>
#include <string>

#include "ingest/derive/derive.hpp"
#include "storage/polls.hpp"
#include "storage/role_changes.hpp"

namespace hashprice::ingest {

/// A source, or the database, became unusable or usable again.
struct Change {
    std::string name;
    bool up{};
    std::string what;          ///< why it is not: one line
    domain::UtcSeconds at;     ///< when that was noticed
    domain::seconds lasted{};  ///< the outage that is over
};

/// What polling tells the outside. Empty functions are not called.
///
///   threads  called by any poller, several at once
struct Notices {
    std::function<void(const Derived&)> observed;     ///< observations changed, already written
    std::function<void(const storage::Poll&)> asked;  ///< each attempt, whatever came of it
    std::function<void(const Change&)> source;        ///< once per outage, and once when it is over
    /// The same, and the first success of a run, in the transaction that stores the attempt's
    /// outcome. Called while nobody else writes; an error undoes the transaction.
    std::function<domain::Status(storage::Database&, const Change&)> record;
    std::function<void(const storage::RoleChange&)> role;  ///< another source plays it now
    std::function<void(const Change&)> database;           ///< the same for writing
};

}  // namespace hashprice::ingest
