#pragma once
#include <optional>
#include <string_view>

#include "domain/time.hpp"

namespace hashprice::ingest {

/// The wait that a Retry-After header asks for: "120", or an HTTP date against `now`.
///
///   shape  pure; never negative, at most 7 days
///   none   anything else
std::optional<domain::seconds> parse_retry_after(std::string_view value, domain::UtcSeconds now);

}  // namespace hashprice::ingest
