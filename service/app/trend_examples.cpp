#include "service/app/trend_examples.hpp"

namespace hashprice::service::app::examples {

// Answers over the starter history as of the end of 2025-11-30, lists cut short.
const std::string_view kDecline =
    R"json({"id":"sustained-decline-2025-07-11","rule":"sustained-decline","denomination":"usd",
"unit":"USD/PH/day","state":"active","severity":"critical","closure":null,"suspended":false,
"peak":{"date":"2025-07-11","time":"2025-07-11T00:00:00Z","time_s":1752192000,
"value":63.95016},"trough":{"date":"2025-11-22","time":"2025-11-22T00:00:00Z",
"time_s":1763769600,"value":35.19531},"last":{"date":"2025-11-30",
"time":"2025-11-30T00:00:00Z","time_s":1764460800,"value":38.21175},
"through":"2025-11-30T00:00:00Z","through_s":1764460800,"depth":0.4496447,
"drawdown":0.4024761,"days_to_trough":134,"days_under_water":142,"observed_days":138,
"coverage":0.965035,"slope":{"percent_per_30d":-9.1617,"low":-9.791217,"high":-8.573831},
"significance":{"significant":true,"p":9.154779e-06,"z":-4.436231,"tau":-0.8631122,
"s":-8159,"closes":138,"variance_factor":11.45792,"plain_z":-15.01644},
"attribution":{"from":"2025-07-12T00:00:00Z","from_s":1752278400,
"to":"2025-11-23T00:00:00Z","to_s":1763856000,"change":-0.4496447,"log_change":-0.5971911,
"parts":{"price":-0.3279873,"difficulty":-0.2638452,"fees":-0.005358614,"subsidy":0.0},
"shares":{"price":0.5492166,"difficulty":0.4418103,"fees":0.008973031,"subsidy":0.0}},
"attribution_to_date":{"from":"2025-07-12T00:00:00Z","from_s":1752278400,
"to":"2025-12-01T00:00:00Z","to_s":1764547200,"change":-0.4024761,"log_change":-0.514961,
"parts":{"price":-0.2630294,"difficulty":-0.2441465,"fees":-0.007785092,"subsidy":0.0},
"shares":{"price":0.5107754,"difficulty":0.4741068,"fees":0.01511783,"subsidy":0.0}},
"steps":[{"date":"2025-07-12","time":"2025-07-12T00:00:00Z","time_s":1752278400,
"kind":"retarget","height":905184,"change":0.07962433,"log_effect":-0.07661314}],
"history":[{"date":"2025-09-22","time":"2025-09-22T00:00:00Z","time_s":1758499200,
"state":"pending","severity":"none","recorded_at":"2025-09-23T00:01:00Z",
"recorded_at_s":1758585660},{"date":"2025-09-24","time":"2025-09-24T00:00:00Z",
"time_s":1758672000,"state":"active","severity":"notice",
"recorded_at":"2025-09-25T00:01:00Z","recorded_at_s":1758758460},{"date":"2025-10-29",
"time":"2025-10-29T00:00:00Z","time_s":1761696000,"state":"active","severity":"warning",
"recorded_at":"2025-10-30T00:01:00Z","recorded_at_s":1761782460},{"date":"2025-11-19",
"time":"2025-11-19T00:00:00Z","time_s":1763510400,"state":"active","severity":"critical",
"recorded_at":"2025-11-20T00:01:00Z","recorded_at_s":1763596860}],"withdrawn":[]})json";

const std::string_view kAttribution =
    R"json({"from":"2025-07-12T00:00:00Z","from_s":1752278400,"to":"2025-11-05T00:00:00Z",
"to_s":1762300800,"start":{"time":"2025-07-12T00:00:00Z","time_s":1752278400,
"usd_per_ph_day":63.95016,"sat_per_ph_day":54391.45,"price_usd":117573.9,
"difficulty":116958512019762.11,"height":905146,"subsidy_sat":312500000,
"fee_sat_mean":3738834.69},"end":{"time":"2025-11-05T00:00:00Z","time_s":1762300800,
"usd_per_ph_day":41.28631,"sat_per_ph_day":40678.88,"price_usd":101493.2,
"difficulty":155973032196071.94,"height":922248,"subsidy_sat":312500000,
"fee_sat_mean":2906961.63},"change":-0.3543986,"log_change":-0.437573,
"parts":{"price":-0.1470751,"difficulty":-0.2878638,"fees":-0.002633987,"subsidy":0.0},
"shares":{"price":0.3361157,"difficulty":0.6578648,"fees":0.006019539,"subsidy":0.0},
"steps":[{"date":"2025-07-12","time":"2025-07-12T00:00:00Z","time_s":1752278400,
"kind":"retarget","height":905184,"change":0.07962433,"log_effect":-0.07661314}]})json";

const std::string_view kBacktest =
    R"json({"rule":"sustained-decline","kind":"drawdown","denomination":"usd","unit":"USD/PH/day",
