-- A database as schema 1 left it: a few days of the starter history and one row of each other kind.
-- What a shipped program wrote: this file is never edited, a newer schema gets a file of its own.
BEGIN TRANSACTION;
CREATE TABLE bars_1d(start_s INTEGER PRIMARY KEY, covered_s INTEGER NOT NULL,
    usd_open REAL NOT NULL, usd_high REAL NOT NULL, usd_low REAL NOT NULL, usd_close REAL NOT NULL, usd_mean REAL NOT NULL,
    sat_open REAL NOT NULL, sat_high REAL NOT NULL, sat_low REAL NOT NULL, sat_close REAL NOT NULL, sat_mean REAL NOT NULL) STRICT;
INSERT INTO "bars_1d" VALUES(1752019200,86400,6.04100114233482585754e+01,6.04100114233482585754e+01,6.04100114233482585754e+01,6.04100114233482585754e+01,6.04100114233482585754e+01,5.42807877167374172111e+04,5.42807877167374172111e+04,5.42807877167374172111e+04,5.42807877167374172111e+04,5.42807877167374099383e+04);
INSERT INTO "bars_1d" VALUES(1752105600,86400,6.29366602104222039315e+01,6.29366602104222039315e+01,6.29366602104222039315e+01,6.29366602104222039315e+01,62.9366602104222,5.42448271273885111428e+04,5.42448271273885111428e+04,5.42448271273885111428e+04,5.42448271273885111428e+04,5.42448271273885184199e+04);
INSERT INTO "bars_1d" VALUES(1752192000,86400,6.39501575968926587716e+01,6.39501575968926587716e+01,6.39501575968926587716e+01,6.39501575968926587716e+01,6.39501575968926587716e+01,5.43914480327717756152e+04,5.43914480327717756152e+04,5.43914480327717756152e+04,5.43914480327717756152e+04,5.43914480327717828923e+04);
INSERT INTO "bars_1d" VALUES(1752278400,86400,58.9911348316234,58.9911348316234,58.9911348316234,58.9911348316234,5.89911348316234054314e+01,5.0218829367569393072e+04,5.0218829367569393072e+04,5.0218829367569393072e+04,5.0218829367569393072e+04,5.02188293675693857949e+04);
CREATE TABLE bars_1h(start_s INTEGER PRIMARY KEY, covered_s INTEGER NOT NULL,
    usd_open REAL NOT NULL, usd_high REAL NOT NULL, usd_low REAL NOT NULL, usd_close REAL NOT NULL, usd_mean REAL NOT NULL,
    sat_open REAL NOT NULL, sat_high REAL NOT NULL, sat_low REAL NOT NULL, sat_close REAL NOT NULL, sat_mean REAL NOT NULL) STRICT;
CREATE TABLE bars_1mo(start_s INTEGER PRIMARY KEY, covered_s INTEGER NOT NULL,
    usd_open REAL NOT NULL, usd_high REAL NOT NULL, usd_low REAL NOT NULL, usd_close REAL NOT NULL, usd_mean REAL NOT NULL,
    sat_open REAL NOT NULL, sat_high REAL NOT NULL, sat_low REAL NOT NULL, sat_close REAL NOT NULL, sat_mean REAL NOT NULL) STRICT;
INSERT INTO "bars_1mo" VALUES(1751328000,2678400,5.74069751292583774215e+01,6.39501575968926587716e+01,5.74069751292583774215e+01,5.74849752206286694882e+01,5.94668161590527688531e+01,5.42988133171223307741e+04,5.43914480327717756152e+04,4.96564561459737815324e+04,4.96564561459737815324e+04,5.160476990322646452e+04);
CREATE TABLE bars_1w(start_s INTEGER PRIMARY KEY, covered_s INTEGER NOT NULL,
    usd_open REAL NOT NULL, usd_high REAL NOT NULL, usd_low REAL NOT NULL, usd_close REAL NOT NULL, usd_mean REAL NOT NULL,
    sat_open REAL NOT NULL, sat_high REAL NOT NULL, sat_low REAL NOT NULL, sat_close REAL NOT NULL, sat_mean REAL NOT NULL) STRICT;
