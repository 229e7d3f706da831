#pragma once
#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "domain/daily.hpp"
#include "domain/hashprice.hpp"
#include "domain/result.hpp"
#include "domain/units.hpp"

/// What a hash price means to somebody who pays for power.
///
///   shape   pure: no clock, no I/O, no state
///   units   hash price and cost in USD per PH/s and day; power in USD per MWh; machines in J per
///   TH
///           (1 PH/s at 1 J/TH draws 1 kW, 0.024 MWh a day)
///   errors  none: values are checked where they enter (check_fleet); what has no answer is empty
///   source  METHOD section 4
namespace hashprice::domain {

/// Machines of one efficiency at one power price, as the operator set them.
struct Fleet {
    std::string name;
    JoulePerTh efficiency;
    UsdPerMwh power;           ///< may be negative: some are paid to take it
    double hashrate_ph{};      ///< of the whole fleet
    double pool_fee = 0;       ///< ratio of the revenue
    double uptime = 1;         ///< share of the day
    bool take_or_pay = false;  ///< power is paid all day, hashing or not
    std::optional<double> machine_usd_per_th;
    std::optional<double> machine_btc_per_th;
};

/// What the same power could earn elsewhere.
struct Alternative {
    std::string name;
    UsdPerMwh revenue;
};

/// errors  the first setting that cannot be, by name -> Errc::config
Status check_fleet(const Fleet& fleet);
Status check_alternative(const Alternative& alternative);

UsdPerPhDay power_cost(JoulePerTh efficiency, UsdPerMwh power);

/// The power price at which revenue pays for power and nothing else; also the revenue per MWh.
UsdPerMwh breakeven_power(UsdPerPhDay hashprice, JoulePerTh efficiency);
/// After the pool's fee; under take_or_pay the idle hours are paid from the busy ones too.
UsdPerMwh net_breakeven_power(UsdPerPhDay hashprice, const Fleet& fleet);

/// Machines that need more than this lose money; none where power costs nothing (all earn).
std::optional<JoulePerTh> breakeven_efficiency(UsdPerPhDay hashprice, UsdPerMwh power);

/// What is left of a day's hash price after fee and power, per PH/s of machines owned.
UsdPerPhDay margin(UsdPerPhDay hashprice, const Fleet& fleet);

/// The hash price at which the margin is 0: below it the fleet loses money by running.
UsdPerPhDay shutdown_hashprice(const Fleet& fleet);
/// The BTC price at which it is, at the same difficulty, fees and subsidy; none if nothing is
/// mined.
std::optional<double> shutdown_btc_usd(const Fleet& fleet, SatPerPhDay mined);

/// Everything about one fleet at one hash price.
struct FleetEconomics {
    UsdPerPhDay power_cost;     ///< per PH/s that runs all day
    UsdPerMwh gross_breakeven;  ///< = revenue per MWh
    UsdPerMwh net_breakeven;
    std::optional<JoulePerTh> breakeven_efficiency;  ///< gross
    UsdPerPhDay margin;
    double fleet_margin_usd{};  ///< per day, of the whole fleet
    double fleet_power_mw{};    ///< metered while it runs
    UsdPerPhDay shutdown_hashprice;
    std::optional<double> shutdown_btc_usd;
    std::optional<double> payback_days_usd;  ///< none without a machine price, or with margin <= 0
    std::optional<double> payback_days_btc;
};
FleetEconomics economics_of(const Fleet& fleet, const Hashprice& now);

/// The usual classes of machines, for tables: [from, to) in J/TH.
struct Tier {
    std::string_view name;
    JoulePerTh from;
    std::optional<JoulePerTh> to;  ///< none: open upwards
};
inline constexpr std::array kTiers{
    Tier{"under 19", JoulePerTh{0}, JoulePerTh{19}}, Tier{"19-25", JoulePerTh{19}, JoulePerTh{25}},
    Tier{"25-38", JoulePerTh{25}, JoulePerTh{38}}, Tier{"38-68", JoulePerTh{38}, JoulePerTh{68}},
    Tier{"above 68", JoulePerTh{68}, std::nullopt}};
const Tier& tier_of(JoulePerTh efficiency);

/// Break-even power prices of a tier's best and worst machine; none at an end that is open.
struct TierBreakeven {
    std::optional<UsdPerMwh> best;
    std::optional<UsdPerMwh> worst;
};
TierBreakeven tier_breakeven(UsdPerPhDay hashprice, const Tier& tier);

/// Days with a close under the fleet's shutdown hash price, of the days that have a close.
struct DaysBelow {
    std::int64_t below{};
    std::int64_t observed{};
    friend bool operator==(const DaysBelow&, const DaysBelow&) = default;
};
DaysBelow days_below_breakeven(const Fleet& fleet, std::span<const DailyPoint> usd_closes);

/// A fleet counts as dry again only this far above its shutdown hash price: the noise of a day's
/// fees is of that size, and a price that grazes the line is to be told once.
constexpr double kSurfaceBand = 0.03;

/// Whether a fleet is under water after a close, given whether it was before. Before the first
/// close it is not.
bool under_water(bool before, UsdPerPhDay close, const Fleet& fleet);

struct WaterCrossing {
    Day day;
    bool under = false;  ///< from this close on
    friend bool operator==(const WaterCrossing&, const WaterCrossing&) = default;
};
/// Every crossing of the line in a series of closes in order of days; a missing day changes
/// nothing.
std::vector<WaterCrossing> water_crossings(const Fleet& fleet,
                                           std::span<const DailyPoint> usd_closes);

}  // namespace hashprice::domain
