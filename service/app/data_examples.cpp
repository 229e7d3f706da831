#include "service/app/data_examples.hpp"

namespace hashprice::service::app::examples {

// Answers over the starter history, lists cut short; the source as one that has been asked for a
// day.
const std::string_view kStatus = R"json(
{"version":"0.1.0","database":{"path":"/var/lib/hashprice/hashprice.db","bytes":444968,
"schema":4,"starter_imported_at":"2026-11-25T20:55:53Z","starter_imported_at_s":1795640153},
"facts":{"blocks":0,"prices":334,"fee_means":329,"epochs":474,"aside":0,"quarantined":0},
"observations":{"count":329,"superseded":0,"first":"2025-01-02T00:00:00Z",
"first_s":1735776000,"last":"2025-12-01T00:00:00Z","last_s":1764547200},"stale":true,
"stale_reason":"the newest observation is 359 d 21 h old","degraded":true})json";

const std::string_view kExplain = R"json(
{"asked":"2025-11-16T00:00:00Z","asked_s":1763251200,"observation":{
"time":"2025-11-16T00:00:00Z","time_s":1763251200,"usd_per_ph_day":39.67682232834774,
"sat_per_ph_day":41522.375663958854,"price_usd":95555.28,"difficulty":152271405447597.38,
"height":923800,"subsidy_sat":312500000,"fee_sat_mean":1806451.263888889,
"fee_window":"blocks_144",
"formula":"usd_per_ph_day = 86400e15 * (subsidy_sat + fee_sat_mean) / (difficulty * 2^48 / 65535) / 1e8 * price_usd",
"sources":{"difficulty":["starter"],"fees":["starter"],"price":["starter"]},"span_s":86400,
"fee_sat_sum":260128982,"fee_blocks":144,
"degraded_reason":"fewer price sources than price.min_sources",
"recorded_at":"2026-11-25T20:55:53Z","recorded_at_s":1795640153},"arithmetic":[
"usd_per_ph_day = 86400e15 * (subsidy_sat + fee_sat_mean) / (difficulty * 2^48 / 65535) / 1e8 * price_usd",
"fee_sat_mean   = 260128982 / 144 = 1806451.263888889",
"sat_per_ph_day = 86400e15 * (312500000 + 1806451.263888889) / (152271405447597.38 * 2^48 / 65535) = 41522.375663958854",
"usd_per_ph_day = 41522.375663958854 / 1e8 * 95555.28 = 39.67682232834774"],"inputs":[{
"name":"tip","value":"height 923800",
"origin":"starter at 2025-11-16T00:00:00Z, fetched 2026-06-14T00:00:00Z"},{
"name":"difficulty","value":"152271405447597.38",
"origin":"from bits 0x1701d936 of the tip"},{"name":"subsidy","value":"312500000 sat",
"origin":"by consensus at height 923800"},{"name":"fees",
"value":"1806451.263888889 sat a block",
"origin":"starter over 144 blocks (blocks_144) up to 2025-11-16T00:00:00Z, fetched 2026-06-14T00:00:00Z"},
{"name":"price","value":"95555.28 USD",
"origin":"starter 1d candle as of 2025-11-16T00:00:00Z, fetched 2026-06-14T00:00:00Z, counted"}],
"missing":[],"superseded":[]})json";

const std::string_view kHashprice = R"json(
{"from":"2025-11-14T00:00:00Z","from_s":1763078400,"to":"2025-11-16T00:00:00Z",
"to_s":1763251200,"step":"1d","step_s":86400,"unit":"USD/PH/day","points":[{
"time":"2025-11-14T00:00:00Z","time_s":1763078400,"mean":39.32423178409223,
"open":39.32423178409223,"high":39.32423178409223,"low":39.32423178409223,
"close":39.32423178409223,"coverage":1.0},{"time":"2025-11-15T00:00:00Z",
"time_s":1763164800,"mean":39.67682232834774,"open":39.67682232834774,
"high":39.67682232834774,"low":39.67682232834774,"close":39.67682232834774,"coverage":1.0}]})json";

const std::string_view kInputs = R"json(
{"input":"price","from":"2025-11-15T00:00:00Z","from_s":1763164800,
"to":"2025-11-16T00:00:00Z","to_s":1763251200,"step":"1d","step_s":86400,"unit":"USD/BTC",
"points":[{"time":"2025-11-15T00:00:00Z","time_s":1763164800,"price_usd":95555.28,
"sources":{"starter":95555.28}}]})json";

const std::string_view kSources = R"json(
{"sources":[{"name":"mempool","host":"mempool.space","roles":["chain","fees","price"],
"up":true,"last_success":"2025-11-16T00:00:01Z","last_success_s":1763251201,
"last_failure":"2025-11-15T21:14:07Z","last_failure_s":1763241247,
"last_error":"mempool.space: HTTP 503 (trouble on their side)","outlier":null,"latency_ms":142,
"polls_ok":2878,"polls_failed":2,"quarantined":0}]})json";

const std::string_view kGaps = R"json(
{"from":"2025-07-01T00:00:00Z","from_s":1751328000,"to":"2025-12-01T00:00:00Z",
"to_s":1764547200,"gaps":[{"from":"2025-08-06T00:00:00Z","from_s":1754438400,
"to":"2025-08-11T00:00:00Z","to_s":1754870400,"seconds":432000,"why":"no blocks",
"being_repaired":false}]})json";

const std::string_view kMetrics =
    R"(# HELP hashprice_usd_per_ph_day What 1 PH/s earns in a day, in USD.
# TYPE hashprice_usd_per_ph_day gauge
hashprice_usd_per_ph_day 38.21174693745834
# HELP hashprice_decline_active 1 while a decline by the rule is active or recovering.
# TYPE hashprice_decline_active gauge
hashprice_decline_active{rule="sustained-decline",denomination="usd"} 1
)";

}  // namespace hashprice::service::app::examples
