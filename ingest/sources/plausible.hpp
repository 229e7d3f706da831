#pragma once
#include <span>
#include <vector>

#include "domain/facts.hpp"
#include "domain/result.hpp"
#include "domain/time.hpp"

/// What can be judged from one answer alone.   shape  pure
namespace hashprice::ingest {

constexpr std::int64_t kHighestHeight = 10'000'000;            ///< the year 2199
constexpr std::int64_t kHighestFees = 10'000LL * 100'000'000;  ///< of one block, in satoshi
/// A header may be 2 h ahead of the network's clock, and ours may be somewhat off.
constexpr domain::seconds kHeaderLead{2 * 3600 + 600};
/// How far a provider's clock may be ahead of ours.
constexpr domain::seconds kClockLead{60};

/// Whether the hash meets the target of `bits`: the proof of work.
bool meets_target(const domain::BlockHash& hash, domain::Bits bits);

/// errors  bits that are no target or far too easy for the height, a hash above the target, another
///         chain's first block
///         -> Errc::out_of_range, naming the field
domain::Status check_block(const domain::Block& block);

/// errors  in ascending order heights skip, a parent is not the block before, or bits change where
///         they may not -> Errc::out_of_range
domain::Status check_chain(std::span<const domain::Block> ascending);

struct Candle {
    domain::UtcSeconds start;
    domain::MicroUsd open, high, low, close;
    bool traded = true;  ///< false: a placeholder for a span without a trade
};
enum class RowOrder { oldest_first, newest_first };

/// Closes as of the candles' ends, in ascending order; what is not yet closed at `now` or was not
/// traded is dropped.
///
/// errors  a start that is not a multiple of the span (a daily candle of another time zone), rows
///         out of order or double, low above high -> Errc::out_of_range
domain::Result<std::vector<domain::Price>> closes_of(std::vector<Candle> candles,
                                                     domain::seconds span, RowOrder order,
                                                     domain::UtcSeconds now);

}  // namespace hashprice::ingest
