#pragma once
#include <string_view>

#include "domain/result.hpp"

namespace hashprice::ingest {

/// What the poll log calls a failure: timeout, network, http_status, bad_payload, out_of_range,
/// not_found; anything else is "failed".   shape  pure
std::string_view outcome_of(domain::Errc code);

}  // namespace hashprice::ingest