"first":{"date":"2025-09-01","time":"2025-09-01T00:00:00Z","time_s":1756684800},
"last":{"date":"2025-11-30","time":"2025-11-30T00:00:00Z","time_s":1764460800},
"events":[{"date":"2025-09-22","time":"2025-09-22T00:00:00Z","time_s":1758499200,
"event":"pending","decline":"sustained-decline-2025-07-11","state":"pending",
"severity":"none","closure":null,"value":50.15531,"drawdown":0.2157126},
{"date":"2025-09-24","time":"2025-09-24T00:00:00Z","time_s":1758672000,"event":"active",
"decline":"sustained-decline-2025-07-11","state":"active","severity":"notice",
"closure":null,"value":50.36722,"drawdown":0.2123989}],
"declines":[{"id":"sustained-decline-2025-07-11","state":"active","severity":"critical",
"peak":{"date":"2025-07-11","time":"2025-07-11T00:00:00Z","time_s":1752192000,
"value":63.95016},"trough":{"date":"2025-11-22","time":"2025-11-22T00:00:00Z",
"time_s":1763769600,"value":35.19531},"depth":0.4496447,"days_to_trough":134,
"through":"2025-11-30T00:00:00Z","through_s":1764460800}]})json";

const std::string_view kBreakeven =
    R"json({"time":"2025-12-01T00:00:00Z","time_s":1764547200,"usd_per_ph_day":38.21175,
"price_usd":90381.34,"what_if":false,"stale":false,"stale_reason":null,
"machine":{"efficiency_j_per_th":17.5,"power_usd_per_mwh":60.0,
"breakeven_usd_per_mwh":90.98035,"breakeven_j_per_th":26.53594,
"power_cost_usd_per_ph_day":25.2,"margin_usd_per_ph_day":13.01175},
"tiers":[{"tier":"under 19","from_j_per_th":0.0,"to_j_per_th":19.0,"best_usd_per_mwh":null,
"worst_usd_per_mwh":83.79769},{"tier":"19-25","from_j_per_th":19.0,"to_j_per_th":25.0,
"best_usd_per_mwh":83.79769,"worst_usd_per_mwh":63.68624}],"fleets":[{"name":"hall-a",
"efficiency_j_per_th":17.5,"power_usd_per_mwh":60.0,"hashrate_ph":120.0,"pool_fee":0.02,
"uptime":0.97,"take_or_pay":false,"machine_price_usd_per_th":16.0,
"machine_price_btc_per_th":null,"power_cost_usd_per_ph_day":25.2,
"breakeven_usd_per_mwh":90.98035,"net_breakeven_usd_per_mwh":89.16074,
"breakeven_j_per_th":26.53594,"margin_usd_per_ph_day":11.88009,"margin_usd_per_day":1425.61,
"power_mw":2.1,"shutdown_usd_per_ph_day":25.71429,"shutdown_price_usd":60821.39,
"payback_days_usd":1346.792,"payback_days_btc":null,"under_water":false,"since":null,
"since_s":null,"days_below_breakeven":0,"days_observed":329,
"alternatives":[{"name":"ai-hosting","usd_per_mwh":200.0,"more_usd_per_mwh":109.0197}]}],
"alternatives":[{"name":"ai-hosting","usd_per_mwh":200.0}]})json";

const std::string_view kProjection =
    R"json({"time":"2025-12-01T00:00:00Z","time_s":1764547200,"stale":false,"stale_reason":null,
"missing":null,"height":925939,"from_blocks":false,"now":{"usd_per_ph_day":38.21175,
"sat_per_ph_day":42278.36},"retarget":{"height":927360,"blocks_left":1421,
"time":"2025-12-10T10:12:49Z","time_s":1765361569,"block_seconds":573.0958,
"change":0.04746806,"change_low":-0.01871987,"change_high":0.1232306,
"relative_error":0.03441503,"exact":false,"hashprice":{"usd_per_ph_day":36.48011,
"sat_per_ph_day":40362.43},"hashprice_low":{"usd_per_ph_day":34.0195,
"sat_per_ph_day":37639.96},"hashprice_high":{"usd_per_ph_day":38.94071,
"sat_per_ph_day":43084.9}},"halving":{"height":1050000,"blocks_left":124061,
"time":"2028-04-10T02:12:49Z","time_s":1838945569,"subsidy_sat":156250000,
"hashprice":{"usd_per_ph_day":19.1842,"sat_per_ph_day":21225.84},
"hashprice_after_retarget":{"usd_per_ph_day":18.31483,"sat_per_ph_day":20263.95}}})json";

const std::string_view kAnnotations =
    R"json({"from":"2025-07-01T00:00:00Z","from_s":1751328000,"to":"2025-08-01T00:00:00Z",
"to_s":1754006400,"annotations":[{"time":"2025-07-12T04:42:34Z","time_s":1752295354,
"kind":"retarget","text":"difficulty +7.96 %","id":null,"height":905184,"change":0.07962433,
"exact":true},{"time":"2025-07-26T01:16:29Z","time_s":1753492589,"kind":"retarget",
"text":"difficulty +1.07 %","id":null,"height":907200,"change":0.01068202,"exact":true}]})json";

std::string trend() {
    return std::string(
               R"json({"date":"2025-11-30","time":"2025-11-30T00:00:00Z","time_s":1764460800,"stale":false,
"stale_reason":null,"declining":true,"rules":[{"rule":"sustained-decline","kind":"drawdown",
"denomination":"usd","unit":"USD/PH/day","state":"active","severity":"critical",
"declining":true,"last":{"date":"2025-11-30","time":"2025-11-30T00:00:00Z",
"time_s":1764460800,"value":38.21175},"window_high":{"date":"2025-07-11",
"time":"2025-07-11T00:00:00Z","time_s":1752192000,"value":63.95016},"decline":)json") +
           std::string(kDecline) + R"json(,
"previous":null,"recorded_at":"2025-12-01T00:01:00Z","recorded_at_s":1764547260}]})json";
}

std::string declines() { return "{\"declines\":[" + std::string(kDecline) + "]}"; }

}  // namespace hashprice::service::app::examples
