#pragma once
#include <functional>
#include <vector>

#include "domain/economics.hpp"
#include "service/judge/history.hpp"
#include "storage/episodes.hpp"
#include "storage/fleet_changes.hpp"
#include "trend/evaluate.hpp"

namespace hashprice::service::judge {

/// What one rule says about a history.
struct Verdict {
    domain::Rule rule;
    std::vector<domain::Episode> episodes;  ///< by peak, not yet explained
    std::vector<trend::Event> events;       ///< by day
};

/// Rules, followed through the days: the same code for the daemon and for whoever asks.
///
///   shape    a value; no clock, no I/O
///   rule     a new day is one step of each rule; a past that changed is followed again from its
///            first day. Both give the same verdicts
///   threads  one
class Judge {
public:
    /// REQUIRES: check_rule of each.
    explicit Judge(std::vector<domain::Rule> rules);
    void follow(const History& history);
    [[nodiscard]] std::vector<Verdict> verdicts() const;
    [[nodiscard]] std::int64_t steps() const { return steps_; }  ///< days stepped through so far

private:
    struct Followed {
        trend::Tracker tracker;
        std::vector<domain::DailyPoint> seen;
        std::optional<Day> newest;  ///< of the days stepped through
    };
    void follow(Followed& rule, const History& history);

    std::vector<Followed> rules_;
    bool stale_ = false;
    std::int64_t steps_ = 0;
};

/// Every verdict on a history, at once.
std::vector<Verdict> judge(const std::vector<domain::Rule>& rules, const History& history);

/// Slope, significance and attribution of one episode (trend::explain).
void explain(domain::Episode& episode, const History& history);

/// A rule's parameters as one line, for noticing that they changed.
std::string parameters_of(const domain::Rule& rule);

/// Whoever tells others of changes: called for each in the transaction that stores it, so that
/// neither is there without the other. Empty functions are not called.
struct Herald {
    using Episode = domain::Episode;
    /// The episode as it is now, explained.
    std::function<domain::Status(storage::Database&, const storage::EpisodeChange&, const Episode&)>
        changed;
    /// An episode that is no more, because the past was corrected.
    std::function<domain::Status(storage::Database&, const Episode&)> withdrawn;
    std::function<domain::Status(storage::Database&, const storage::FleetChange&)> fleet;
};

/// One history, and who is judged by it.   outlives  refers to all three
struct Judged {
    const History& history;
    const std::vector<Verdict>& verdicts;
    const std::vector<domain::Fleet>& fleets;
};

/// Stores verdicts and the fleets' crossings, in one transaction. Returns the episodes' new
/// changes.
///   errors  SQLite's -> Errc::database, and the herald's: nothing was stored
Result<std::vector<storage::EpisodeChange>> store(storage::Database& db, const Judged& judged,
                                                  UtcSeconds now, const Herald& herald = {});

}  // namespace hashprice::service::judge
