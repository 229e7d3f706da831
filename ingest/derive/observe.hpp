#pragma once
#include <optional>
#include <vector>

#include "domain/observation.hpp"
#include "ingest/derive/chain_as_of.hpp"
#include "ingest/derive/price_index.hpp"

namespace hashprice::ingest {

/// The facts that instants of (from, to] may depend on, each kind in ascending order.
struct FactsWindow {
    std::vector<storage::Sourced<domain::Block>> blocks;
    std::vector<storage::Sourced<domain::FeeMean>> fee_means;
    std::vector<storage::Sourced<domain::Epoch>> epochs;
    std::vector<storage::Sourced<domain::Price>> prices;
};

/// What is known at one instant, whether or not it suffices for an observation.
struct Evidence {
    std::optional<ChainTip> tip;
    std::optional<FeesAsOf> fees;
    std::optional<PriceIndex> price;
    std::vector<Quote> quotes;  ///< what every source said, counted or not
};
Evidence evidence_at(const FactsWindow& facts, UtcSeconds t, const DeriveOptions& options);

/// The observation that the evidence supports.
///
///   shape   pure
///   rule    without a price, a tip, or fees less than 24 h old there is none
std::optional<domain::Observation> observation_of(const Evidence& evidence, UtcSeconds t,
                                                  const DeriveOptions& options);

/// Every observation in (from, to]: at the end of each candle, and at each instant of the live grid
/// that has a tick not older than max_age. Each from facts with time <= its instant alone.
std::vector<domain::Observation> observe(const FactsWindow& facts, UtcSeconds from, UtcSeconds to,
                                         const DeriveOptions& options);

}  // namespace hashprice::ingest
