#include "storage/migrations/migrations.hpp"

namespace hashprice::storage {

// A retraction is a standing rule: what its source says about the range is kept aside, until it is
// undone. Cool-downs are by host, because hosts ban, and shared by every process on this database.
const std::string_view kGuardSchema = R"sql(
CREATE TABLE retractions(
    id INTEGER PRIMARY KEY,
    source_id INTEGER NOT NULL,
    from_s INTEGER NOT NULL,
    to_s INTEGER NOT NULL,
    retracted_at_s INTEGER NOT NULL,
    undone_at_s INTEGER,
    CHECK(from_s < to_s)
) STRICT;
CREATE INDEX retractions_standing ON retractions(source_id, from_s) WHERE undone_at_s IS NULL;
-- The same word again and again of a source that is not believed is one row.
CREATE UNIQUE INDEX facts_retracted ON facts_aside(source_id, kind, body)
    WHERE reason = 'retracted';

CREATE TABLE cool_downs(
    host TEXT PRIMARY KEY NOT NULL,
    until_s INTEGER NOT NULL,
    reason TEXT NOT NULL,
    noted_at_s INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Who plays a role from when on; the source is NULL while nobody does.
CREATE TABLE role_changes(
    id INTEGER PRIMARY KEY,
    role TEXT NOT NULL,
    source_id INTEGER,
    reason TEXT NOT NULL,
    changed_at_s INTEGER NOT NULL
) STRICT;
CREATE INDEX role_changes_by_role ON role_changes(role, id);

-- What others published, beside ours of the same moment.
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

CREATE VIEW v_comparison AS
SELECT time_s AS time, sources.name AS source, usd_per_ph_day, ours_usd_per_ph_day,
       usd_per_ph_day - ours_usd_per_ph_day AS difference_usd,
       usd_per_ph_day / ours_usd_per_ph_day - 1 AS difference_ratio, ours_time_s AS ours_time,
       fetched_at_s AS fetched_at
FROM comparisons JOIN sources ON sources.id = comparisons.source_id;
)sql";

}  // namespace hashprice::storage
