#pragma once
// Private to storage/: a fact back from the line of JSON that bodies.hpp made of it.
#include <string>
#include <string_view>

#include "storage/connection.hpp"
#include "storage/facts.hpp"

namespace hashprice::storage {

/// One fact of the kind, in a batch without source and time.
///
/// errors  another kind, text that is no JSON, a field that is missing or cannot be
///         -> Errc::out_of_range, naming it
Result<domain::FactBatch> fact_in(Connection& c, std::string_view kind, const std::string& body);

/// The last second that a fact speaks for: by it a range takes it in or leaves it out, so that
/// the close of a day belongs to that day.
inline UtcSeconds speaks_until(const domain::Block& b) { return b.time; }
inline UtcSeconds speaks_until(const domain::Epoch& e) { return e.start_time; }
inline UtcSeconds speaks_until(const domain::FeeMean& f) { return f.end - domain::seconds{1}; }
inline UtcSeconds speaks_until(const domain::Price& p) {
    return p.span > domain::seconds{0} ? p.time - domain::seconds{1} : p.time;
}

}  // namespace hashprice::storage
