#pragma once
#include <vector>

#include "config/settings.hpp"

namespace hashprice::config {

/// mempool, esplora, bitcoin_core (off), blockchain_com, coinbase, kraken, bitstamp, gemini.
///
///   budgets  per minute and source, from what each provider publishes; where it publishes none,
///            6 (0.1 a second). mempool's 30 are for bursts: live polling needs 2 a minute.
std::vector<Source> built_in_sources();

/// sustained-decline: 20 % under the highest close of 180 days, in USD.
std::vector<TrendRule> built_in_rules();

}  // namespace hashprice::config
