#pragma once
#include "domain/result.hpp"
#include "domain/units.hpp"

namespace hashprice::domain {

struct HashpriceInputs {
    Difficulty difficulty;
    Satoshi subsidy;        ///< per block
    double fee_sat_mean{};  ///< satoshi per block, mean of the window
    double price_usd{};     ///< of one BTC
};

struct Hashprice {
    UsdPerPhDay usd;
    SatPerPhDay sat;
};

/// What one petahash per second is expected to earn in a day, gross, before pool fee.
///
///   shape   pure: no clock, no I/O, no state
///   units   satoshi per block, USD per BTC in; per PH/s and day out
///   errors  difficulty or price not finite and > 0, or a negative reward -> Errc::out_of_range
///   source  expected hashes per block = 2^256 / (target + 1) = difficulty * 2^48 / 65535 (Bitcoin
///   Core, GetBlockProof)
Result<Hashprice> hashprice_of(const HashpriceInputs& in);

/// Expected hashes to find one block; times blocks per second it is the network's hash rate.
double hashes_per_block(Difficulty difficulty);

/// The hash rate (EH/s) that finds a block every ten minutes at this difficulty.
double network_ehs(Difficulty difficulty);

}  // namespace hashprice::domain
