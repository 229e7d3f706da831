#include "trend/attribution.hpp"

#include <fmt/format.h>

#include <cmath>

#include "domain/hashprice.hpp"

namespace hashprice::trend {
namespace {

using domain::DailyInputs;
using domain::Denomination;

domain::Result<double> value_of(const DailyInputs& in, Denomination denomination) {
    const auto hp =
        domain::hashprice_of({in.difficulty, in.subsidy, in.fee_sat_mean, in.price_usd});
    if (!hp) return tl::unexpected(hp.error());
    if (!(hp->sat.value > 0)) {
        return domain::fail(
            domain::Errc::out_of_range,
            fmt::format("{}: a hash price of 0 has no logarithm", domain::format_date(in.day)));
    }
    return domain::value_in(denomination, hp->usd, hp->sat);
}

/// (R1 - R0) / ln(R1 / R0), without the cancellation where R hardly changes.
double logarithmic_mean(double r0, double change) {
    return change == 0 ? r0 : change / std::log1p(change / r0);
}

}  // namespace

domain::Result<domain::Attribution> attribution_of(const DailyInputs& from, const DailyInputs& to,
                                                   Denomination denomination) {
    const auto before = value_of(from, denomination);
    if (!before) return tl::unexpected(before.error());
    const auto after = value_of(to, denomination);
    if (!after) return tl::unexpected(after.error());

    const auto subsidy0 = static_cast<double>(from.subsidy.value);
    const double subsidy_change = static_cast<double>(to.subsidy.value) - subsidy0;
    const double fee_change = to.fee_sat_mean - from.fee_sat_mean;
    const double mean = logarithmic_mean(subsidy0 + from.fee_sat_mean, subsidy_change + fee_change);

    domain::Attribution out{.from = from.day, .to = to.day};
    out.log_change = std::log(*after / *before);
    if (denomination == Denomination::usd) out.price = std::log(to.price_usd / from.price_usd);
    out.difficulty = -std::log(to.difficulty.value / from.difficulty.value);
    out.subsidy = subsidy_change / mean;
    out.fees = fee_change / mean;
    return out;
}

}  // namespace hashprice::trend
