#pragma once
#include <mutex>
#include <optional>

#include "domain/clock.hpp"
#include "ingest/collector.hpp"
#include "ingest/live/notices.hpp"
#include "ingest/live/outage.hpp"
#include "storage/polls.hpp"

namespace hashprice::ingest {

/// What one attempt on a source brought.
struct Findings {
    domain::FactBatch batch;
    domain::FactBatch branch;  ///< blocks that replace what is stored from their lowest height on
    storage::Poll poll;        ///< facts_new is filled in by the writer
    std::string stale;         ///< why the answer, right as it is, is no news; empty: it is
    std::optional<Change> state{};  ///< of the source, where there is something to record
};

/// The daemon's one writing connection. Facts are durable when `take` returns (synchronous FULL).
///
///   owns      the connection and its Collector
///   threads   thread-safe: one writes, the others wait
///   outlives  clock and notices must outlive it
///   horizon   instants of the live grid after it wait for their own tick (`advance`)
class Writer {
public:
    Writer(storage::Database db, const DeriveOptions& options, const domain::Clock& clock,
           const Notices& notices);

    /// Facts, refusals and the outcome of the attempt, and what they change: one transaction.
    domain::Result<Taken> take(const Findings& found);

    /// Derives the instants of the grid that are due at `now`, those between the last observation
    /// and a restart included.
    domain::Result<Derived> advance(UtcSeconds now);

    /// Forgets outcomes of attempts before `t`.
    domain::Status forget_polls_before(UtcSeconds t);

    /// Runs `work(Database&)` while nobody else writes.
    template <class Work>
    auto alone(Work&& work) {
        const std::lock_guard lock(m_);
        return work(db_);
    }

    [[nodiscard]] seconds grid() const { return collector_.options().grid; }

private:
    [[nodiscard]] UtcSeconds first_horizon(UtcSeconds now);
    void tell(const domain::Status& written, const Derived& derived);

    const domain::Clock& clock_;
    const Notices& notices_;
    std::mutex m_;
    storage::Database db_;  // guarded by m_
    Collector collector_;   // guarded by m_
    UtcSeconds horizon_;    // guarded by m_
    std::mutex outage_m_;
    Outage outage_;  // guarded by outage_m_
};

}  // namespace hashprice::ingest
