#include "storage/migrations/migrations.hpp"

namespace hashprice::storage {

// A message is written in the transaction of the change that it tells of, and stays. Receivers read
// messages as far as they have come; what waits for one of them is a delivery, and goes when it was
// received. Sinks read observations themselves: only what has changed is noted, as ranges.
const std::string_view kOutboxSchema = R"sql(
CREATE TABLE messages(
    id INTEGER PRIMARY KEY,
    event TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    rule TEXT NOT NULL,
    change TEXT NOT NULL,
    severity TEXT NOT NULL,
    goes_out INTEGER NOT NULL,
    at_s INTEGER NOT NULL,
    recorded_at_s INTEGER NOT NULL,
    sentence TEXT NOT NULL,
    body TEXT NOT NULL,
    CHECK(kind IN ('episode', 'fleet', 'source', 'readiness')),
    CHECK(severity IN ('none', 'notice', 'warning', 'critical')), CHECK(goes_out IN (0, 1))
) STRICT;
CREATE INDEX messages_by_subject ON messages(kind, subject, id);

-- Up to which message a receiver has been handed deliveries, and how it went; -1: it is in the
-- settings no more, and is told what happens from its return on.
CREATE TABLE receivers(
    name TEXT PRIMARY KEY NOT NULL,
    upto_message_id INTEGER NOT NULL,
    delivered INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    last_success_s INTEGER,
    last_error TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- In the order of ids. Dead: given up, until somebody says otherwise.
CREATE TABLE deliveries(
    id INTEGER PRIMARY KEY,
    receiver TEXT NOT NULL,
    message_id INTEGER NOT NULL,
    state TEXT NOT NULL,
    replay INTEGER NOT NULL,
    queued_at_s INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    next_try_s INTEGER NOT NULL,
    last_error TEXT NOT NULL,
    CHECK(state IN ('pending', 'dead')), CHECK(replay IN (0, 1)), UNIQUE(receiver, message_id)
) STRICT;
CREATE INDEX deliveries_in_order ON deliveries(receiver, state, id);

-- When a receiver was last told of an episode: for those that want to be told again.
CREATE TABLE told(
    receiver TEXT NOT NULL,
    subject TEXT NOT NULL,
    at_s INTEGER NOT NULL,
    PRIMARY KEY(receiver, subject)
) STRICT, WITHOUT ROWID;

-- What is neither an episode nor a fleet, and good or bad: sources, and the data as a whole.
CREATE TABLE conditions(
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    good INTEGER NOT NULL,
    reason TEXT NOT NULL,
    since_s INTEGER NOT NULL,
    PRIMARY KEY(kind, subject), CHECK(good IN (0, 1))
) STRICT, WITHOUT ROWID;

CREATE TABLE sinks(
    name TEXT PRIMARY KEY NOT NULL,
    points INTEGER NOT NULL,
    last_success_s INTEGER,
    last_error TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Observations with from_s < time <= to_s that a sink has not got as they are now. A range that is
-- on its way (sending) is not touched by whoever changes observations: he adds another.
CREATE TABLE sink_ranges(
    id INTEGER PRIMARY KEY,
    sink TEXT NOT NULL,
    from_s INTEGER NOT NULL,
    to_s INTEGER NOT NULL,
    sending INTEGER NOT NULL,
    CHECK(from_s < to_s), CHECK(sending IN (0, 1))
) STRICT;
CREATE INDEX sink_ranges_by_time ON sink_ranges(sink, sending, to_s);
)sql";

}  // namespace hashprice::storage
