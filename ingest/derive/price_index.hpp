#pragma once
#include <optional>
#include <span>
#include <vector>

#include "ingest/derive/options.hpp"
#include "storage/facts.hpp"

namespace hashprice::ingest {

using domain::seconds;
using domain::SourceId;
using domain::UtcSeconds;

/// What one source's price counts for at an instant.
enum class QuoteVerdict {
    counted,
    outlier,   ///< further than max_deviation from the median while at least two others agree
    outranked  ///< a source of a higher rank has a price
};

struct Quote {
    storage::Sourced<domain::Price> price;
    QuoteVerdict verdict = QuoteVerdict::counted;
};

struct PriceIndex {
    double usd{};             ///< of one BTC
    std::uint64_t sources{};  ///< bit n: source n counted
    std::uint32_t flags{};    ///< kFewPrices, kPricesDisagree
    seconds span{};           ///< the finest of what counted; the grid for a tick
};

/// The index over one quote a source.
///
///   shape   pure; marks each quote's verdict in place
///   rank    members of the index, then any other fetched source, then the starter history: the
///   first that has one rule    of three or more, those beyond max_deviation of the median are
///   outliers; if fewer than two would be
///           left, or only two are there and disagree, all count and the index says kPricesDisagree
///   source  METHOD section 2, price as of t
std::optional<PriceIndex> price_index(std::span<Quote> quotes, const DeriveOptions& options);

}  // namespace hashprice::ingest
