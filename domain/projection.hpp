#pragma once
#include <cstdint>

#include "domain/hashprice.hpp"
#include "domain/result.hpp"
#include "domain/time.hpp"
#include "domain/units.hpp"

/// What the next retarget and the next halving will do to the hash price, all else equal.
///
///   shape   pure: no clock, no I/O, no state
///   source  METHOD section 5; the retarget rule itself is domain/consensus
namespace hashprice::domain {

/// Where the chain stands.
struct ChainPosition {
    std::int64_t height{};   ///< of the tip
    UtcSeconds tip_time;     ///< header times, as the retarget rule reads them
    UtcSeconds epoch_start;  ///< header time of the epoch's first block
    Bits bits;               ///< of the epoch
};

/// The next retarget, from n intervals between blocks of this epoch.
struct RetargetProjection {
    std::int64_t height{};       ///< a multiple of 2016, above the tip
    std::int64_t blocks_left{};  ///< blocks from the tip to it, itself included: 1..2016
    std::int64_t intervals{};    ///< n, 0..2015
    double block_seconds{};      ///< mean interval; the protocol's 600 s while n is 0
    UtcSeconds expected;         ///< when that block may come
    Bits bits;                   ///< of the next epoch, by the real rule on the extended epoch
    double change{};             ///< of difficulty, as a ratio: 0.0796 is +7.96 %
    double change_low{};         ///< 95 %: what 1.96 standard errors to either side lead to
    double change_high{};
    /// One standard error of the epoch's length: sqrt(1/n - 1/2015), about 1/sqrt(n) early on. What
    /// is already seen is certain, so it ends at 0. It is 1 while n is 0: nothing is known yet.
    double relative_error{};
    bool exact = false;  ///< the tip is the epoch's last block: no estimate any more
};

/// errors  negative height, bits that are no target -> Errc::out_of_range
Result<RetargetProjection> project_retarget(const ChainPosition& at);

struct HalvingProjection {
    std::int64_t height{};       ///< a multiple of 210,000, above the tip
    std::int64_t blocks_left{};  ///< itself included
    Satoshi subsidy;             ///< from it on
    UtcSeconds expected;         ///< this epoch's pace to its end, then 600 s per block
};

/// The hash price with one thing changed and all else (price, fees) as now.
struct Projection {
    RetargetProjection retarget;
    HalvingProjection halving;
    Hashprice now;
    Hashprice after_retarget;
    Hashprice after_retarget_low;   ///< at change_high: the lower hash price
    Hashprice after_retarget_high;  ///< at change_low
    Hashprice halved;               ///< what if: the next subsidy at today's difficulty
    Hashprice halved_after_retarget;
};

/// `now` are the inputs as of the tip; its difficulty is taken from `at.bits`, which is exact.
/// errors  as project_retarget and hashprice_of
Result<Projection> project(const ChainPosition& at, const HashpriceInputs& now);

}  // namespace hashprice::domain
