#pragma once
#include "domain/daily.hpp"
#include "domain/episode.hpp"
#include "domain/result.hpp"

namespace hashprice::trend {

/// What a change of the hash price between two closes was made of.
///
/// ln(HP1/HP0) = ln(P1/P0) - ln(D1/D0) + ln(R1/R0), R = subsidy + mean fee; the last term is split
/// between the two by the logarithmic mean of R, so the four parts sum to the whole. Counted in BTC
/// or satoshi the hash price has no price part.
///
///   shape   pure; `to` may lie before `from`
///   errors  inputs that make no hash price, or one of 0 -> Errc::out_of_range
///   source  METHOD section 3
domain::Result<domain::Attribution> attribution_of(const domain::DailyInputs& from,
                                                   const domain::DailyInputs& to,
                                                   domain::Denomination denomination);

}  // namespace hashprice::trend
