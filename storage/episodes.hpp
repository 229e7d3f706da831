#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "domain/episode.hpp"
#include "storage/database.hpp"

/// Episodes as they were last evaluated, and every change of state that was ever recorded.
///
///   shape   the changes are a log: a row is written once and stays. What a corrected past takes
///           back is marked withdrawn, with the time, never deleted. Ids ascend, so a reader that
///           remembers the last one misses nothing
///   errors  SQLite's -> Errc::database
namespace hashprice::storage {

struct EpisodeChange {
    std::int64_t id = 0;  ///< given by store_rule
    std::string rule;
    std::string episode;
    std::string kind;  ///< pending, dropped, active, escalated, recovering, relapsed, closed
    domain::Day day;
    domain::EpisodeState state{};
    domain::Severity severity{};
    std::optional<domain::Closure> closure;
    double value{};     ///< the day's close when it was recorded, in the rule's denomination
    double drawdown{};  ///< ratio
    UtcSeconds recorded_at;
    std::optional<UtcSeconds> withdrawn_at;
};

/// One rule followed up to a day.
struct FollowedRule {
    std::string rule;
    std::string parameters;  ///< one line of text; another one means another rule of that name
    domain::Day through;
    std::vector<domain::Episode> episodes;  ///< all of them, explained
    std::vector<EpisodeChange> changes;     ///< all of them; id and times are not looked at
};

/// Makes what is stored of the rule equal to `followed`: new changes are added, those that are no
/// longer true are withdrawn. Returns the new ones. Call within a Transaction.
Result<std::vector<EpisodeChange>> store_rule(Database& db, const FollowedRule& followed,
                                              UtcSeconds now);

/// How far the daemon has followed a rule; none: not yet.
struct Evaluation {
    std::string parameters;
    domain::Day through;
    UtcSeconds evaluated_at;
};
Result<std::optional<Evaluation>> evaluation_of(Database& db, const std::string& rule);

/// Changes with a larger id, by id, withdrawn ones included; of one rule, or of all.
Result<std::vector<EpisodeChange>> changes_after(Database& db, std::int64_t id,
                                                 const std::optional<std::string>& rule = {});
Result<std::int64_t> newest_change(Database& db);  ///< its id; 0 without any

/// Episodes that are not withdrawn, by rule, then peak: slope and attribution to the trough with
/// them, without significance; their history is empty (see changes_after).
Result<std::vector<domain::Episode>> stored_episodes(Database& db);

}  // namespace hashprice::storage
