#pragma once
#include <optional>
#include <string>
#include <vector>

#include "domain/economics.hpp"
#include "service/answers/latest.hpp"
#include "service/answers/trend_settings.hpp"

/// What the hash price means to whoever pays for power.
namespace hashprice::service::answers {

struct BreakevenQuery {
    std::optional<double> efficiency_j_per_th;  ///< a machine to reckon for, beside the fleets
    std::optional<double> power_usd_per_mwh;
    std::optional<double> usd_per_ph_day;  ///< what if: instead of the newest hash price
};
/// errors  not finite, efficiency or hash price not above 0 -> Errc::usage, named
domain::Status check(const BreakevenQuery& query);

/// The days of the last year (365 days up to the newest close).
constexpr domain::Days kYear{365};

struct FleetReport {
    domain::Fleet fleet;
    domain::FleetEconomics economics;
    domain::DaysBelow year;    ///< closes of the last year under the shutdown hash price
    bool under_water = false;  ///< by the closes, with hysteresis
    std::optional<domain::WaterCrossing> since;  ///< the newest crossing
};

struct Breakeven {
    std::optional<UtcSeconds> time;  ///< of the observation; none for a what-if without one
    std::optional<domain::Hashprice> hashprice;
    std::optional<double> price_usd;  ///< of one BTC
    bool what_if = false;
    std::string stale_reason;
    BreakevenQuery query;
    std::vector<FleetReport> fleets;
    std::vector<domain::Alternative> alternatives;
};

Result<Breakeven> breakeven(storage::Database& db, const TrendSettings& settings,
                            const BreakevenQuery& query, const Freshness& freshness);
std::string breakeven_json(const Breakeven& breakeven);

}  // namespace hashprice::service::answers
