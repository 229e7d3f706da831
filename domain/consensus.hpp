#pragma once
#include <cstdint>

#include "domain/result.hpp"
#include "domain/time.hpp"
#include "domain/units.hpp"

/// Bitcoin's rules, as far as hash price needs them.
///
///   shape   pure: no clock, no I/O, no state
///   source  Bitcoin Core: validation.cpp GetBlockSubsidy, pow.cpp CalculateNextWorkRequired,
///           rpc/blockchain.cpp GetDifficulty, arith_uint256.cpp SetCompact/GetCompact
namespace hashprice::domain {

constexpr std::int64_t kBlocksPerEpoch = 2016;
constexpr std::int64_t kBlocksPerHalving = 210'000;
constexpr seconds kTargetSpacing{600};
constexpr seconds kTargetTimespan{1'209'600};
constexpr Bits kPowLimit{0x1d00ffff};

/// errors  zero, negative, or easier than the proof-of-work limit -> Errc::out_of_range
Result<Difficulty> difficulty_of(Bits bits);

/// The bits whose difficulty prints as `difficulty`, for sources that send only that.
/// errors  no bits within a relative 1e-9 -> Errc::out_of_range
Result<Bits> bits_of(Difficulty difficulty);

/// 0 from height 6,930,000 on, and for negative heights.
Satoshi subsidy_at(std::int64_t height);

constexpr bool is_retarget(std::int64_t height) { return height % kBlocksPerEpoch == 0; }
constexpr std::int64_t epoch_start(std::int64_t height) {
    return height - height % kBlocksPerEpoch;
}

/// Bits of the next epoch, from the header times of this one's first and last block (2015
/// intervals).
Bits retarget(Bits old, UtcSeconds first, UtcSeconds last);

/// Whether one retarget may lead from `before` to `after`: at most a factor of 4 either way.
bool within_retarget_clamp(Bits before, Bits after);

}  // namespace hashprice::domain
