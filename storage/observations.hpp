#pragma once
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "domain/observation.hpp"
#include "storage/database.hpp"

namespace hashprice::storage {

/// An observation as it stands, and since when.
struct KeptObservation {
    domain::Observation observation;
    UtcSeconds recorded_at;
};

/// Observations with from < time <= to, ascending.
Result<std::vector<KeptObservation>> observations_between(Database& db, UtcSeconds from,
                                                          UtcSeconds to);
/// The same as it was known at `then`: what was recorded later is left out, what was superseded
/// since is back.
Result<std::vector<KeptObservation>> observations_as_of(Database& db,
                                                        const domain::Range& open_closed,
                                                        UtcSeconds then);
/// The last `count` observations at or before `t`, newest first.
Result<std::vector<KeptObservation>> observations_before(Database& db, UtcSeconds t, int count);
/// The observation as of 24:00 of every UTC day that has one, ascending: its close.
Result<std::vector<KeptObservation>> day_closes(Database& db);
/// The first instant after `t` that has one.
Result<std::optional<UtcSeconds>> observation_after(Database& db, UtcSeconds t);
/// The newest one of all.
Result<std::optional<KeptObservation>> latest_observation(Database& db);
/// Earlier values of one instant, newest first.
Result<std::vector<KeptObservation>> superseded_values(Database& db, UtcSeconds t);

/// How often each instant of (from, to] was given another value; none for those that never were.
Result<std::map<UtcSeconds, std::int64_t>> revisions_between(Database& db, UtcSeconds from,
                                                             UtcSeconds to);

/// First and last instant.
struct ObservationSpan {
    UtcSeconds first;
    UtcSeconds last;
};
Result<std::optional<ObservationSpan>> observation_span(Database& db);

/// Makes the observations with from < time <= to equal to `derived` (ascending): writes only what
/// differs, keeps what is superseded. Returns the instants that changed, ascending. Call within a
/// Transaction.
Result<std::vector<UtcSeconds>> replace_observations(Database& db, UtcSeconds from, UtcSeconds to,
                                                     std::span<const domain::Observation> derived,
                                                     UtcSeconds now);

/// A stretch of seconds that no observation speaks for: (from, to].
struct Gap {
    UtcSeconds from;
    UtcSeconds to;
};
/// Gaps between the first and the last observation, clipped to (from, to].
Result<std::vector<Gap>> gaps_between(Database& db, UtcSeconds from, UtcSeconds to);

}  // namespace hashprice::storage
