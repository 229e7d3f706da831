#pragma once
#include <optional>

#include "domain/observation.hpp"

namespace hashprice::ingest {

enum class IndexMethod { mean, median };

/// How facts become observations. The same options and facts give the same observations.
struct DeriveOptions {
    std::uint64_t preferred{};                ///< bit n: source n is a member of the price index
    std::optional<domain::SourceId> starter;  ///< outranked by every other source
    IndexMethod method = IndexMethod::mean;
    int min_sources = 2;           ///< fewer: recorded, marked degraded
    domain::seconds max_age{300};  ///< of a tick
    double max_deviation = 0.03;   ///< from the median of the sources
    domain::seconds grid{60};      ///< the live grid, on which ticks are observed
    domain::seconds tip_max_age = 3 * domain::kHour;  ///< an older tip is stale
};

}  // namespace hashprice::ingest
