#pragma once
#include <optional>
#include <string>
#include <vector>

#include "storage/database.hpp"

/// Hash prices as others publish them, beside ours of the same moment.
namespace hashprice::storage {

struct Comparison {
    std::string source;
    UtcSeconds time;
    double usd_per_ph_day{};       ///< theirs
    double ours_usd_per_ph_day{};  ///< as it was known when theirs was fetched
    UtcSeconds ours_time;          ///< of our observation: at or shortly before `time`

    [[nodiscard]] double difference() const { return usd_per_ph_day - ours_usd_per_ph_day; }
    [[nodiscard]] double ratio() const { return usd_per_ph_day / ours_usd_per_ph_day - 1.0; }
};

/// The first word about an instant stays.
Status note_comparison(Database& db, const Comparison& comparison, UtcSeconds fetched_at);
/// Those with from <= time < to, by time and source.
Result<std::vector<Comparison>> comparisons_between(Database& db, UtcSeconds from, UtcSeconds to);
/// The newest of each source, by source.
Result<std::vector<Comparison>> newest_comparisons(Database& db);

}  // namespace hashprice::storage
