-- A database as schema 3 left it: that of v1.sql, opened by a program of schema 3, which followed two rules and
-- a fleet and was told a note and a retraction; and one row of each other kind.
-- What a shipped program wrote: this file is never edited, a newer schema gets a file of its own.
BEGIN TRANSACTION;
CREATE TABLE bars_1d(start_s INTEGER PRIMARY KEY, covered_s INTEGER NOT NULL,
    usd_open REAL NOT NULL, usd_high REAL NOT NULL, usd_low REAL NOT NULL, usd_close REAL NOT NULL, usd_mean REAL NOT NULL,
    sat_open REAL NOT NULL, sat_high REAL NOT NULL, sat_low REAL NOT NULL, sat_close REAL NOT NULL, sat_mean REAL NOT NULL) STRICT;
INSERT INTO bars_1d VALUES(1752019200,86400,60.410011423348258575,60.410011423348258575,60.410011423348258575,60.410011423348258575,60.410011423348258575,54280.787716737417211,54280.787716737417211,54280.787716737417211,54280.787716737417211,54280.787716737409938);
INSERT INTO bars_1d VALUES(1752105600,86400,62.936660210422203931,62.936660210422203931,62.936660210422203931,62.936660210422203931,62.936660210422196827,54244.827127388511142,54244.827127388511142,54244.827127388511142,54244.827127388511142,54244.827127388518419);
INSERT INTO bars_1d VALUES(1752192000,86400,63.950157596892658771,63.950157596892658771,63.950157596892658771,63.950157596892658771,63.950157596892658771,54391.448032771775615,54391.448032771775615,54391.448032771775615,54391.448032771775615,54391.448032771782892);
INSERT INTO bars_1d VALUES(1752278400,86400,58.991134831623398327,58.991134831623398327,58.991134831623398327,58.991134831623398327,58.991134831623405431,50218.829367569393072,50218.829367569393072,50218.829367569393072,50218.829367569393072,50218.829367569385794);
CREATE TABLE bars_1h(start_s INTEGER PRIMARY KEY, covered_s INTEGER NOT NULL,
    usd_open REAL NOT NULL, usd_high REAL NOT NULL, usd_low REAL NOT NULL, usd_close REAL NOT NULL, usd_mean REAL NOT NULL,
    sat_open REAL NOT NULL, sat_high REAL NOT NULL, sat_low REAL NOT NULL, sat_close REAL NOT NULL, sat_mean REAL NOT NULL) STRICT;
INSERT INTO bars_1h VALUES(1752102000,3600,60.410011423348258575,60.410011423348258575,60.410011423348258575,60.410011423348258575,60.410011423348258575,54280.787716737417211,54280.787716737417211,54280.787716737417211,54280.787716737417211,54280.787716737409938);
CREATE TABLE bars_1mo(start_s INTEGER PRIMARY KEY, covered_s INTEGER NOT NULL,
    usd_open REAL NOT NULL, usd_high REAL NOT NULL, usd_low REAL NOT NULL, usd_close REAL NOT NULL, usd_mean REAL NOT NULL,
    sat_open REAL NOT NULL, sat_high REAL NOT NULL, sat_low REAL NOT NULL, sat_close REAL NOT NULL, sat_mean REAL NOT NULL) STRICT;
INSERT INTO bars_1mo VALUES(1751328000,2678400,57.406975129258377421,63.950157596892658771,57.406975129258377421,57.484975220628669488,59.466816159052768853,54298.813317122330774,54391.448032771775615,49656.456145973781532,49656.456145973781532,51604.76990322646452);
CREATE TABLE bars_1w(start_s INTEGER PRIMARY KEY, covered_s INTEGER NOT NULL,
    usd_open REAL NOT NULL, usd_high REAL NOT NULL, usd_low REAL NOT NULL, usd_close REAL NOT NULL, usd_mean REAL NOT NULL,
    sat_open REAL NOT NULL, sat_high REAL NOT NULL, sat_low REAL NOT NULL, sat_close REAL NOT NULL, sat_mean REAL NOT NULL) STRICT;
