#pragma once
// Private to storage/: what of a batch stands under a retraction.
#include <vector>

#include "storage/aside.hpp"
#include "storage/record.hpp"

namespace hashprice::storage {

/// The retractions of one source that stand.
class Retracted {
public:
    Retracted(Connection& c, SourceId source);
    [[nodiscard]] bool none() const { return ranges_.empty(); }
    [[nodiscard]] bool holds(UtcSeconds t) const;

    /// What of the batch may be used; the rest is put aside.
    domain::FactBatch believed(Connection& c, const domain::FactBatch& batch, const Speaker& by,
                               Recorded& done) const;

private:
    std::vector<domain::Range> ranges_;
};

/// Once for each fact, however often it is said.
void put_aside_retracted(Connection& c, std::string_view kind, const std::string& body,
                         const Speaker& said, UtcSeconds now);

}  // namespace hashprice::storage
