#pragma once
#include <string_view>

#include "domain/facts.hpp"

namespace hashprice::ingest {

/// A tip height sent as plain text.
///
/// A body that was cut off still reads as a lower height: only the transport can tell.
///   errors  anything but digits -> Errc::bad_payload; absurdly high -> Errc::out_of_range
domain::Result<std::int64_t> decode_height_text(std::string_view body);

/// Blocks as they came, newest first, turned ascending and checked one by one and as a chain.
domain::Result<std::vector<domain::Block>> checked_page(std::vector<domain::Block> newest_first);

/// errors  blocks above `top`, which nobody asked for -> Errc::out_of_range
domain::Result<std::vector<domain::Block>> not_above(
    std::int64_t top, domain::Result<std::vector<domain::Block>> page);

}  // namespace hashprice::ingest
