#pragma once
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "ingest/live/routines.hpp"
#include "ingest/transport/curl_transport.hpp"
#include "storage/polls.hpp"
#include "tests/support/fake_upstream.hpp"
#include "tests/support/sim_clock.hpp"

namespace hashprice::ingest {

/// Live polling against the fake upstream in one thread, under a clock that runs as fast as it is
/// worked: each routine's round comes when it is due, so that every run is the same.
class Rehearsal {
public:
    struct Setting {
        domain::UtcSeconds start = domain::utc(1'763'164'800);  // 2025-11-15T00:00:00Z
        seconds grid{60};
        seconds block_interval{30};
        seconds max_age{300};
        std::vector<std::string> exchanges{"coinbase", "kraken", "bitstamp", "gemini"};
        std::vector<std::string> chain{"mempool", "esplora"};
        bool starter = false;               ///< begin with the starter history
        std::string database = ":memory:";  ///< a file survives a restart
    };
    Rehearsal() : Rehearsal(Setting{}) {}
    explicit Rehearsal(Setting setting);

    /// Plays what is due until the clock stands at `t`, or a little later when a round took longer.
    void play_until(domain::UtcSeconds t);
    void play_for(seconds time) { play_until(clock.now() + time); }
    /// Ends all routines, and begins anew on the same database file; `meanwhile` has it alone.
    void restart(const std::function<void(storage::Database&)>& meanwhile = {});

    [[nodiscard]] const Source& source(const std::string& name) const {
        return *roster->find(name);
    }
    [[nodiscard]] Visit visit() { return {.http = http_, .now = clock.now(), .stop = {}}; }
    template <class Work>
    auto db(Work&& work) {
        return writer->alone(std::forward<Work>(work));
    }
    [[nodiscard]] std::int64_t stored_tip();
    [[nodiscard]] storage::SourceHealth health(const std::string& source);
    [[nodiscard]] std::vector<domain::Observation> observations(domain::UtcSeconds from,
                                                                domain::UtcSeconds to);

    fake::SimClock clock;
    fake::FakeUpstream upstream;
    std::vector<Change> changes;  ///< of sources
    std::vector<Change> database_changes;
    std::vector<Derived> observed;
    std::unique_ptr<Roster> roster;
    std::unique_ptr<Writer> writer;

private:
    struct Player {
        std::unique_ptr<Routine> routine;
        milliseconds due{};
    };
    void begin();

    Setting setting_;
    Notices notices_;
    CurlTransport http_{{}};
    std::vector<Player> players_;
};

/// Every observation and bar of (from, to], as text in which every bit shows; the time of recording
/// is left out.
std::vector<std::string> history(storage::Database& db, domain::UtcSeconds from,
                                 domain::UtcSeconds to);

/// The first rows that stand in one of two histories only; empty when they are the same.
std::string differences(const std::vector<std::string>& a, const std::vector<std::string>& b);

/// Every block, price and epoch in use with from <= time, one batch a source, as `fetched_at` says
/// it was learned at `to` or before.
std::vector<domain::FactBatch> facts_until(storage::Database& db, domain::UtcSeconds to);

}  // namespace hashprice::ingest
