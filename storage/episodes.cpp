#include "storage/episodes.hpp"

#include <algorithm>
#include <tuple>

#include "storage/connection.hpp"
#include "storage/rows.hpp"

namespace hashprice::storage {
namespace {

using domain::Day;
using domain::Episode;

constexpr std::string_view kPutEpisode =
    "INSERT INTO episodes(id, rule, denomination, state, severity, closure, peak_day_s, "
    "peak_value, trough_day_s, trough_value, last_day_s, last_value, through_day_s, observed_days, "
    "suspended, recorded_at_s) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
    "ON CONFLICT(id) DO UPDATE SET denomination = excluded.denomination, state = excluded.state, "
    "severity = excluded.severity, closure = excluded.closure, peak_value = excluded.peak_value, "
    "trough_day_s = excluded.trough_day_s, trough_value = excluded.trough_value, "
    "last_day_s = excluded.last_day_s, last_value = excluded.last_value, "
    "through_day_s = excluded.through_day_s, observed_days = excluded.observed_days, "
    "suspended = excluded.suspended, recorded_at_s = excluded.recorded_at_s, "
    "withdrawn_at_s = NULL";
constexpr std::string_view kPutSlope =
    "UPDATE episodes SET slope_percent_per_30d = ?, slope_low = ?, slope_high = ?, "
    "significant = ? WHERE id = ?";
constexpr std::string_view kPutAttribution =
    "UPDATE episodes SET log_change = ?, log_price = ?, log_difficulty = ?, log_fees = ?, "
    "log_subsidy = ? WHERE id = ?";
constexpr std::string_view kCurrentIds =
    "SELECT id FROM episodes WHERE rule = ? AND withdrawn_at_s IS NULL ORDER BY id";
constexpr std::string_view kWithdrawEpisode = "UPDATE episodes SET withdrawn_at_s = ? WHERE id = ?";
constexpr std::string_view kEpisodes =
    "SELECT id, rule, denomination, state, severity, closure, peak_day_s, peak_value, "
    "trough_day_s, trough_value, last_day_s, last_value, through_day_s, observed_days, suspended, "
    "slope_percent_per_30d, slope_low, slope_high, log_change, log_price, log_difficulty, "
    "log_fees, log_subsidy FROM episodes WHERE withdrawn_at_s IS NULL ORDER BY rule, peak_day_s";
constexpr std::string_view kAddChange =
    "INSERT INTO episode_changes(rule, episode, kind, day_s, state, severity, closure, value, "
    "drawdown, recorded_at_s) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
constexpr std::string_view kWithdrawChange =
    "UPDATE episode_changes SET withdrawn_at_s = ? WHERE id = ?";
constexpr std::string_view kChanges =
    "SELECT id, rule, episode, kind, day_s, state, severity, closure, value, drawdown, "
    "recorded_at_s, withdrawn_at_s FROM episode_changes WHERE id > ?1 AND (?2 IS NULL OR rule = "
    "?2) ORDER BY id";
constexpr std::string_view kNewestChange = "SELECT COALESCE(MAX(id), 0) FROM episode_changes";
constexpr std::string_view kPutEvaluation =
    "INSERT INTO evaluations(rule, parameters, through_day_s, evaluated_at_s) VALUES(?, ?, ?, ?) "
    "ON CONFLICT(rule) DO UPDATE SET parameters = excluded.parameters, through_day_s = "
    "excluded.through_day_s, evaluated_at_s = excluded.evaluated_at_s";
constexpr std::string_view kEvaluation =
    "SELECT parameters, through_day_s, evaluated_at_s FROM evaluations WHERE rule = ?";

std::optional<std::string> closure_text(const std::optional<domain::Closure>& closure) {
    if (!closure) return std::nullopt;
    return std::string(closure_name(*closure));
}

/// Text columns carry a CHECK or were written by us: another word is a damaged file.
template <class Value>
Value known(Result<Value> parsed) {
    if (!parsed) throw SQLite::Exception(parsed.error().what);
    return *parsed;
}

std::optional<domain::Closure> closure_at(Statement& row, int column) {
    if (row.isColumnNull(column)) return std::nullopt;
    return known(domain::parse_closure(row.getColumn(column).getString()));
}

Day day_at(Statement& row, int column) {
    return std::chrono::floor<domain::Days>(time_at(row, column));
}

EpisodeChange change_of(Statement& row) {
    EpisodeChange c{.id = row.getColumn(0).getInt64(),
                    .rule = row.getColumn(1).getString(),
                    .episode = row.getColumn(2).getString(),
                    .kind = row.getColumn(3).getString(),
                    .day = day_at(row, 4),
                    .state = known(domain::parse_state(row.getColumn(5).getString())),
                    .severity = known(domain::parse_severity(row.getColumn(6).getString())),
                    .closure = closure_at(row, 7),
                    .value = row.getColumn(8).getDouble(),
                    .drawdown = row.getColumn(9).getDouble(),
                    .recorded_at = time_at(row, 10)};
    if (!row.isColumnNull(11)) c.withdrawn_at = time_at(row, 11);
    return c;
}

Episode episode_of(Statement& row) {
    Episode e{.id = row.getColumn(0).getString(),
              .rule = row.getColumn(1).getString(),
              .denomination = known(domain::parse_denomination(row.getColumn(2).getString())),
              .state = known(domain::parse_state(row.getColumn(3).getString())),
              .severity = known(domain::parse_severity(row.getColumn(4).getString())),
              .closure = closure_at(row, 5),
              .peak = {day_at(row, 6), row.getColumn(7).getDouble()},
              .trough = {day_at(row, 8), row.getColumn(9).getDouble()},
              .last = {day_at(row, 10), row.getColumn(11).getDouble()},
              .through = day_at(row, 12),
              .observed_days = row.getColumn(13).getInt64(),
              .suspended = row.getColumn(14).getInt() != 0};
    const auto real = [&](int column) { return row.getColumn(column).getDouble(); };
    // the three of a slope are written together, and so are the five of an attribution
    const bool sloped = !row.isColumnNull(15);     // no mutant
    const bool explained = !row.isColumnNull(18);  // no mutant
    if (sloped) e.slope = {real(15), real(16), real(17)};
    if (explained)
        e.attribution = {e.peak.day, e.trough.day, real(18), real(19),
                         real(20),   real(21),     real(22)};
    return e;
}

void put_episode(Connection& c, const Episode& e, UtcSeconds now) {
    run(c, kPutEpisode, e.id, e.rule, std::string(denomination_name(e.denomination)),
        std::string(state_name(e.state)), std::string(severity_name(e.severity)),
        closure_text(e.closure), unix_s(e.peak.day), e.peak.value, unix_s(e.trough.day),
        e.trough.value, unix_s(e.last.day), e.last.value, unix_s(e.through), e.observed_days,
        e.suspended ? 1 : 0, unix_s(now));
    const auto& s = e.slope;
    using Real = std::optional<double>;
    run(c, kPutSlope, s ? Real(s->percent_per_30d) : Real{}, s ? Real(s->low) : Real{},
        s ? Real(s->high) : Real{},
        e.significance ? std::optional<int>(e.significance->significant ? 1 : 0) : std::nullopt,
        e.id);
    const auto& a = e.attribution;
    run(c, kPutAttribution, a ? Real(a->log_change) : Real{}, a ? Real(a->price) : Real{},
        a ? Real(a->difficulty) : Real{}, a ? Real(a->fees) : Real{}, a ? Real(a->subsidy) : Real{},
        e.id);
}

void put_episodes(Connection& c, const FollowedRule& followed, UtcSeconds now) {
    const auto stored = all_rows(ready(c, kCurrentIds, followed.rule),
                                 [](Statement& row) { return row.getColumn(0).getString(); });
    for (const std::string& id : stored) {
        if (std::ranges::find(followed.episodes, id, &Episode::id) == followed.episodes.end())
            run(c, kWithdrawEpisode, unix_s(now), id);
    }
    for (const Episode& e : followed.episodes) put_episode(c, e, now);
}

/// What makes two changes the same event; a close corrected by a cent does not tell it anew.
auto identity(const EpisodeChange& c) {
    return std::tie(c.day, c.episode, c.kind, c.state, c.severity, c.closure);
}

EpisodeChange add_change(Connection& c, EpisodeChange change, UtcSeconds now) {
    run(c, kAddChange, change.rule, change.episode, change.kind, unix_s(change.day),
        std::string(state_name(change.state)), std::string(severity_name(change.severity)),
        closure_text(change.closure), change.value, change.drawdown, unix_s(now));
    change.id = c.db.getLastInsertRowid();
    change.recorded_at = now;
    return change;
}

}  // namespace

Result<std::vector<EpisodeChange>> store_rule(Database& db, const FollowedRule& followed,
                                              UtcSeconds now) {
    auto stored = changes_after(db, 0, followed.rule);
    if (!stored) return tl::unexpected(stored.error());
    std::erase_if(*stored, [](const EpisodeChange& c) { return c.withdrawn_at.has_value(); });
    return guarded([&]() -> Result<std::vector<EpisodeChange>> {
        Connection& c = db.connection();
        put_episodes(c, followed, now);
        const auto among = [](const EpisodeChange& wanted, const std::vector<EpisodeChange>& all) {
            return std::ranges::any_of(all, [&](const EpisodeChange& other) {
                return identity(other) == identity(wanted);
            });
        };
        for (const EpisodeChange& old : *stored) {
            if (!among(old, followed.changes)) run(c, kWithdrawChange, unix_s(now), old.id);
        }
        std::vector<EpisodeChange> added;
        for (const EpisodeChange& change : followed.changes) {
            if (!among(change, *stored)) added.push_back(add_change(c, change, now));
        }
        run(c, kPutEvaluation, followed.rule, followed.parameters, unix_s(followed.through),
            unix_s(now));
        return added;
    });
}

Result<std::optional<Evaluation>> evaluation_of(Database& db, const std::string& rule) {
    return guarded([&]() -> Result<std::optional<Evaluation>> {
        return first_row(ready(db.connection(), kEvaluation, rule), [](Statement& row) {
            return Evaluation{row.getColumn(0).getString(), day_at(row, 1), time_at(row, 2)};
        });
    });
}

Result<std::vector<EpisodeChange>> changes_after(Database& db, std::int64_t id,
                                                 const std::optional<std::string>& rule) {
    return guarded([&]() -> Result<std::vector<EpisodeChange>> {
        return all_rows(ready(db.connection(), kChanges, id, rule), change_of);
    });
}

Result<std::int64_t> newest_change(Database& db) {
    return guarded([&]() -> Result<std::int64_t> {
        return *first_row(db.connection().prepared(kNewestChange),
                          [](Statement& row) { return row.getColumn(0).getInt64(); });
    });
}

Result<std::vector<Episode>> stored_episodes(Database& db) {
    return guarded([&]() -> Result<std::vector<Episode>> {
        return all_rows(db.connection().prepared(kEpisodes), episode_of);
    });
}

}  // namespace hashprice::storage
