#include "service/app/schema_parts.hpp"
#include "service/app/trend_schemas.hpp"

namespace hashprice::service::app::schemas {
namespace {

namespace s = http::schema;

std::string maybe_number(std::string_view description) {
    return s::nullable(s::number(description));
}

std::string machine() {
    return s::object(
        "the machine asked about; a figure is null where the question does not suffice for it, or "
        "there is no hash price",
        {{"efficiency_j_per_th", maybe_number("J/TH, as asked")},
         {"power_usd_per_mwh", maybe_number("USD/MWh, as asked")},
         {"breakeven_usd_per_mwh",
          maybe_number("USD/MWh at which it earns just its power; needs the efficiency")},
         {"breakeven_j_per_th",
          maybe_number("J/TH above which a machine loses money; needs a power "
                       "price above 0")},
         {"power_cost_usd_per_ph_day", maybe_number("USD per PH/s and day; needs both")},
         {"margin_usd_per_ph_day", maybe_number("hash price less power, without fee and idle time; "
                                                "needs both")}});
}

std::string tiers() {
    const std::string tier = s::object(
        {{"tier", s::text("its name: J/TH from and to")},
         {"from_j_per_th", s::number("J/TH, included")},
         {"to_j_per_th", maybe_number("J/TH, not included; null: open upwards")},
         {"best_usd_per_mwh",
          maybe_number("break-even power price of its best machine; null where from is 0")},
         {"worst_usd_per_mwh",
          maybe_number("break-even power price of its worst machine; null where to is")}});
    return s::array(tier, "the usual classes of machines; empty without a hash price");
}

Fields settings_of_a_fleet() {
    return {{"name", s::text("as in the settings")},
            {"efficiency_j_per_th", s::number("J/TH at the wall, as set")},
            {"power_usd_per_mwh", s::number("USD/MWh, as set; below 0: it is paid to take it")},
            {"hashrate_ph", s::number("PH/s of the whole fleet, as set")},
            {"pool_fee", s::number("share of the revenue, as set: 0.02 is 2 %")},
            {"uptime", s::number("share of the day that it hashes, as set")},
            {"take_or_pay", s::boolean("power is paid for idle hours too, as set")},
            {"machine_price_usd_per_th", maybe_number("USD per TH/s; null: not set")},
            {"machine_price_btc_per_th", maybe_number("BTC per TH/s; null: not set")}};
}

Fields economics_of_a_fleet() {
    return {
        {"power_cost_usd_per_ph_day", s::number("USD per PH/s that runs all day")},
        {"breakeven_usd_per_mwh", s::number("gross: revenue per MWh")},
        {"net_breakeven_usd_per_mwh",
         s::number("after the pool's fee; with take_or_pay after idle hours too")},
        {"breakeven_j_per_th",
         maybe_number("J/TH above which its power costs more than the hash price, gross; null: "
                      "power costs nothing")},
        {"margin_usd_per_ph_day",
         s::number("USD per PH/s owned and day, after fee and power, at its uptime")},
        {"margin_usd_per_day", s::number("of the whole fleet")},
        {"power_mw", s::number("MW of the whole fleet while it runs")},
        {"shutdown_usd_per_ph_day", s::number("the hash price at which the margin is 0")},
        {"shutdown_price_usd", maybe_number("the BTC price at which it is; null: no observation")},
        {"payback_days_usd", maybe_number("until the margin has paid machine_price_usd_per_th; "
                                          "null: that is not set, or nothing is left")},
        {"payback_days_btc",
         maybe_number("the same of machine_price_btc_per_th, at price_usd; null likewise")}};
}

std::string fleets() {
    const std::string compared =
        s::object({{"name", s::text("as in the settings")},
                   {"usd_per_mwh", s::number("what it pays, as set")},
                   {"more_usd_per_mwh", s::number("than the fleet's revenue per MWh")}});
    const std::string fleet = s::object(
        settings_of_a_fleet() + economics_of_a_fleet() +
        Fields{{"under_water", s::boolean("by the daily closes, with hysteresis")}} +
        maybe_time("since",
                   "start of the day whose close took it under, or up again; null: it was "
                   "never under") +
        Fields{
            {"days_below_breakeven",
             s::integer("closes under shutdown_usd_per_ph_day, of the last 365 days")},
            {"days_observed", s::integer("days with a close, of the last 365")},
            {"alternatives",
             s::array(compared, "what its power could earn elsewhere, in the settings' order")}});
    return s::array(fleet, "those of the settings; empty without a hash price");
}

std::string retarget() {
    return s::nullable(s::object(
        "the next change of difficulty; null where missing says why",
        Fields{{"height", s::integer("of its first block, a multiple of 2016")},
               {"blocks_left", s::integer("from the tip to it, itself included")}} +
            time("time", "when that block is expected, at this epoch's pace") +
            Fields{{"block_seconds", s::number("mean of this epoch so far, clamped as the rule "
                                               "does; 600 at its first block")},
                   {"change", s::number("of difficulty, ratio")},
                   {"change_low", s::number("its 95 % interval: the lower end")},
                   {"change_high", s::number("its 95 % interval: the upper end")},
                   {"relative_error", s::number("one standard error of the estimate: 1 at the "
                                                "epoch's first block, 0 at its last")},
                   {"exact", s::boolean("the tip is the epoch's last block")},
                   {"hashprice", s::object("after it", hashprice())},
                   {"hashprice_low", s::object("after it, at change_high", hashprice())},
                   {"hashprice_high", s::object("after it, at change_low", hashprice())}}));
}

std::string halving() {
    return s::nullable(s::object(
        "the next one; null where missing says why",
        Fields{{"height", s::integer("of its first block, a multiple of 210000")},
               {"blocks_left", s::integer("from the tip to it, itself included")}} +
            time("time",
                 "when that block is expected: this epoch at its pace, then 600 s a block") +
            Fields{{"subsidy_sat", s::integer("satoshi a block, from it on")},
                   {"hashprice", s::object("if it came now, at today's difficulty", hashprice())},
                   {"hashprice_after_retarget",
                    s::object("if it came with the next retarget", hashprice())}}));
}

}  // namespace

std::string breakeven() {
    const std::string alternative = s::object({{"name", s::text("as in the settings")},
                                               {"usd_per_mwh", s::number("what it pays, as set")}});
    return s::object(
        maybe_time("time", "of the newest observation; null: there is none") +
        Fields{
            {"usd_per_ph_day", maybe_number("the hash price reckoned with: the one asked about, "
                                            "else the newest; null: neither")},
            {"price_usd", maybe_number("USD for one BTC; in a what-if, the price that makes that "
                                       "hash price; null: no observation")},
            {"what_if", s::boolean("the question gave the hash price")}} +
        stale() +
        Fields{{"machine", machine()},
               {"tiers", tiers()},
               {"fleets", fleets()},
               {"alternatives", s::array(alternative,
                                         "what the same power could earn elsewhere, in "
                                         "the settings' order")}});
}

std::string projection() {
    return s::object(
        maybe_time("time", "of the newest observation; null: there is none") + stale() +
        Fields{{"missing", s::nullable(s::text(
                               "for people: why nothing can be projected; null where it can"))},
               {"height", s::nullable(s::integer("of the tip; null where missing says why"))},
               {"from_blocks", s::boolean("the elapsed time is between stored blocks")},
               {"now", s::nullable(s::object(
                           "the hash price at the tip's difficulty; null where missing says why",
                           hashprice()))},
               {"retarget", retarget()},
               {"halving", halving()}});
}

std::string annotations() {
    const std::string mark = s::object(
        time("time", "of the note, or of the block that made the step") +
        Fields{{"kind", s::one_of_texts({"note", "retarget", "halving"},
                                        "the operator's own, or a step of the chain")},
               {"text", s::text("the note, or the step in words")},
               {"id", s::nullable(s::integer("of a note, else null"))},
               {"height", s::nullable(s::integer("of the step's block; null for a note"))},
               {"change", maybe_number("ratio, of difficulty or subsidy; null for a note")},
               {"exact", s::boolean("false: the time is estimated")}});
    return s::object(range() + Fields{{"annotations", s::array(mark, "in order of time")}});
}

}  // namespace hashprice::service::app::schemas
