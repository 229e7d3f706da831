#include "config/access.hpp"
#include "config/table.hpp"

// [[trend.rule]], [[fleet]], [[alternative]].
namespace hashprice::config {

using access::row;
using namespace std::chrono_literals;
using S = Settings;

constexpr seconds kDay = 24h;

namespace {

template <auto At, class T>
Key name_row(std::string_view example) {
    return row<At, &T::name>("name",
                             "Lower-case letters, digits, - and _; part of the "
                             "environment variables' names.")
        .form(Form::name)
        .required()
        .example(example);
}

std::vector<Key> drawdown_keys() {
    constexpr auto at = &S::rules;
    return {
        row<at, &TrendRule::window>("window", "The peak is searched this far back.")
            .unit("duration, whole days")
            .lasting(7 * kDay, 3650 * kDay)
            .whole_days(),
        row<at, &TrendRule::open_depth>("open_depth",
                                        "Loss from the peak at which a decline opens.")
            .unit("share, 0.20 = 20 %")
            .above(0, 0.95)
            .only({"drawdown"}),
        row<at, &TrendRule::open_for>("open_for",
                                      "On so many observed days in a row the rule must be met "
                                      "before the decline is active: one bad day is no decline.")
            .unit("days")
            .between(1, 60),
        row<at, &TrendRule::close_for>("close_for",
                                       "On so many observed days in a row half of the loss must "
                                       "be regained (level: rearm_above exceeded; rate: the fall "
                                       "halved) before the decline is closed as recovered.")
            .unit("days")
            .between(1, 60),
        row<at, &TrendRule::settle_after>(
            "settle_after",
            "A decline whose peak has left the window is closed as settled when no new low came "
            "for this long.")
            .unit("duration, whole days")
            .lasting(1 * kDay, 3650 * kDay)
            .whole_days()
            .only({"drawdown"})};
}

std::vector<Key> level_and_rate_keys() {
    constexpr auto at = &S::rules;
    return {row<at, &TrendRule::below>("below", "Opens when a day closes below this.")
                .unit("denomination per PH/s and day")
                .above(0, 1e15)
                .only({"level"})
                .required()
                .example("40.0"),
            row<at, &TrendRule::rearm_above>("rearm_above",
                                             "Closes, and may fire again, when a day closes above "
                                             "this. Must be above `below`, or the rule would "
                                             "flutter.")
                .unit("denomination per PH/s and day")
                .above(0, 1e15)
                .only({"level"})
                .required()
                .example("44.0"),
            row<at, &TrendRule::fall>("fall",
                                      "Opens when the value has fallen by more than this "
                                      "within `days`.")
                .unit("share, 0.10 = 10 %")
                .above(0, 0.95)
                .only({"rate"})
                .required()
                .example("0.10"),
            row<at, &TrendRule::days>("days", "The days over which the fall is measured.")
                .unit("days")
                .between(1, 365)
                .only({"rate"})
                .required()
                .example("7")};
}

}  // namespace

Section rule_section() {
    constexpr auto at = &S::rules;
    Section section{
        .name = "trend.rule",
        .environment = "RULE",
        .intro =
            "What counts as a decline. The rule sustained-decline is built in; a table with "
            "its name changes the keys it gives and leaves the others. docs/trend.md says "
            "how episodes open, escalate and close.",
        .keys = {name_row<at, TrendRule>("\"below-forty\""),
                 row<at, &TrendRule::kind>(
                     "kind",
                     "drawdown: loss from the highest close of a window; level: "
                     "below a value; rate: a fall within days.")
                     .required()
                     .example("\"level\""),
                 row<at, &TrendRule::denomination>(
                     "denomination",
                     "The hash price the rule looks at. In BTC it "
                     "declines by design, with every rise in difficulty."),
                 row<at, &TrendRule::enabled>("enabled", "false turns the rule off."),
                 row<at, &TrendRule::notify>("notify",
                                             "Names of the receivers that are told; none "
                                             "named: all of them.")
                     .form(Form::name)
                     .example("[\"webhook\"]")},
        .add = access::add<at>};
    for (auto part : {drawdown_keys(), level_and_rate_keys()}) {
        section.keys.insert(section.keys.end(), part.begin(), part.end());
    }
    return section;
}

Section fleet_section() {
    constexpr auto at = &S::fleets;
    return {
        .name = "fleet",
        .environment = "FLEET",
        .intro =
            "Your machines, for break-even, margin and payback. None is built in: "
            "efficiencies and power prices are yours to state.",
        .keys =
            {name_row<at, Fleet>("\"hall-a\""),
             row<at, &Fleet::efficiency>("efficiency_j_per_th", "At the wall, cooling included.")
                 .unit("J/TH")
                 .above(0, 100'000)
                 .required()
                 .example("17.5"),
             row<at, &Fleet::power>("power_usd_per_mwh", "What a MWh costs, all in.")
                 .unit("USD/MWh")
                 .between(0, 10'000)
                 .required()
                 .example("60.0"),
             row<at, &Fleet::hashrate_ph>("hashrate_ph", "Of the whole fleet, when all of it runs.")
                 .unit("PH/s")
                 .above(0, 10'000'000)
                 .required()
                 .example("120.0"),
             row<at, &Fleet::pool_fee>("pool_fee", "The pool's share of what is earned.")
                 .unit("share, 0.02 = 2 %")
                 .between(0, 0.5)
                 .example("0.02"),
             row<at, &Fleet::uptime>("uptime", "Share of time in which the machines hash.")
                 .unit("share, 0.97 = 97 %")
                 .above(0, 1)
                 .example("0.97"),
             row<at, &Fleet::take_or_pay>("take_or_pay",
                                          "true: power is paid for also while machines are off.")
                 .example("false"),
             row<at, &Fleet::machine_price_usd_per_th>(
                 "machine_price_usd_per_th",
                 "Price of the machines, for the payback time; optional, and not together with "
                 "machine_price_btc_per_th.")
                 .unit("USD per TH/s")
                 .above(0, 100'000)
                 .example("16.0"),
             row<at, &Fleet::machine_price_btc_per_th>(
                 "machine_price_btc_per_th", "The same for machines that were bought with bitcoin.")
                 .unit("BTC per TH/s")
                 .above(0, 100)
                 .example("0.00018")},
        .add = access::add<at>};
}

Section alternative_section() {
    constexpr auto at = &S::alternatives;
    return {.name = "alternative",
            .environment = "ALTERNATIVE",
            .intro = "What else the same power could earn, set beside the revenue of mining.",
            .keys = {name_row<at, Alternative>("\"ai-hosting\""),
                     row<at, &Alternative::usd_per_mwh>("usd_per_mwh", "Revenue of that use.")
                         .unit("USD/MWh")
                         .between(0, 1'000'000)
                         .required()
                         .example("200.0")},
            .add = access::add<at>};
}

}  // namespace hashprice::config
