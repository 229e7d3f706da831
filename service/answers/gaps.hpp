#pragma once
#include <string>
#include <vector>

#include "service/answers/latest.hpp"

/// What is missing, why, and whether somebody is at it.
namespace hashprice::service::answers {

struct GapReport {
    storage::Gap gap;
    std::string why;  ///< as far as the stored facts tell
    bool being_repaired = false;
};

/// Who repairs gaps of this database now.
struct Repair {
    bool backfill = false;                 ///< a backfill runs
    std::optional<UtcSeconds> heals_from;  ///< a daemon heals what is younger
};
/// `heals`: poll.backfill_on_start.
Repair repair_of(const std::filesystem::path& database, seconds heals, UtcSeconds now);

/// Gaps between the first and the last observation, clipped to the range.
Result<std::vector<GapReport>> gaps(storage::Database& db, const domain::Range& range,
                                    const Repair& repair);
std::string gaps_json(const domain::Range& range, const std::vector<GapReport>& gaps);

}  // namespace hashprice::service::answers
