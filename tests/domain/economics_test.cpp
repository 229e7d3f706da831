#include "domain/economics.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

namespace hashprice::domain {
namespace {

Fleet hall(double efficiency = 20, double power = 60) {
    return {.name = "hall-a",
            .efficiency = JoulePerTh{efficiency},
            .power = UsdPerMwh{power},
            .hashrate_ph = 100};
}

double one_digit(double x) { return std::round(x * 10) / 10; }

// METHOD section 4's table, to the digit
TEST(Economics, BreakEvenPowerPricesAreMethodsTable) {
    struct Row {
        double efficiency;
        double at_62, at_40, at_35;
    };
    for (const Row& r : {Row{13.5, 191.4, 123.5, 108.0}, Row{17.5, 147.6, 95.2, 83.3},
                         Row{21.5, 120.2, 77.5, 67.8}, Row{30.5, 84.7, 54.6, 47.8}}) {
        SCOPED_TRACE(r.efficiency);
        const auto at = [&](double hashprice) {
            return one_digit(
                breakeven_power(UsdPerPhDay{hashprice}, JoulePerTh{r.efficiency}).value);
        };
        EXPECT_EQ(at(62), r.at_62);
        EXPECT_EQ(at(40), r.at_40);
        EXPECT_EQ(at(35), r.at_35);
    }
}

// 1 PH/s at 20 J/TH draws 20 kW: 0.48 MWh a day, 28.80 USD at 60 USD/MWh
TEST(Economics, PowerCostsWhatItCosts) {
    EXPECT_DOUBLE_EQ(power_cost(JoulePerTh{20}, UsdPerMwh{60}).value, 28.8);
    EXPECT_DOUBLE_EQ(margin(UsdPerPhDay{40}, hall()).value, 11.2);
}

TEST(Economics, FeeAndUptimeComeOffTheMarginAndIdleMachinesDrawNothing) {
    Fleet f = hall();
    f.pool_fee = 0.02;
    f.uptime = 0.5;
    EXPECT_DOUBLE_EQ(margin(UsdPerPhDay{40}, f).value, (39.2 - 28.8) / 2);
    EXPECT_DOUBLE_EQ(net_breakeven_power(UsdPerPhDay{40}, f).value, 39.2 / 0.48);
    EXPECT_DOUBLE_EQ(shutdown_hashprice(f).value, 28.8 / 0.98);
}

TEST(Economics, UnderTakeOrPayTheIdleHoursArePaidToo) {
    Fleet f = hall();
    f.pool_fee = 0.02;
    f.uptime = 0.5;
    f.take_or_pay = true;
    EXPECT_NEAR(margin(UsdPerPhDay{40}, f).value, 39.2 / 2 - 28.8, 1e-12);
    EXPECT_DOUBLE_EQ(net_breakeven_power(UsdPerPhDay{40}, f).value, 39.2 / 0.48 / 2);
    EXPECT_DOUBLE_EQ(shutdown_hashprice(f).value, 28.8 / 0.98 / 0.5);
}

TEST(Economics, AtItsBreakEvenAFleetEarnsNothing) {
    for (const bool take_or_pay : {false, true}) {
        Fleet f = hall(21.5, 77);
        f.pool_fee = 0.025;
        f.uptime = 0.93;
        f.take_or_pay = take_or_pay;
        EXPECT_NEAR(margin(shutdown_hashprice(f), f).value, 0, 1e-12);
        EXPECT_NEAR(net_breakeven_power(shutdown_hashprice(f), f).value, 77, 1e-12);
    }
    const auto line = breakeven_efficiency(UsdPerPhDay{40}, UsdPerMwh{60});
    EXPECT_NEAR(margin(UsdPerPhDay{40}, hall(line->value, 60)).value, 0, 1e-12);
}

TEST(Economics, PowerThatCostsNothingHasNoWorstMachine) {
    EXPECT_FALSE(breakeven_efficiency(UsdPerPhDay{40}, UsdPerMwh{0}));
    EXPECT_FALSE(breakeven_efficiency(UsdPerPhDay{40}, UsdPerMwh{-5}));
    EXPECT_FALSE(under_water(false, UsdPerPhDay{0.01}, hall(20, 0)));
    EXPECT_FALSE(under_water(false, UsdPerPhDay{0.01}, hall(20, -5)));
    EXPECT_GT(margin(UsdPerPhDay{40}, hall(20, -5)).value, 40);
}

TEST(Economics, OneFleetWhole) {
    Fleet f = hall();
    f.machine_usd_per_th = 16;
    f.machine_btc_per_th = 0.00016;
    const FleetEconomics e = economics_of(f, {UsdPerPhDay{40}, SatPerPhDay{40'000}});
    EXPECT_DOUBLE_EQ(e.gross_breakeven.value, 40 / 0.48);
    EXPECT_DOUBLE_EQ(e.breakeven_efficiency->value, 40 / 1.44);
    EXPECT_DOUBLE_EQ(e.fleet_margin_usd, 1120);
    EXPECT_DOUBLE_EQ(e.fleet_power_mw, 2);  // 100 PH/s at 20 kW
    EXPECT_DOUBLE_EQ(e.shutdown_hashprice.value, 28.8);
    // 40 USD are 0.0004 BTC, so a BTC is 100,000 USD; it may fall to 28.8/40 of that
    EXPECT_DOUBLE_EQ(*e.shutdown_btc_usd, 72'000);
    EXPECT_DOUBLE_EQ(*e.payback_days_usd, 16'000 / 11.2);
    EXPECT_DOUBLE_EQ(*e.payback_days_btc, 16'000 / 11.2) << "0.00016 BTC are 16 USD";
}

TEST(Economics, WhatLosesMoneyNeverPaysBack) {
    Fleet f = hall(40, 100);
    f.machine_usd_per_th = 1;
    f.machine_btc_per_th = 1;
    const auto e = economics_of(f, {UsdPerPhDay{40}, SatPerPhDay{40'000}});
    EXPECT_LT(e.margin.value, 0);
    EXPECT_FALSE(e.payback_days_usd);
    EXPECT_FALSE(e.payback_days_btc);
    const auto priceless = economics_of(hall(), {UsdPerPhDay{40}, SatPerPhDay{40'000}});
    EXPECT_FALSE(priceless.payback_days_usd);
    EXPECT_FALSE(priceless.payback_days_btc);
}

TEST(Economics, SmallFiguresAreFiguresToo) {
    // at 1e9 sat per PH and day a BTC of 0.05 USD makes 0.5 USD; power costs 0.024 * 20 * 0.5 =
    // 0.24
    Fleet f = hall(20, 0.5);
    f.machine_usd_per_th = 0.0013;
    f.machine_btc_per_th = 0.026;
    const FleetEconomics cheap = economics_of(f, {UsdPerPhDay{0.5}, SatPerPhDay{1e9}});
    EXPECT_DOUBLE_EQ(cheap.margin.value, 0.26);
    EXPECT_DOUBLE_EQ(*cheap.payback_days_usd, 5);  // 1.30 USD per PH
    EXPECT_DOUBLE_EQ(*cheap.payback_days_btc, 5);  // 26 BTC per PH at 0.05 USD are the same
    EXPECT_DOUBLE_EQ(cheap.breakeven_efficiency->value, 0.5 / 0.012);

    // half a satoshi a day, worth 50 USD: a BTC is 1e10 USD, and may fall to 0.24/50 of that
    const FleetEconomics rare = economics_of(f, {UsdPerPhDay{50}, SatPerPhDay{0.5}});
    EXPECT_DOUBLE_EQ(*rare.shutdown_btc_usd, 48'000'000);
    EXPECT_DOUBLE_EQ(*rare.payback_days_btc, 26 * 1e10 / 49.76);
}

TEST(Economics, WhereNothingIsMinedNoBtcPriceHelps) {
    EXPECT_FALSE(shutdown_btc_usd(hall(), SatPerPhDay{0}));
    EXPECT_FALSE(economics_of(hall(), {UsdPerPhDay{0}, SatPerPhDay{0}}).shutdown_btc_usd);
    // who is paid to take power has a margin, but nothing that a BTC would be worth
    Fleet paid = hall(20, -5);
    paid.machine_btc_per_th = 0.00016;
    const auto e = economics_of(paid, {UsdPerPhDay{0}, SatPerPhDay{0}});
    EXPECT_GT(e.margin.value, 0);
    EXPECT_FALSE(e.payback_days_btc);
    // where a BTC is worth nothing, no margin pays a machine back in it
    EXPECT_FALSE(economics_of(paid, {UsdPerPhDay{0}, SatPerPhDay{41'000}}).payback_days_btc);
}

TEST(Tiers, EveryMachineBelongsToOne) {
    EXPECT_EQ(tier_of(JoulePerTh{13.5}).name, "under 19");
    EXPECT_EQ(tier_of(JoulePerTh{19}).name, "19-25");
    EXPECT_EQ(tier_of(JoulePerTh{37.999}).name, "25-38");
    EXPECT_EQ(tier_of(JoulePerTh{38}).name, "38-68");
    EXPECT_EQ(tier_of(JoulePerTh{1000}).name, "above 68");
    for (std::size_t i = 1; i < kTiers.size(); ++i) {
        EXPECT_EQ(kTiers.at(i - 1).to, kTiers.at(i).from);
    }
}

TEST(Tiers, BreakEvenRunsFromTheBestToTheWorstMachine) {
    const auto middle = tier_breakeven(UsdPerPhDay{36}, kTiers.at(1));
    EXPECT_DOUBLE_EQ(middle.best->value, 36'000 / (24.0 * 19));
    EXPECT_DOUBLE_EQ(middle.worst->value, 60);
    EXPECT_FALSE(tier_breakeven(UsdPerPhDay{36}, kTiers.front()).best);
    EXPECT_FALSE(tier_breakeven(UsdPerPhDay{36}, kTiers.back()).worst);
    const Tier below_one{"below one", JoulePerTh{0.5}, JoulePerTh{1}};
    EXPECT_DOUBLE_EQ(tier_breakeven(UsdPerPhDay{36}, below_one).best->value, 3000);
}

std::vector<DailyPoint> closes(const std::vector<double>& values) {
    std::vector<DailyPoint> points;
    points.reserve(values.size());
    for (const double v : values) points.push_back({Day{Days{points.size()}}, v});
    return points;
}

Day nth(int n) { return Day{Days{n}}; }

// 25 J/TH at 66.666 USD/MWh: 40 USD/PH/day is the line
const Fleet kAt40 = hall(25, 40 / 0.6);

TEST(UnderWater, APriceThatGrazesTheLineCrossesItOnce) {
    const auto graze = closes({42, 40.3, 39.9, 40.1, 39.8, 40.6, 39.99, 40.01, 41, 39.5, 40});
    EXPECT_EQ(water_crossings(kAt40, graze), (std::vector<WaterCrossing>{{nth(2), true}}));
}

TEST(UnderWater, AndOnceAgainWhenItHasClearlyRisen) {
    const auto deep = closes({42, 39, 36, 39.9, 40.5, 41.19, 41.3, 40.2, 41, 40.01});
    EXPECT_EQ(water_crossings(kAt40, deep),
              (std::vector<WaterCrossing>{{nth(1), true}, {nth(6), false}}));
}

TEST(UnderWater, AGrazeFromAboveThatNeverGoesUnderIsNoCrossing) {
    EXPECT_TRUE(water_crossings(kAt40, closes({42, 40.01, 40.5, 40.001, 42})).empty());
    EXPECT_TRUE(water_crossings(kAt40, {}).empty());
}

TEST(UnderWater, ADayWithoutACloseChangesNothing) {
    const auto gaps = closes({42, NAN, 0, -1, 39, NAN, 0, INFINITY, 39.5});
    EXPECT_EQ(water_crossings(kAt40, gaps), (std::vector<WaterCrossing>{{nth(4), true}}));
}

TEST(UnderWater, DaysBelowAreCountedOfTheDaysThatAreKnown) {
    EXPECT_EQ(days_below_breakeven(kAt40, closes({42, 39.9, NAN, 0, 39, 40.5, 0.5})),
              (DaysBelow{3, 5}));
    EXPECT_EQ(days_below_breakeven(kAt40, {}), (DaysBelow{0, 0}));
}

struct Fault {
    const char* named;
    std::function<void(Fleet&)> make;
};

TEST(Fleet, WhatCannotBeIsRefusedByItsName) {
    EXPECT_TRUE(check_fleet(hall()));
    EXPECT_TRUE(check_fleet(hall(20, -5))) << "some are paid to take power";
    Fleet small = hall(0.9);
    small.hashrate_ph = 0.1;
    small.machine_usd_per_th = 0.5;
    small.machine_btc_per_th = 0.00016;
    EXPECT_TRUE(check_fleet(small));
    const std::vector<Fault> faults{
        {"name", [](Fleet& f) { f.name = ""; }},
        {"efficiency_j_per_th", [](Fleet& f) { f.efficiency = JoulePerTh{0}; }},
        {"efficiency_j_per_th", [](Fleet& f) { f.efficiency = JoulePerTh{NAN}; }},
        {"power_usd_per_mwh", [](Fleet& f) { f.power = UsdPerMwh{INFINITY}; }},
        {"hashrate_ph", [](Fleet& f) { f.hashrate_ph = 0; }},
        {"pool_fee", [](Fleet& f) { f.pool_fee = 1; }},
        {"pool_fee", [](Fleet& f) { f.pool_fee = NAN; }},
        {"uptime", [](Fleet& f) { f.uptime = 0; }},
        {"uptime", [](Fleet& f) { f.uptime = 97; }},
        {"machine_price_usd_per_th", [](Fleet& f) { f.machine_usd_per_th = 0; }},
        {"machine_price_btc_per_th", [](Fleet& f) { f.machine_btc_per_th = -1; }}};
    for (const Fault& fault : faults) {
        SCOPED_TRACE(fault.named);
        Fleet f = hall();
        fault.make(f);
        const Status s = check_fleet(f);
        ASSERT_FALSE(s);
        EXPECT_EQ(s.error().code, Errc::config);
        EXPECT_NE(s.error().what.find(fault.named), std::string::npos);
    }
    EXPECT_TRUE(check_alternative({"ai-hosting", UsdPerMwh{200}}));
    EXPECT_FALSE(check_alternative({"", UsdPerMwh{200}}));
    EXPECT_FALSE(check_alternative({"ai-hosting", UsdPerMwh{NAN}}));
}

}  // namespace
}  // namespace hashprice::domain
