#pragma once
#include <optional>
#include <string>
#include <vector>

#include "storage/database.hpp"

namespace hashprice::storage {

/// A dated note of the operator.
struct Annotation {
    std::int64_t id{};
    UtcSeconds time;
    std::string text;
    UtcSeconds recorded_at;
};

/// Returns its id. Call within a Transaction.
Result<std::int64_t> add_annotation(Database& db, UtcSeconds time, const std::string& text,
                                    UtcSeconds now);
/// Takes it out of use; the row stays, with the time.
///   errors  no such note, or removed already -> Errc::not_found
Status remove_annotation(Database& db, std::int64_t id, UtcSeconds now);
/// Notes in use with a time in [from, to), by time.
Result<std::vector<Annotation>> annotations_between(Database& db, UtcSeconds from, UtcSeconds to);

}  // namespace hashprice::storage
