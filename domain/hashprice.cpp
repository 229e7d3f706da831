#include "domain/hashprice.hpp"

#include <fmt/format.h>

#include <cmath>

#include "domain/consensus.hpp"

namespace hashprice::domain {
namespace {

constexpr double kTwo48 = 1ULL << 48;
constexpr double kHashesPerPhDay = 86400e15;
constexpr double kHashesPerEh = 1e18;

bool positive(double x) { return std::isfinite(x) && x > 0; }

}  // namespace

double hashes_per_block(Difficulty difficulty) { return difficulty.value * kTwo48 / 65535.0; }

double network_ehs(Difficulty difficulty) {
    return hashes_per_block(difficulty) / static_cast<double>(kTargetSpacing.count()) /
           kHashesPerEh;
}

Result<Hashprice> hashprice_of(const HashpriceInputs& in) {
    if (!positive(in.difficulty.value)) {
        return fail(Errc::out_of_range,
                    fmt::format("difficulty {} is not above 0", in.difficulty.value));
    }
    if (!positive(in.price_usd)) {
        return fail(Errc::out_of_range, fmt::format("price {} USD is not above 0", in.price_usd));
    }
    const double reward_sat = static_cast<double>(in.subsidy.value) + in.fee_sat_mean;
    if (!std::isfinite(reward_sat) || in.subsidy.value < 0 || in.fee_sat_mean < 0) {
        return fail(Errc::out_of_range, fmt::format("reward of {} sat per block", reward_sat));
    }
    const double sat = kHashesPerPhDay * reward_sat / hashes_per_block(in.difficulty);
    return Hashprice{UsdPerPhDay{sat / kSatPerBtc * in.price_usd}, SatPerPhDay{sat}};
}

}  // namespace hashprice::domain
