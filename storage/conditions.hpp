#pragma once
#include <string>
#include <vector>

#include "storage/database.hpp"

/// What is good or bad, and since when: whether a source answers, whether the data are fresh.
namespace hashprice::storage {

struct Condition {
    std::string kind;     ///< source, readiness
    std::string subject;  ///< name of the source; "data"
    bool good = true;
    std::string reason;  ///< why not: one line
    UtcSeconds since;
};

/// Stored if it is another one than before. Returns whether it is news: a subject that was never
/// seen is news only when it is bad. Call within a Transaction.
///   errors  SQLite's -> Errc::database
Result<bool> note_condition(Database& db, const Condition& condition);
/// Those that are bad, by kind and subject.
Result<std::vector<Condition>> bad_conditions(Database& db);

}  // namespace hashprice::storage
