#pragma once
#include <cstdint>

#include "domain/facts.hpp"
#include "domain/time.hpp"
#include "domain/units.hpp"

namespace hashprice::domain {

using SourceId =
    std::int32_t;  ///< row of the sources table, 0..61, so that a set of them is one integer

/// Why an observation is to be read with care.
enum ObservationFlag : std::uint32_t {
    kTipStale = 1U << 0,  ///< the newest known block is over 3 h older than the instant
    kFeeWindowOld =
        1U << 1,           ///< the newest complete fee window ends before the tip, at most 24 h ago
    kFewPrices = 1U << 2,  ///< fewer price sources than price.min_sources
    kPricesDisagree =
        1U << 3,  ///< two sources are left and differ by more than price.max_deviation
};
constexpr std::uint32_t kStaleFlags = kTipStale;
constexpr std::uint32_t kDegradedFlags = kFeeWindowOld | kFewPrices | kPricesDisagree;

/// The hash price as of one instant, with every input it was computed from.
struct Observation {
    UtcSeconds time;
    seconds span{};         ///< it speaks for (time - span, time]
    std::int64_t height{};  ///< of the tip
    Bits bits;              ///< of the tip
    Satoshi fee_sum;
    std::int32_t fee_blocks{};  ///< fee mean = fee_sum / fee_blocks
    FeeWindow fee_window{};
    double price_usd{};             ///< the index
    std::uint64_t price_sources{};  ///< bit n: source n counted in the index
    SourceId chain_source{};
    SourceId fee_source{};
    std::uint32_t flags{};
    double usd_per_ph_day{};
    double sat_per_ph_day{};

    [[nodiscard]] bool stale() const { return (flags & kStaleFlags) != 0; }
    [[nodiscard]] bool degraded() const { return (flags & kDegradedFlags) != 0; }
    [[nodiscard]] double fee_sat_mean() const {
        return static_cast<double>(fee_sum.value) / fee_blocks;
    }
    friend bool operator==(const Observation&, const Observation&) = default;
};

}  // namespace hashprice::domain
