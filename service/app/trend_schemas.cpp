#include "service/app/trend_schemas.hpp"

#include "service/app/schema_parts.hpp"

namespace hashprice::service::app::schemas {
namespace {

namespace s = http::schema;

constexpr std::string_view kDayTime = "start of that day; its close is as of 24 h later";
constexpr std::string_view kRatio = "ratio: -0.354 is a fall of 35.4 %";

std::string maybe_object(std::string_view description, const Fields& fields) {
    return s::nullable(s::object(description, fields));
}

Fields day(std::string_view description) {
    return Fields{{"date", s::text(description)}} + time("time", kDayTime);
}
Fields maybe_day(std::string_view description) {
    return Fields{{"date", s::nullable(s::text(description))}} + maybe_time("time", kDayTime);
}
Fields point() {
    return day("UTC day") + Fields{{"value", s::number("that day's close, in unit")}};
}

std::string severity(std::string_view description) {
    return s::one_of_texts({"none", "notice", "warning", "critical"}, description);
}
std::string state(std::string_view description) {
    return s::one_of_texts({"pending", "active", "recovering", "closed"}, description);
}
std::string closure() {
    return s::nullable(s::one_of_texts(
        {"recovered", "settled"},
        "recovered: it rose again and held; settled: it stayed low for long; null: not closed"));
}

/// What a rule is, in every answer about rules.
Fields rule_fields() {
    return {{"kind",
             s::one_of_texts(
                 {"drawdown", "level", "rate"},
                 "drawdown: so far below the high; level: below a figure; rate: a fall so fast")},
            {"denomination", s::one_of_texts({"usd", "btc", "sat"}, "what the rule counts in")},
            {"unit", s::text("of its values, for example USD/PH/day")}};
}
std::string rule_name() { return s::text("its name in the settings"); }

Fields parts() {
    const auto share = [](std::string_view what) {
        return s::nullable(s::number(std::string(what) + " part; null where log_change is 0"));
    };
    return {
        {"change", s::number(kRatio)},
        {"log_change", s::number("natural log; the parts add up to it")},
        {"parts", s::object("of log_change, in natural logs",
                            {{"price", s::number("of the BTC price; 0 when counted in BTC or sat")},
                             {"difficulty", s::number("of the difficulty: below 0 where it rose")},
                             {"fees", s::number("of the mean fee")},
                             {"subsidy", s::number("of the subsidy: 0 unless a halving came")}})},
        {"shares", s::object("each part over log_change; below 0: it worked against the change",
                             {{"price", share("the price's")},
                              {"difficulty", share("the difficulty's")},
                              {"fees", share("the fees'")},
                              {"subsidy", share("the subsidy's")}})}};
}

std::string steps(std::string_view between) {
    const std::string step = s::object(
        day("UTC day of the first close after it") +
        Fields{
            {"kind", s::one_of_texts({"retarget", "halving", "price"},
                                     "price: one of the three largest moves from close to close")},
            {"height", s::nullable(s::integer("of the block that made it; null for the price, or "
                                              "where a gap of days leaves it open"))},
            {"change",
             s::number("of the difficulty, the subsidy or the price; ratio: 0.08 is +8 %")},
            {"log_effect", s::number("natural log, on the hash price in USD")}});
    return s::array(
        step, "retargets, halvings and the largest moves of the price, " + std::string(between));
}

Fields slope() {
    return {
        {"slope",
         maybe_object("Theil-Sen, of the logs of the closes from the peak to through; null: fewer "
                      "than 30",
                      {{"percent_per_30d", s::number("-9.2 is a fall of 9.2 % in 30 days")},
                       {"low", s::number("its 95 % interval: the lower end")},
                       {"high", s::number("its 95 % interval: the upper end")}})},
        {"significance",
         maybe_object(
             "Mann-Kendall test on the same closes, after Hamed and Rao; null: fewer than "
             "30",
             {{"significant", s::boolean("p is below 0.05")},
              {"p", s::number("probability of such a z without a trend, two-sided")},
              {"z", s::number("standard deviations, corrected for autocorrelation; 0 where "
                              "the correction leaves no variance")},
              {"tau", s::number("Kendall's tau-b against time: -1 falls on every day")},
              {"s", s::integer("pairs of closes that rise, less pairs that fall")},
              {"closes", s::integer("how many went in")},
              {"variance_factor", s::number("what the variance was multiplied by for "
                                            "autocorrelation")},
              {"plain_z", s::number("z without the correction: overstated")}})}};
}

Fields change() {
    return day("UTC day of the close that made it") +
           Fields{{"state", state("from that close on")},
                  {"severity", severity("from that close on")}};
}

std::string span_attribution(std::string_view description) {
    return maybe_object(description, time("from", "of the close at its start, 24:00 UTC") +
                                         time("to", "of the close at its end, 24:00 UTC") +
                                         parts());
}

std::string decline_object() {
    return s::object(
        Fields{
            {"id", s::text("rule and peak date")},
            {"rule", s::text("name of the rule in the settings")},
            {"denomination", s::one_of_texts({"usd", "btc", "sat"}, "what its values count in")},
            {"unit", s::text("of its values, for example USD/PH/day")},
            {"state", state("pending: the rule is met, but not for long enough yet; "
                            "recovering: part of the loss is regained")},
            {"severity", severity("by the greatest depth so far, never falling; none while "
                                  "pending")},
            {"closure", closure()},
            {"suspended", s::boolean("open, but the newest complete day has no close")},
            {"peak", s::object("the high it fell from, which stays", point())},
            {"trough", s::object("the lowest close since", point())},
            {"last", s::object("the newest close; once closed, the one that closed it", point())}} +
        time("through",
             "start of the newest day it speaks for: the newest complete one, or the "
             "one that closed it") +
        Fields{{"depth", s::number("ratio, peak to trough: 0.45 is a fall of 45 %")},
               {"drawdown", s::number("ratio, peak to the newest close; 0 at or above the peak")},
               {"days_to_trough", s::integer("from the peak")},
               {"days_under_water", s::integer("from the peak to through")},
               {"observed_days", s::integer("days with a close, from the peak to through")},
               {"coverage", s::number("share of its days with a close")}} +
        slope() +
        Fields{{"attribution", span_attribution("what the fall from peak to trough was made of; "
                                                "null: an input is missing")},
               {"attribution_to_date", span_attribution("the same from the peak to last")},
               {"steps", steps("from peak to trough, by day")},
               {"history",
                s::array(s::object(change() + maybe_time("recorded_at",
                                                         "when the daemon recorded it; null: none "
                                                         "did")),
                         "how it came to its state and severity, by day")},
               {"withdrawn",
                s::array(s::object(change() + time("recorded_at", "when the daemon recorded it") +
                                   time("withdrawn_at", "when it was taken back")),
                         "recorded changes that a corrected past took back")}});
}

std::string standing() {
    return s::object(
        Fields{{"rule", rule_name()}} + rule_fields() +
        Fields{{"state", s::one_of_texts({"none", "pending", "active", "recovering"},
                                         "of the open decline; none: there is none")},
               {"severity", severity("of the open decline; none without one or while pending")},
               {"declining", s::boolean("active or recovering")},
               {"last", maybe_object("the newest close; null: there is none", point())},
               {"window_high", maybe_object("the highest close that a drawdown would be measured "
                                            "from now; null: no close",
                                            point())},
               {"decline", s::nullable_ref("Decline",
                                           "the open one, as /api/v1/declines/{id} has "
                                           "it; null: none is open")},
               {"previous", s::nullable_ref("Decline",
                                            "the newest closed one; null: there is "
                                            "none")}} +
        maybe_time("recorded_at", "when the daemon last stored what the rule says; null: not yet"));
}

}  // namespace

std::string decline() { return decline_object(); }

std::string declines() {
    return s::object({{"declines", s::array(s::ref("Decline"),
                                            "as /api/v1/declines/{id} has them; in the settings' "
                                            "order of rules, then by peak")}});
}

std::string trend() {
    return s::object(
        maybe_day("UTC day of the newest close; null: there is none") +
        Fields{
            {"stale", s::boolean("the newest complete day has no close")},
            {"stale_reason", s::nullable(s::text("for people; null while not stale"))},
            {"declining", s::boolean("by any rule")},
            {"rules", s::array(standing(), "each that is switched on, in the settings' order")}});
}

std::string attribution() {
    return s::object(time("from", "of the observation that speaks for the start asked for") +
                     time("to", "of the one that speaks for the end") +
                     Fields{{"start", s::object("the observation at from", observation())},
                            {"end", s::object("the observation at to", observation())}} +
                     parts() + Fields{{"steps", steps("between the daily closes within, by day")}});
}

std::string backtest() {
    const std::string event = s::object(
        day("UTC day of the close that made it") +
        Fields{{"event", s::one_of_texts({"pending", "dropped", "active", "escalated", "recovering",
                                          "relapsed", "closed"},
                                         "dropped: pending, but not for long enough; escalated: of "
                                         "a higher severity")},
               {"decline", s::text("its id, also of one that was dropped")},
               {"state", state("after it; of a dropped one, pending")},
               {"severity", severity("after it")},
               {"closure", closure()},
               {"value", s::number("that day's close, in unit")},
               {"drawdown", s::number("ratio, peak to that close; 0 at or above the peak")}});
    const std::string decline =
        s::object(Fields{{"id", s::text("rule and peak date")},
                         {"state", state("on the last day")},
                         {"severity", severity("on the last day")},
                         {"peak", s::object("the high it fell from, which stays", point())},
                         {"trough", s::object("the lowest close since", point())},
                         {"depth", s::number("ratio, peak to trough: 0.45 is a fall of 45 %")},
                         {"days_to_trough", s::integer("from the peak")}} +
                  time("through", "start of the day that closed it, else of the last day"));
    return s::object(
        Fields{{"rule", rule_name()}} + rule_fields() +
        Fields{{"first",
                s::object("day looked at first",
                          maybe_day("UTC day; null: there is no history, or none in the range"))},
               {"last",
                s::object("day looked at last", maybe_day("UTC day, included; null as first is"))},
               {"events", s::array(event, "what the rule would have said, by day")},
               {"declines", s::array(decline,
                                     "those that were not over before the first day, as "
                                     "they stood on the last")}});
}

}  // namespace hashprice::service::app::schemas
