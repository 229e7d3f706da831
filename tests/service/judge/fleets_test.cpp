// Who goes under water is stored with its history, and told once.
#include "tests/service/judge/days.hpp"

namespace hashprice::service::judge {
namespace {

// 17.5 J/TH at 60 USD/MWh costs 0.024 * 17.5 * 60 = 25.20 USD per PH/s and day
domain::Fleet hall() {
    return {.name = "hall-a",
            .efficiency = domain::JoulePerTh{17.5},
            .power = domain::UsdPerMwh{60},
            .hashrate_ph = 100};
}

std::vector<storage::FleetChange> stored_for(const std::vector<double>& closes) {
    auto db = *Database::in_memory();
    put_closes(db, closes);
    const History h = history(db, after(static_cast<int>(closes.size()) - 1));
    EXPECT_TRUE(store(db, {h, judge(domain::builtin_rules(), h), {hall()}}, after(999)));
    return *storage::fleet_changes(db, "hall-a");
}

TEST(Fleets, APriceThatGrazesTheLineIsACrossingOnce) {
    // 25.19 and 25.21 in turn: the line is crossed a dozen times, within the band of 3 %
    std::vector<double> closes = repeated(30, 5);
    for (int i = 0; i < 12; ++i) closes.push_back(i % 2 == 0 ? 25.19 : 25.21);

    const auto changes = stored_for(closes);

    ASSERT_EQ(changes.size(), 1U);
    EXPECT_TRUE(changes[0].under_water);
    EXPECT_EQ(changes[0].day, kFirstDay + Days{5});
    EXPECT_EQ(changes[0].close_usd, 25.19);
    EXPECT_NEAR(changes[0].shutdown_usd, 25.20, 1e-12);
    EXPECT_EQ(changes[0].recorded_at, after(999));
}

TEST(Fleets, ComeUpAgainOnlyAboveTheBand) {
    const auto changes = stored_for({30, 24, 25.9, 25.96, 30});  // 25.20 * 1.03 = 25.956

    ASSERT_EQ(changes.size(), 2U);
    EXPECT_FALSE(changes[1].under_water);
    EXPECT_EQ(changes[1].day, kFirstDay + Days{3});
}

TEST(Fleets, OnTheLineIsNotUnderIt) { EXPECT_TRUE(stored_for({30, 25.20, 30}).empty()); }

}  // namespace
}  // namespace hashprice::service::judge
