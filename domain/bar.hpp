#pragma once
#include <span>
#include <vector>

#include "domain/observation.hpp"

namespace hashprice::domain {

/// Summary of one quantity over a bar; `mean` is weighted by the seconds that each value speaks
/// for.
struct Ohlc {
    double open{};
    double high{};
    double low{};
    double close{};
    double mean{};
    friend bool operator==(const Ohlc&, const Ohlc&) = default;
};

/// The observations with start < t <= end of bar, summed up.
struct Bar {
    UtcSeconds start;
    std::int64_t covered_s{};  ///< seconds of the bar that observations speak for; coverage =
                               ///< covered_s / length
    Ohlc usd;                  ///< USD per PH/s and day
    Ohlc sat;                  ///< satoshi per PH/s and day
    friend bool operator==(const Bar&, const Bar&) = default;
};

/// What a bar is made of: an observation, or a bar of the next finer step.
struct BarPiece {
    UtcSeconds end;  ///< it lies in (end - span, end]
    seconds span{};
    std::int64_t
        covered_s{};  ///< of a finer bar: its covered seconds; of an observation: all of its span
    Ohlc usd;
    Ohlc sat;
};
BarPiece piece_of(const Observation& o);
BarPiece piece_of(const Bar& b, seconds length);

/// One bar over (start, end], recomputed whole.
///
///   shape   pure; `pieces` in time order, a finer bar before an observation that ends with it,
///   none empty rule    a second belongs to the earliest piece at or after it whose span reaches it
///   source  METHOD section 2: bars and coverage
Bar fold_bar(UtcSeconds start, UtcSeconds end, std::span<const BarPiece> pieces);

}  // namespace hashprice::domain
