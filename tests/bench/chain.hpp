#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "domain/facts.hpp"

/// A chain as long as Bitcoin's that needs no file: every block is computed from its height, in
/// mempool.space's shape and size, and passes every check that a real one passes.
namespace hashprice::bench {

constexpr std::int64_t kPageBlocks = 15;
constexpr domain::Bits kBits{0x1702'fa05};  // 2025: difficulty 9.5e13

/// Header time: ten minutes apart, give or take what miners' clocks do.
domain::UtcSeconds time_of(std::int64_t height);
domain::Satoshi fees_of(std::int64_t height);
/// Heights [first, first + 15), newest first.
std::string page_from(std::int64_t first);
/// USD per BTC as of an instant: a slow wave, so that declines begin and end.
domain::MicroUsd price_at(domain::UtcSeconds t);
/// Closes of hourly candles that end in (from, to], ascending.
std::vector<domain::Price> hourly_closes(domain::UtcSeconds from, domain::UtcSeconds to);

}  // namespace hashprice::bench
