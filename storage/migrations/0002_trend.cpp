#include "storage/migrations/migrations.hpp"

namespace hashprice::storage {

// Days are the unix seconds of their 00:00 UTC, as in bars_1d. A row of episode_changes or
// fleet_changes is never altered but for withdrawn_at_s: a corrected past takes it back, visibly.
const std::string_view kTrendSchema = R"sql(
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
CREATE INDEX episodes_by_rule ON episodes(rule, peak_day_s);

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
CREATE INDEX episode_changes_by_rule ON episode_changes(rule, day_s);
CREATE INDEX episode_changes_by_episode ON episode_changes(episode, day_s);

-- A fleet goes under water (1) or comes up again (0), from that day's close on.
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
CREATE INDEX fleet_changes_by_fleet ON fleet_changes(fleet, day_s);

-- How far each rule has been followed, and with which parameters.
CREATE TABLE evaluations(
    rule TEXT PRIMARY KEY NOT NULL,
    parameters TEXT NOT NULL,
    through_day_s INTEGER NOT NULL,
    evaluated_at_s INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE annotations(
    id INTEGER PRIMARY KEY,
    time_s INTEGER NOT NULL,
    text TEXT NOT NULL,
    recorded_at_s INTEGER NOT NULL,
    removed_at_s INTEGER,
    CHECK(length(text) > 0)
) STRICT;
CREATE INDEX annotations_by_time ON annotations(time_s);

-- Shares are parts of the fall from peak to trough; the times of states are the first of each.
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
)sql";

}  // namespace hashprice::storage