INSERT INTO "bars_1w" VALUES(1751846400,604800,5.87068971097160954277e+01,6.39501575968926587716e+01,5.87068971097160954277e+01,5.98710387861560491265e+01,6.05764572533932863515e+01,5.42190957998123412853e+04,5.43914480327717756152e+04,5.0218829367569393072e+04,5.02578819949590615591e+04,5.31312896167838553083e+04);
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
INSERT INTO "blocks" VALUES(905000,1752192100,386033686,2886361,NULL,2,1764633601);
CREATE TABLE epochs(
    start_height INTEGER PRIMARY KEY,
    start_time_s INTEGER NOT NULL,
    bits INTEGER NOT NULL,
    source_id INTEGER NOT NULL,
    fetched_at_s INTEGER NOT NULL,
    CHECK(start_height >= 0 AND start_height % 2016 = 0)
) STRICT;
INSERT INTO "epochs" VALUES(903168,1751174596,386033686,0,1764633600);
INSERT INTO "epochs" VALUES(905184,1752295354,386022054,0,1764633600);
CREATE TABLE facts_aside(
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    reason TEXT NOT NULL,
    body TEXT NOT NULL,
    source_id INTEGER NOT NULL,
    fetched_at_s INTEGER NOT NULL,
    aside_at_s INTEGER NOT NULL
) STRICT;
INSERT INTO "facts_aside" VALUES(1,'price','corrected','{}',6,1764633600,1764633700);
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
INSERT INTO "fee_means" VALUES(1752105600,0,0,445743570,144,904825,1764633600);
INSERT INTO "fee_means" VALUES(1752192000,0,0,415636127,144,904996,1764633600);
INSERT INTO "fee_means" VALUES(1752278400,0,0,538392195,144,905146,1764633600);
INSERT INTO "fee_means" VALUES(1752364800,0,0,392731843,144,905295,1764633600);
CREATE TABLE meta(
    key TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "meta" VALUES('starter_imported_at_s','1764633600');
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
INSERT INTO "observations" VALUES(1752105600,86400,904825,386033686,445743570,144,0,111291.7,1,0,0,4,6.04100114233482585754e+01,5.42807877167374172111e+04,1764633600);
INSERT INTO "observations" VALUES(1752192000,86400,904996,386033686,415636127,144,0,116023.34,1,0,0,4,6.29366602104222039315e+01,5.42448271273885111428e+04,1764633600);
INSERT INTO "observations" VALUES(1752278400,86400,905146,386033686,538392195,144,0,117573.92,1,0,0,4,6.39501575968926587716e+01,5.43914480327717756152e+04,1764633600);
INSERT INTO "observations" VALUES(1752364800,86400,905295,386022054,392731843,144,0,117468.16,1,0,0,4,58.9911348316234,5.0218829367569393072e+04,1764633600);
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
CREATE TABLE polls(
    id INTEGER PRIMARY KEY,
    source_id INTEGER NOT NULL,
    started_at_s INTEGER NOT NULL,
    duration_ms INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    detail TEXT NOT NULL,
    facts_new INTEGER NOT NULL
) STRICT;
INSERT INTO "polls" VALUES(1,2,1764633600,120,'timeout','no answer within 10 s',0);
CREATE TABLE prices(
    time_s INTEGER NOT NULL,
    source_id INTEGER NOT NULL,
    span_s INTEGER NOT NULL,
    price_micro_usd INTEGER NOT NULL,
    fetched_at_s INTEGER NOT NULL,
    PRIMARY KEY(time_s, source_id, span_s),
    CHECK(price_micro_usd > 0), CHECK(span_s >= 0)
) STRICT, WITHOUT ROWID;
INSERT INTO "prices" VALUES(1752105600,0,86400,111291700000,1764633600);
INSERT INTO "prices" VALUES(1752192000,0,86400,116023340000,1764633600);
INSERT INTO "prices" VALUES(1752278400,0,86400,117573920000,1764633600);
INSERT INTO "prices" VALUES(1752364800,0,86400,117468160000,1764633600);
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
INSERT INTO "quarantine" VALUES(1,2,'block','fees are negative','{}',1764633600,'pending',NULL);
CREATE TABLE sources(
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    CHECK(id BETWEEN 0 AND 61)
) STRICT;
INSERT INTO "sources" VALUES(0,'starter');
INSERT INTO "sources" VALUES(1,'import');
INSERT INTO "sources" VALUES(2,'mempool');
INSERT INTO "sources" VALUES(3,'esplora');
INSERT INTO "sources" VALUES(4,'bitcoin_core');
INSERT INTO "sources" VALUES(5,'blockchain_com');
INSERT INTO "sources" VALUES(6,'coinbase');
INSERT INTO "sources" VALUES(7,'kraken');
INSERT INTO "sources" VALUES(8,'bitstamp');
INSERT INTO "sources" VALUES(9,'gemini');
INSERT INTO "sources" VALUES(10,'braiins');
INSERT INTO "sources" VALUES(11,'luxor');
CREATE INDEX polls_by_source ON polls(source_id, outcome, started_at_s);
CREATE INDEX observations_coarse ON observations(time_s) WHERE span_s > 3600;
CREATE INDEX superseded_by_time ON observations_superseded(time_s);
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
COMMIT;
PRAGMA user_version = 1;
PRAGMA application_id = 1752199779;
