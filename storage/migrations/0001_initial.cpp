#include "storage/migrations/migrations.hpp"

namespace hashprice::storage {

// Keys: heights and instants are INTEGER PRIMARY KEYs, the fastest and smallest that SQLite has.
// Prices have no such key, so they are clustered by time, which is how derivation reads them.
const std::string_view kInitialSchema = R"sql(
CREATE TABLE meta(
    key TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sources(
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    CHECK(id BETWEEN 0 AND 61)
) STRICT;
-- Numbers that do not depend on who is heard first: the same facts give the same rows in every database.
INSERT INTO sources(id, name) VALUES
    (0, 'starter'), (1, 'import'), (2, 'mempool'), (3, 'esplora'), (4, 'bitcoin_core'), (5, 'blockchain_com'),
    (6, 'coinbase'), (7, 'kraken'), (8, 'bitstamp'), (9, 'gemini'), (10, 'braiins'), (11, 'luxor');

-- Facts: what a source said.
CREATE TABLE blocks(
    height INTEGER PRIMARY KEY,
    time_s INTEGER NOT NULL,
    bits INTEGER NOT NULL,
    fee_sat INTEGER,
    hash BLOB,
    source_id INTEGER NOT NULL,
    fetched_at_s INTEGER NOT NULL,
    CHECK(height >= 0), CHECK(fee_sat >= 0), CHECK(length(hash) = 32)
) STRICT;

CREATE TABLE epochs(
    start_height INTEGER PRIMARY KEY,
    start_time_s INTEGER NOT NULL,
    bits INTEGER NOT NULL,
    source_id INTEGER NOT NULL,
    fetched_at_s INTEGER NOT NULL,
    CHECK(start_height >= 0 AND start_height % 2016 = 0)
) STRICT;

CREATE TABLE prices(
    time_s INTEGER NOT NULL,
    source_id INTEGER NOT NULL,
    span_s INTEGER NOT NULL,
    price_micro_usd INTEGER NOT NULL,
    fetched_at_s INTEGER NOT NULL,
    PRIMARY KEY(time_s, source_id, span_s),
    CHECK(price_micro_usd > 0), CHECK(span_s >= 0)
) STRICT, WITHOUT ROWID;

CREATE TABLE fee_means(
    end_s INTEGER NOT NULL,
    source_id INTEGER NOT NULL,
    fee_window INTEGER NOT NULL,
    fee_sat_sum INTEGER NOT NULL,
    blocks INTEGER NOT NULL,
    tip_height INTEGER NOT NULL,
    fetched_at_s INTEGER NOT NULL,
    PRIMARY KEY(end_s, source_id, fee_window),
    CHECK(fee_sat_sum >= 0), CHECK(blocks > 0), CHECK(tip_height >= 0), CHECK(fee_window IN (0, 1))
) STRICT, WITHOUT ROWID;

-- Facts taken out of use: corrected, outranked, reorganized away or retracted. Never deleted.
CREATE TABLE facts_aside(
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    reason TEXT NOT NULL,
    body TEXT NOT NULL,
    source_id INTEGER NOT NULL,
    fetched_at_s INTEGER NOT NULL,
    aside_at_s INTEGER NOT NULL
) STRICT;

CREATE TABLE quarantine(
    id INTEGER PRIMARY KEY,
    source_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    reason TEXT NOT NULL,
    payload TEXT NOT NULL,
    received_at_s INTEGER NOT NULL,
    state TEXT NOT NULL,
    decided_at_s INTEGER,
    CHECK(state IN ('pending', 'released', 'rejected')),
    UNIQUE(source_id, kind, reason, payload)
) STRICT;

-- The outcome of every request: a failed poll is a fact, not a gap.
CREATE TABLE polls(
    id INTEGER PRIMARY KEY,
    source_id INTEGER NOT NULL,
    started_at_s INTEGER NOT NULL,
    duration_ms INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    detail TEXT NOT NULL,
    facts_new INTEGER NOT NULL
) STRICT;
CREATE INDEX polls_by_source ON polls(source_id, outcome, started_at_s);

-- Results: derived from facts alone, and derivable again.
CREATE TABLE observations(
    time_s INTEGER PRIMARY KEY,
    span_s INTEGER NOT NULL,
    height INTEGER NOT NULL,
    bits INTEGER NOT NULL,
    fee_sat_sum INTEGER NOT NULL,
    fee_blocks INTEGER NOT NULL,
    fee_window INTEGER NOT NULL,
    price_usd REAL NOT NULL,
    price_sources INTEGER NOT NULL,
    chain_source_id INTEGER NOT NULL,
    fee_source_id INTEGER NOT NULL,
    flags INTEGER NOT NULL,
    usd_per_ph_day REAL NOT NULL,
    sat_per_ph_day REAL NOT NULL,
    recorded_at_s INTEGER NOT NULL
) STRICT;
CREATE INDEX observations_coarse ON observations(time_s) WHERE span_s > 3600;

CREATE TABLE observations_superseded(
    id INTEGER PRIMARY KEY,
    time_s INTEGER NOT NULL,
    span_s INTEGER NOT NULL,
    height INTEGER NOT NULL,
    bits INTEGER NOT NULL,
    fee_sat_sum INTEGER NOT NULL,
    fee_blocks INTEGER NOT NULL,
    fee_window INTEGER NOT NULL,
    price_usd REAL NOT NULL,
    price_sources INTEGER NOT NULL,
    chain_source_id INTEGER NOT NULL,
    fee_source_id INTEGER NOT NULL,
    flags INTEGER NOT NULL,
    usd_per_ph_day REAL NOT NULL,
    sat_per_ph_day REAL NOT NULL,
    recorded_at_s INTEGER NOT NULL,
    superseded_at_s INTEGER NOT NULL
) STRICT;
CREATE INDEX superseded_by_time ON observations_superseded(time_s);

CREATE TABLE bars_1h(start_s INTEGER PRIMARY KEY, covered_s INTEGER NOT NULL,
    usd_open REAL NOT NULL, usd_high REAL NOT NULL, usd_low REAL NOT NULL, usd_close REAL NOT NULL, usd_mean REAL NOT NULL,
    sat_open REAL NOT NULL, sat_high REAL NOT NULL, sat_low REAL NOT NULL, sat_close REAL NOT NULL, sat_mean REAL NOT NULL) STRICT;
CREATE TABLE bars_1d(start_s INTEGER PRIMARY KEY, covered_s INTEGER NOT NULL,
    usd_open REAL NOT NULL, usd_high REAL NOT NULL, usd_low REAL NOT NULL, usd_close REAL NOT NULL, usd_mean REAL NOT NULL,
    sat_open REAL NOT NULL, sat_high REAL NOT NULL, sat_low REAL NOT NULL, sat_close REAL NOT NULL, sat_mean REAL NOT NULL) STRICT;
CREATE TABLE bars_1w(start_s INTEGER PRIMARY KEY, covered_s INTEGER NOT NULL,
    usd_open REAL NOT NULL, usd_high REAL NOT NULL, usd_low REAL NOT NULL, usd_close REAL NOT NULL, usd_mean REAL NOT NULL,
    sat_open REAL NOT NULL, sat_high REAL NOT NULL, sat_low REAL NOT NULL, sat_close REAL NOT NULL, sat_mean REAL NOT NULL) STRICT;
CREATE TABLE bars_1mo(start_s INTEGER PRIMARY KEY, covered_s INTEGER NOT NULL,
    usd_open REAL NOT NULL, usd_high REAL NOT NULL, usd_low REAL NOT NULL, usd_close REAL NOT NULL, usd_mean REAL NOT NULL,
    sat_open REAL NOT NULL, sat_high REAL NOT NULL, sat_low REAL NOT NULL, sat_close REAL NOT NULL, sat_mean REAL NOT NULL) STRICT;

-- Views: the promise to dashboards (docs/sql.md). Difficulty is 65535 / mantissa * 256^(29 - exponent),
-- the power of two written as the product of two shifts so that any SQLite computes it exactly.
CREATE VIEW v_hashprice AS
SELECT time_s AS time, usd_per_ph_day, sat_per_ph_day, price_usd,
       65535.0 / (bits & 16777215) * (1 << 4 * (29 - (bits >> 24))) * (1 << 4 * (29 - (bits >> 24))) AS difficulty,
       height, 5000000000 >> (height / 210000) AS subsidy_sat,
       CAST(fee_sat_sum AS REAL) / fee_blocks AS fee_sat_mean,
       CASE fee_window WHEN 0 THEN 'blocks_144' ELSE 'utc_day' END AS fee_window,
       span_s, (flags & 1) <> 0 AS stale, (flags & 14) <> 0 AS degraded, recorded_at_s AS recorded_at
FROM observations;

CREATE VIEW v_hashprice_hourly AS
SELECT start_s AS time, usd_open, usd_high, usd_low, usd_close, usd_mean,
       sat_open, sat_high, sat_low, sat_close, sat_mean, covered_s / 3600.0 AS coverage
FROM bars_1h;

CREATE VIEW v_hashprice_daily AS
SELECT start_s AS time, usd_open, usd_high, usd_low, usd_close, usd_mean,
       sat_open, sat_high, sat_low, sat_close, sat_mean, covered_s / 86400.0 AS coverage
FROM bars_1d;

CREATE VIEW v_inputs_difficulty AS
SELECT start_time_s AS time, start_height AS height, bits,
       65535.0 / (bits & 16777215) * (1 << 4 * (29 - (bits >> 24))) * (1 << 4 * (29 - (bits >> 24))) AS difficulty,
       sources.name AS source, fetched_at_s AS fetched_at
FROM epochs JOIN sources ON sources.id = epochs.source_id;

CREATE VIEW v_inputs_fees AS
SELECT time_s AS time, height, 1 AS blocks, fee_sat AS fee_sat_sum, CAST(fee_sat AS REAL) AS fee_sat_mean,
       'block' AS fee_window, sources.name AS source, fetched_at_s AS fetched_at
FROM blocks JOIN sources ON sources.id = blocks.source_id WHERE fee_sat IS NOT NULL
UNION ALL
SELECT end_s, tip_height, blocks, fee_sat_sum, CAST(fee_sat_sum AS REAL) / blocks,
       CASE fee_window WHEN 0 THEN 'blocks_144' ELSE 'utc_day' END, sources.name, fetched_at_s
FROM fee_means JOIN sources ON sources.id = fee_means.source_id;

CREATE VIEW v_inputs_price AS
SELECT time_s AS time, sources.name AS source, span_s, price_micro_usd / 1e6 AS price_usd, fetched_at_s AS fetched_at
FROM prices JOIN sources ON sources.id = prices.source_id;

-- A gap ends where the earliest of all later spans begins.
CREATE VIEW v_gaps AS
SELECT previous AS time, reach AS end_time, reach - previous AS seconds
FROM (SELECT LAG(time_s) OVER (ORDER BY time_s) AS previous,
             MIN(time_s - span_s) OVER (ORDER BY time_s ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS reach
      FROM observations)
WHERE reach > previous;

CREATE VIEW v_sources AS
SELECT name AS source,
       (SELECT MAX(started_at_s) FROM polls WHERE source_id = sources.id AND outcome = 'ok') AS last_success_time,
       (SELECT MAX(started_at_s) FROM polls WHERE source_id = sources.id AND outcome <> 'ok') AS last_failure_time,
       (SELECT COUNT(*) FROM polls WHERE source_id = sources.id AND outcome = 'ok') AS polls_ok,
       (SELECT COUNT(*) FROM polls WHERE source_id = sources.id AND outcome <> 'ok') AS polls_failed,
       (SELECT COUNT(*) FROM quarantine WHERE source_id = sources.id AND state = 'pending') AS quarantined
FROM sources
WHERE EXISTS (SELECT 1 FROM polls WHERE source_id = sources.id);
)sql";

}  // namespace hashprice::storage
