#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

#include "domain/units.hpp"

namespace hashprice::ingest {

constexpr domain::MicroUsd kHighestPrice{100'000'000LL * 1'000'000};  ///< USD 100 M per BTC

/// "12345.678" times 10^places, exactly; what lies beyond is rounded half to even.
///
///   shape   pure; digits with at most one point between digits: no sign, blank or exponent
///   none    anything else, or more than 18 digits in the result
std::optional<std::int64_t> parse_decimal(std::string_view text, int places);

/// The shortest decimal that reads back as `value`, times 10^places: the digits that a provider
/// wrote, up to 15 of them.   none  not finite, negative, or too large
std::optional<std::int64_t> decimal_of(double value, int places);

}  // namespace hashprice::ingest
