#include "service/app/trend_schemas.hpp"

#include "service/http/schema.hpp"

namespace hashprice::service::app::schemas {
namespace {

namespace s = http::schema;
using s::Fields;

Fields operator+(Fields a, const Fields& b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
}

std::string maybe(std::string_view description = {}) { return s::nullable(s::number(description)); }
std::string maybe_text() { return s::nullable(s::text()); }
std::string maybe_object(const Fields& fields) { return s::nullable(s::object(fields)); }

Fields time(const std::string& key) { return {{key, s::time_text()}, {key + "_s", s::time_s()}}; }
Fields maybe_time(const std::string& key) {
    return {{key, s::nullable(s::time_text())}, {key + "_s", s::nullable(s::time_s())}};
}
Fields day() { return Fields{{"date", s::text("UTC; time is its start")}} + time("time"); }
Fields maybe_day() { return Fields{{"date", maybe_text()}} + maybe_time("time"); }
Fields point() { return day() + Fields{{"value", s::number("in the answer's unit")}}; }
Fields stale() { return {{"stale", s::boolean()}, {"stale_reason", maybe_text()}}; }

std::string severity() { return s::one_of_texts({"none", "notice", "warning", "critical"}); }
std::string state() { return s::one_of_texts({"pending", "active", "recovering", "closed"}); }
std::string closure() { return s::nullable(s::one_of_texts({"recovered", "settled"})); }
std::string denomination() { return s::one_of_texts({"usd", "btc", "sat"}); }
std::string rule_kind() { return s::one_of_texts({"drawdown", "level", "rate"}); }

Fields parts() {
    const auto four = [](const std::string& each) {
        return s::object(
            {{"price", each}, {"difficulty", each}, {"fees", each}, {"subsidy", each}});
    };
    return {{"change", s::number("ratio: -0.354 is a fall of 35.4 %")},
            {"log_change", s::number("natural log; the parts add up to it")},
            {"parts", four(s::number())},
            {"shares", four(maybe())}};
}

std::string steps() {
    return s::array(
        s::object(day() + Fields{{"kind", s::one_of_texts({"retarget", "halving", "price"})},
                                 {"height", s::nullable(s::integer())},
                                 {"change", s::number("ratio, of difficulty, subsidy, price")},
                                 {"log_effect", s::number("on the hash price in USD")}}));
}

Fields slope() {
    return {{"slope", maybe_object({{"percent_per_30d", s::number()},
                                    {"low", s::number("95 % interval")},
                                    {"high", s::number()}})},
            {"significance", maybe_object({{"significant", s::boolean()},
                                           {"p", s::number()},
                                           {"z", s::number()},
                                           {"tau", s::number()},
                                           {"s", s::integer()},
                                           {"closes", s::integer()},
                                           {"variance_factor", s::number()},
                                           {"plain_z", s::number()}})}};
}

Fields change() { return day() + Fields{{"state", state()}, {"severity", severity()}}; }

std::string span_attribution() { return maybe_object(time("from") + time("to") + parts()); }

}  // namespace

std::string decline() {
    return s::object(
        Fields{{"id", s::text("rule and peak date")},
               {"rule", s::text()},
               {"denomination", denomination()},
               {"unit", s::text()},
               {"state", state()},
               {"severity", severity()},
               {"closure", closure()},
               {"suspended", s::boolean("open, but the newest complete day has no close")},
               {"peak", s::object(point())},
               {"trough", s::object(point())},
               {"last", s::object(point())}} +
        time("through") +
        Fields{{"depth", s::number("ratio, peak to trough")},
               {"drawdown", s::number("ratio, peak to the newest close")},
               {"days_to_trough", s::integer()},
               {"days_under_water", s::integer()},
               {"observed_days", s::integer()},
               {"coverage", s::number("share of its days with a close")}} +
        slope() +
        Fields{{"attribution", span_attribution()},
               {"attribution_to_date", span_attribution()},
               {"steps", steps()},
               {"history", s::array(s::object(change() + maybe_time("recorded_at")))},
               {"withdrawn",
                s::array(s::object(change() + time("recorded_at") + time("withdrawn_at")))}});
}

std::string declines() { return s::object({{"declines", s::array(s::ref("Decline"))}}); }

std::string trend() {
    const std::string rule =
        s::object(Fields{{"rule", s::text()},
                         {"kind", rule_kind()},
                         {"denomination", denomination()},
                         {"unit", s::text()},
                         {"state", s::one_of_texts({"none", "pending", "active", "recovering"})},
                         {"severity", severity()},
                         {"declining", s::boolean("active or recovering")},
                         {"last", maybe_object(point())},
                         {"window_high", maybe_object(point())},
                         {"decline", s::nullable_ref("Decline")},
                         {"previous", s::nullable_ref("Decline")}} +
                  maybe_time("recorded_at"));
    return s::object(maybe_day() + stale() +
                     Fields{{"declining", s::boolean("by any rule")}, {"rules", s::array(rule)}});
}

std::string attribution() {
    const std::string end = s::object(time("time") + Fields{{"usd_per_ph_day", s::number()},
                                                            {"sat_per_ph_day", s::number()},
                                                            {"price_usd", s::number()},
                                                            {"difficulty", s::number()},
                                                            {"height", s::integer()},
                                                            {"subsidy_sat", s::integer()},
                                                            {"fee_sat_mean", s::number()}});
    return s::object(time("from") + time("to") + Fields{{"start", end}, {"end", end}} + parts() +
                     Fields{{"steps", steps()}});
}

std::string backtest() {
    const std::string event = s::object(
        day() + Fields{{"event", s::one_of_texts({"pending", "dropped", "active", "escalated",
                                                  "recovering", "relapsed", "closed"})},
                       {"decline", s::text("its id")},
                       {"state", state()},
                       {"severity", severity()},
                       {"closure", closure()},
                       {"value", s::number()},
                       {"drawdown", s::number()}});
    const std::string decline = s::object(Fields{{"id", s::text()},
                                                 {"state", state()},
                                                 {"severity", severity()},
                                                 {"peak", s::object(point())},
                                                 {"trough", s::object(point())},
                                                 {"depth", s::number()},
                                                 {"days_to_trough", s::integer()}} +
                                          time("through"));
    return s::object({{"rule", s::text()},
                      {"kind", rule_kind()},
                      {"denomination", denomination()},
                      {"unit", s::text()},
                      {"first", s::object(maybe_day())},
                      {"last", s::object(maybe_day())},
                      {"events", s::array(event)},
                      {"declines", s::array(decline)}});
}

std::string breakeven() {
    const std::string alternative = s::object({{"name", s::text()}, {"usd_per_mwh", s::number()}});
    const std::string compared =
        s::object({{"name", s::text()},
                   {"usd_per_mwh", s::number()},
                   {"more_usd_per_mwh", s::number("than the fleet's revenue per MWh")}});
    const std::string tier = s::object({{"tier", s::text("J/TH")},
                                        {"from_j_per_th", s::number()},
                                        {"to_j_per_th", maybe()},
                                        {"best_usd_per_mwh", maybe("break-even power price")},
                                        {"worst_usd_per_mwh", maybe()}});
    const std::string machine = s::object({{"efficiency_j_per_th", maybe()},
                                           {"power_usd_per_mwh", maybe()},
                                           {"breakeven_usd_per_mwh", maybe()},
                                           {"breakeven_j_per_th", maybe()},
                                           {"power_cost_usd_per_ph_day", maybe()},
                                           {"margin_usd_per_ph_day", maybe()}});
    const std::string fleet = s::object(
        Fields{{"name", s::text()},
               {"efficiency_j_per_th", s::number()},
               {"power_usd_per_mwh", s::number()},
               {"hashrate_ph", s::number()},
               {"pool_fee", s::number()},
               {"uptime", s::number()},
               {"take_or_pay", s::boolean()},
               {"machine_price_usd_per_th", maybe()},
               {"machine_price_btc_per_th", maybe()},
               {"power_cost_usd_per_ph_day", s::number()},
               {"breakeven_usd_per_mwh", s::number("gross: revenue per MWh")},
               {"net_breakeven_usd_per_mwh", s::number("after the pool's fee")},
               {"breakeven_j_per_th", maybe()},
               {"margin_usd_per_ph_day", s::number()},
               {"margin_usd_per_day", s::number("of the whole fleet")},
               {"power_mw", s::number()},
               {"shutdown_usd_per_ph_day", s::number("the hash price at which the margin is 0")},
               {"shutdown_price_usd", maybe("the BTC price at which it is")},
               {"payback_days_usd", maybe()},
               {"payback_days_btc", maybe()},
               {"under_water", s::boolean("by the daily closes, with hysteresis")}} +
        maybe_time("since") +
        Fields{{"days_below_breakeven", s::integer("of the last year")},
               {"days_observed", s::integer("of the last year")},
               {"alternatives", s::array(compared)}});
    return s::object(
        maybe_time("time") +
        Fields{{"usd_per_ph_day", maybe()}, {"price_usd", maybe()}, {"what_if", s::boolean()}} +
        stale() +
        Fields{{"machine", machine},
               {"tiers", s::array(tier)},
               {"fleets", s::array(fleet)},
               {"alternatives", s::array(alternative)}});
}

std::string projection() {
    const Fields hashprice{{"usd_per_ph_day", s::number()}, {"sat_per_ph_day", s::number()}};
    const std::string value = s::object(hashprice);
    const std::string retarget = maybe_object(
        Fields{{"height", s::integer()}, {"blocks_left", s::integer()}} + time("time") +
        Fields{{"block_seconds", s::number()},
               {"change", s::number("of difficulty, ratio")},
               {"change_low", s::number("95 % interval")},
               {"change_high", s::number()},
               {"relative_error", s::number("one standard error of the estimate")},
               {"exact", s::boolean("the tip is the epoch's last block")},
               {"hashprice", value},
               {"hashprice_low", value},
               {"hashprice_high", value}});
    const std::string halving = maybe_object(
        Fields{{"height", s::integer()}, {"blocks_left", s::integer()}} + time("time") +
        Fields{{"subsidy_sat", s::integer()},
               {"hashprice", value},
               {"hashprice_after_retarget", value}});
    return s::object(
        maybe_time("time") + stale() +
        Fields{{"missing", maybe_text()},
               {"height", s::nullable(s::integer())},
               {"from_blocks", s::boolean("the elapsed time is between stored blocks")},
               {"now", maybe_object(hashprice)},
               {"retarget", retarget},
               {"halving", halving}});
}

std::string annotations() {
    const std::string mark =
        s::object(time("time") + Fields{{"kind", s::one_of_texts({"note", "retarget", "halving"})},
                                        {"text", s::text()},
                                        {"id", s::nullable(s::integer("of a note"))},
                                        {"height", s::nullable(s::integer())},
                                        {"change", maybe("ratio, of difficulty or subsidy")},
                                        {"exact", s::boolean("false: the time is estimated")}});
    return s::object(time("from") + time("to") + Fields{{"annotations", s::array(mark)}});
}

}  // namespace hashprice::service::app::schemas
