#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/time.hpp"
#include "storage/record.hpp"

/// Taking what a source said out of use, and back.
///
///   rule  a retraction stands until it is undone: what its source says about the range again, the
///         same or something else, is kept aside as well. Other sources, `import` among them, are
///         heard as ever. A range takes in whatever speaks for seconds of it: the close of a day,
///         which is known at 24:00, belongs to that day.
namespace hashprice::storage {

struct Retraction {
    std::string source;
    domain::Range range;
    UtcSeconds retracted_at;
};
/// Those that stand, by source and start.
Result<std::vector<Retraction>> retractions(Database& db);

/// Puts the source's facts of the range aside. Where an epoch of the starter history had given way
/// to one of them it is in use again. Call within a Transaction.
///
/// errors  a source that never said anything, or an empty range -> Errc::usage
Result<Recorded> retract(Database& db, std::string_view source, const domain::Range& range,
                         UtcSeconds now);

/// Puts the retracted facts of the range in use again, those included that came meanwhile. Call
/// within a Transaction.
///
/// errors  nothing of the source is retracted there -> Errc::not_found
Result<Recorded> undo_retraction(Database& db, std::string_view source, const domain::Range& range,
                                 UtcSeconds now);

}  // namespace hashprice::storage