INSERT INTO bars_1w VALUES(1751846400,604800,58.706897109716095427,63.950157596892658771,58.706897109716095427,59.871038786156049126,60.576457253393286351,54219.095799812341285,54391.448032771775615,50218.829367569393072,50257.881994959061559,53131.289616783855308);
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
INSERT INTO blocks VALUES(905000,1752192100,386033686,2886361,NULL,2,1764633601);
CREATE TABLE epochs(
    start_height INTEGER PRIMARY KEY,
    start_time_s INTEGER NOT NULL,
    bits INTEGER NOT NULL,
    source_id INTEGER NOT NULL,
    fetched_at_s INTEGER NOT NULL,
    CHECK(start_height >= 0 AND start_height % 2016 = 0)
) STRICT;
INSERT INTO epochs VALUES(903168,1751174596,386033686,0,1764633600);
INSERT INTO epochs VALUES(905184,1752295354,386022054,0,1764633600);
CREATE TABLE facts_aside(
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    reason TEXT NOT NULL,
    body TEXT NOT NULL,
    source_id INTEGER NOT NULL,
    fetched_at_s INTEGER NOT NULL,
    aside_at_s INTEGER NOT NULL
) STRICT;
INSERT INTO facts_aside VALUES(1,'price','corrected','{}',6,1764633600,1764633700);
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
INSERT INTO fee_means VALUES(1752105600,0,0,445743570,144,904825,1764633600);
INSERT INTO fee_means VALUES(1752192000,0,0,415636127,144,904996,1764633600);
INSERT INTO fee_means VALUES(1752278400,0,0,538392195,144,905146,1764633600);
INSERT INTO fee_means VALUES(1752364800,0,0,392731843,144,905295,1764633600);
CREATE TABLE meta(
    key TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO meta VALUES('starter_imported_at_s','1764633600');
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
INSERT INTO observations VALUES(1752105600,86400,904825,386033686,445743570,144,0,111291.69999999999708,1,0,0,4,60.410011423348258575,54280.787716737417211,1764633600);
INSERT INTO observations VALUES(1752192000,86400,904996,386033686,415636127,144,0,116023.3399999999965,1,0,0,4,62.936660210422203931,54244.827127388511142,1764633600);
INSERT INTO observations VALUES(1752278400,86400,905146,386033686,538392195,144,0,117573.91999999999825,1,0,0,4,63.950157596892658771,54391.448032771775615,1764633600);
INSERT INTO observations VALUES(1752364800,86400,905295,386022054,392731843,144,0,117468.16000000000349,1,0,0,4,58.991134831623398327,50218.829367569393072,1764633600);
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
INSERT INTO observations_superseded VALUES(1,1752278400,86400,905146,386033686,538392195,144,0,117572.91999999999825,1,0,0,4,63.949657596892656385,54391.448032771775615,1764633600,1764633660);
CREATE TABLE polls(
    id INTEGER PRIMARY KEY,
    source_id INTEGER NOT NULL,
    started_at_s INTEGER NOT NULL,
    duration_ms INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    detail TEXT NOT NULL,
    facts_new INTEGER NOT NULL
) STRICT;
INSERT INTO polls VALUES(1,2,1764633600,120,'timeout','no answer within 10 s',0);
CREATE TABLE prices(
    time_s INTEGER NOT NULL,
    source_id INTEGER NOT NULL,
    span_s INTEGER NOT NULL,
    price_micro_usd INTEGER NOT NULL,
    fetched_at_s INTEGER NOT NULL,
    PRIMARY KEY(time_s, source_id, span_s),
    CHECK(price_micro_usd > 0), CHECK(span_s >= 0)
) STRICT, WITHOUT ROWID;
INSERT INTO prices VALUES(1752105600,0,86400,111291700000,1764633600);
INSERT INTO prices VALUES(1752192000,0,86400,116023340000,1764633600);
INSERT INTO prices VALUES(1752278400,0,86400,117573920000,1764633600);
INSERT INTO prices VALUES(1752364800,0,86400,117468160000,1764633600);
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
INSERT INTO quarantine VALUES(1,2,'block','fees are negative','{}',1764633600,'pending',NULL);
CREATE TABLE sources(
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    CHECK(id BETWEEN 0 AND 61)
) STRICT;
INSERT INTO sources VALUES(0,'starter');
INSERT INTO sources VALUES(1,'import');
INSERT INTO sources VALUES(2,'mempool');
INSERT INTO sources VALUES(3,'esplora');
INSERT INTO sources VALUES(4,'bitcoin_core');
INSERT INTO sources VALUES(5,'blockchain_com');
INSERT INTO sources VALUES(6,'coinbase');
INSERT INTO sources VALUES(7,'kraken');
INSERT INTO sources VALUES(8,'bitstamp');
INSERT INTO sources VALUES(9,'gemini');
INSERT INTO sources VALUES(10,'braiins');
INSERT INTO sources VALUES(11,'luxor');
CREATE TABLE episodes(
    id TEXT PRIMARY KEY NOT NULL,
    rule TEXT NOT NULL,
    denomination TEXT NOT NULL,
    state TEXT NOT NULL,
    severity TEXT NOT NULL,
    closure TEXT,
    peak_day_s INTEGER NOT NULL,
    peak_value REAL NOT NULL,
    trough_day_s INTEGER NOT NULL,
    trough_value REAL NOT NULL,
    last_day_s INTEGER NOT NULL,
    last_value REAL NOT NULL,
    through_day_s INTEGER NOT NULL,
    observed_days INTEGER NOT NULL,
    suspended INTEGER NOT NULL,
    slope_percent_per_30d REAL,
    slope_low REAL,
    slope_high REAL,
    significant INTEGER,
    log_change REAL,
    log_price REAL,
    log_difficulty REAL,
    log_fees REAL,
    log_subsidy REAL,
    recorded_at_s INTEGER NOT NULL,
    withdrawn_at_s INTEGER,
    CHECK(state IN ('pending', 'active', 'recovering', 'closed')),
    CHECK(severity IN ('none', 'notice', 'warning', 'critical')),
    CHECK(closure IN ('recovered', 'settled')),
    CHECK(peak_value > 0), CHECK(trough_value > 0), CHECK(suspended IN (0, 1))
) STRICT;
INSERT INTO episodes VALUES('level-60-2025-07-11','level-60','usd','active','notice',NULL,1752192000,63.950157596892658771,1752278400,58.991134831623398327,1752278400,58.991134831623398327,1752278400,2,1,NULL,NULL,NULL,NULL,-0.080716816873694335887,-0.00089992402328631804914,-0.076613138841434058612,-0.003203754008973743253,0.0,1795640136,NULL);
CREATE TABLE episode_changes(
    id INTEGER PRIMARY KEY,
    rule TEXT NOT NULL,
    episode TEXT NOT NULL,
    kind TEXT NOT NULL,
    day_s INTEGER NOT NULL,
    state TEXT NOT NULL,
    severity TEXT NOT NULL,
    closure TEXT,
    value REAL NOT NULL,
    drawdown REAL NOT NULL,
    recorded_at_s INTEGER NOT NULL,
    withdrawn_at_s INTEGER
) STRICT;
INSERT INTO episode_changes VALUES(1,'level-60','level-60-2025-07-11','active',1752278400,'active','notice',NULL,58.991134831623398327,0.077545121882705458915,1795640136,NULL);
CREATE TABLE fleet_changes(
    id INTEGER PRIMARY KEY,
    fleet TEXT NOT NULL,
    day_s INTEGER NOT NULL,
    under_water INTEGER NOT NULL,
    close_usd_per_ph_day REAL NOT NULL,
    shutdown_usd_per_ph_day REAL NOT NULL,
    recorded_at_s INTEGER NOT NULL,
    withdrawn_at_s INTEGER,
    CHECK(under_water IN (0, 1))
) STRICT;
INSERT INTO fleet_changes VALUES(1,'hall-a',1752019200,1,60.410011423348258575,61.199999999999995735,1795640136,NULL);
INSERT INTO fleet_changes VALUES(2,'hall-a',1752192000,0,63.950157596892658771,61.199999999999995735,1795640136,NULL);
INSERT INTO fleet_changes VALUES(3,'hall-a',1752278400,1,58.991134831623398327,61.199999999999995735,1795640136,NULL);
CREATE TABLE evaluations(
    rule TEXT PRIMARY KEY NOT NULL,
    parameters TEXT NOT NULL,
    through_day_s INTEGER NOT NULL,
    evaluated_at_s INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO evaluations VALUES('level-60','level usd 180 0.2 1 7 0.3 0.4 0.3333333333333333 0.5 60 60 61 0 7 0.5',1752278400,1795640136);
INSERT INTO evaluations VALUES('sustained-decline','drawdown usd 180 0.2 3 7 0.3 0.4 0.3333333333333333 0.5 60 0 0 0 7 0.5',1752278400,1795640136);
CREATE TABLE annotations(
    id INTEGER PRIMARY KEY,
    time_s INTEGER NOT NULL,
    text TEXT NOT NULL,
    recorded_at_s INTEGER NOT NULL,
    removed_at_s INTEGER,
    CHECK(length(text) > 0)
) STRICT;
INSERT INTO annotations VALUES(1,1752278400,'retarget +7.96 %',1795640136,NULL);
CREATE TABLE retractions(
    id INTEGER PRIMARY KEY,
    source_id INTEGER NOT NULL,
    from_s INTEGER NOT NULL,
    to_s INTEGER NOT NULL,
    retracted_at_s INTEGER NOT NULL,
    undone_at_s INTEGER,
    CHECK(from_s < to_s)
) STRICT;
INSERT INTO retractions VALUES(1,7,1751328000,1751414400,1795640121,NULL);
CREATE TABLE cool_downs(
    host TEXT PRIMARY KEY NOT NULL,
    until_s INTEGER NOT NULL,
    reason TEXT NOT NULL,
    noted_at_s INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO cool_downs VALUES('api.kraken.com',1764637200,'api.kraken.com answered 429',1764633600);
CREATE TABLE role_changes(
    id INTEGER PRIMARY KEY,
    role TEXT NOT NULL,
    source_id INTEGER,
    reason TEXT NOT NULL,
    changed_at_s INTEGER NOT NULL
) STRICT;
INSERT INTO role_changes VALUES(1,'chain',2,'it is first in line',1764633600);
INSERT INTO role_changes VALUES(2,'chain',3,'mempool.space: no answer within 10 s',1764633700);
CREATE TABLE comparisons(
    time_s INTEGER NOT NULL,
    source_id INTEGER NOT NULL,
    usd_per_ph_day REAL NOT NULL,
    ours_usd_per_ph_day REAL NOT NULL,
    ours_time_s INTEGER NOT NULL,
    fetched_at_s INTEGER NOT NULL,
    PRIMARY KEY(time_s, source_id),
    CHECK(usd_per_ph_day > 0), CHECK(ours_usd_per_ph_day > 0)
) STRICT, WITHOUT ROWID;
INSERT INTO comparisons VALUES(1764633600,10,36.100000000000001421,36.200000000000002841,1764633600,1764633601);
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
CREATE INDEX episodes_by_rule ON episodes(rule, peak_day_s);
CREATE INDEX episode_changes_by_rule ON episode_changes(rule, day_s);
CREATE INDEX episode_changes_by_episode ON episode_changes(episode, day_s);
CREATE INDEX fleet_changes_by_fleet ON fleet_changes(fleet, day_s);
CREATE INDEX annotations_by_time ON annotations(time_s);
CREATE VIEW v_declines AS
SELECT peak_day_s AS time, id, rule, denomination, state, severity, closure,
       peak_value, trough_day_s AS trough_time, trough_value, last_day_s AS last_time, last_value,
       1 - trough_value / peak_value AS depth, MAX(0.0, 1 - last_value / peak_value) AS drawdown,
       (trough_day_s - peak_day_s) / 86400 AS days_to_trough,
       (through_day_s - peak_day_s) / 86400 AS days_under_water,
       CAST(observed_days AS REAL) / ((through_day_s - peak_day_s) / 86400 + 1) AS coverage,
       suspended,
       (SELECT MIN(day_s) FROM episode_changes c WHERE c.episode = e.id AND c.withdrawn_at_s IS NULL AND c.state = 'active') AS active_time,
       (SELECT MIN(day_s) FROM episode_changes c WHERE c.episode = e.id AND c.withdrawn_at_s IS NULL AND c.severity IN ('warning', 'critical')) AS warning_time,
       (SELECT MIN(day_s) FROM episode_changes c WHERE c.episode = e.id AND c.withdrawn_at_s IS NULL AND c.severity = 'critical') AS critical_time,
       (SELECT MIN(day_s) FROM episode_changes c WHERE c.episode = e.id AND c.withdrawn_at_s IS NULL AND c.state = 'recovering') AS recovering_time,
       CASE state WHEN 'closed' THEN through_day_s END AS closed_time,
       slope_percent_per_30d, slope_low, slope_high, significant,
       log_price / NULLIF(log_change, 0) AS price_share, log_difficulty / NULLIF(log_change, 0) AS difficulty_share,
       log_fees / NULLIF(log_change, 0) AS fees_share, log_subsidy / NULLIF(log_change, 0) AS subsidy_share,
       recorded_at_s AS recorded_at
FROM episodes e WHERE withdrawn_at_s IS NULL;
CREATE INDEX retractions_standing ON retractions(source_id, from_s) WHERE undone_at_s IS NULL;
CREATE UNIQUE INDEX facts_retracted ON facts_aside(source_id, kind, body)
    WHERE reason = 'retracted';
CREATE INDEX role_changes_by_role ON role_changes(role, id);
CREATE VIEW v_comparison AS
SELECT time_s AS time, sources.name AS source, usd_per_ph_day, ours_usd_per_ph_day,
       usd_per_ph_day - ours_usd_per_ph_day AS difference_usd,
       usd_per_ph_day / ours_usd_per_ph_day - 1 AS difference_ratio, ours_time_s AS ours_time,
       fetched_at_s AS fetched_at
FROM comparisons JOIN sources ON sources.id = comparisons.source_id;
COMMIT;
PRAGMA user_version = 3;
PRAGMA application_id = 1752199779;
