#include "storage/polls.hpp"

#include "storage/connection.hpp"
#include "storage/facts.hpp"
#include "storage/rows.hpp"

namespace hashprice::storage {
namespace {

constexpr std::string_view kLog =
    "INSERT INTO polls(source_id, started_at_s, duration_ms, outcome, detail, facts_new) VALUES(?, "
    "?, ?, ?, ?, ?)";
constexpr std::string_view kForget = "DELETE FROM polls WHERE started_at_s < ?";
constexpr std::string_view kHealth =
    "SELECT v.source, v.last_success_time, v.last_failure_time, v.polls_ok, v.polls_failed, "
    "v.quarantined, "
    "COALESCE((SELECT detail FROM polls WHERE source_id = s.id AND outcome <> 'ok' ORDER BY id "
    "DESC LIMIT 1), ''), "
    "COALESCE((SELECT duration_ms FROM polls WHERE source_id = s.id ORDER BY id DESC LIMIT 1), 0) "
    "FROM v_sources AS v JOIN sources AS s ON s.name = v.source ORDER BY v.source";
constexpr std::string_view kCounts =
    "SELECT (SELECT COUNT(*) FROM blocks), (SELECT COUNT(*) FROM prices), (SELECT COUNT(*) FROM "
    "fee_means), "
    "(SELECT COUNT(*) FROM epochs), (SELECT COUNT(*) FROM facts_aside), "
    "(SELECT COUNT(*) FROM quarantine WHERE state = 'pending'), (SELECT COUNT(*) FROM "
    "observations), "
    "(SELECT COUNT(*) FROM observations_superseded)";

constexpr std::string_view kHasFacts =
    "SELECT EXISTS(SELECT 1 FROM blocks) OR EXISTS(SELECT 1 FROM prices) OR "
    "EXISTS(SELECT 1 FROM fee_means) OR EXISTS(SELECT 1 FROM epochs)";

std::optional<UtcSeconds> maybe_time(Statement& row, int column) {
    if (row.isColumnNull(column)) return std::nullopt;
    return time_at(row, column);
}

}  // namespace

Status log_poll(Database& db, const Poll& poll) {
    const auto id = source_id(db, poll.source);
    if (!id) return tl::unexpected(id.error());
    return guarded([&]() -> Status {
        run(db.connection(), kLog, *id, unix_s(poll.started_at), poll.duration_ms, poll.outcome,
            poll.detail, poll.facts_new);
        return {};
    });
}

Result<std::int64_t> forget_polls_before(Database& db, UtcSeconds t) {
    return guarded(
        [&]() -> Result<std::int64_t> { return run(db.connection(), kForget, unix_s(t)); });
}

Result<std::vector<SourceHealth>> source_health(Database& db) {
    return guarded([&]() -> Result<std::vector<SourceHealth>> {
        return all_rows(db.connection().prepared(kHealth), [](Statement& row) {
            return SourceHealth{row.getColumn(0).getString(), maybe_time(row, 1),
                                maybe_time(row, 2),           row.getColumn(6).getString(),
                                row.getColumn(7).getInt64(),  row.getColumn(3).getInt64(),
                                row.getColumn(4).getInt64(),  row.getColumn(5).getInt64()};
        });
    });
}

Result<Counts> counts(Database& db) {
    return guarded([&]() -> Result<Counts> {
        Statement& row = db.connection().prepared(kCounts);
        row.executeStep();
        const auto n = [&](int column) { return row.getColumn(column).getInt64(); };
        const Counts all{n(0), n(1), n(2), n(3), n(4), n(5), n(6), n(7)};
        row.reset();
        return all;
    });
}

Result<bool> has_facts(Database& db) {
    return guarded([&]() -> Result<bool> {
        Statement& row = db.connection().prepared(kHasFacts);
        row.executeStep();
        const bool any = row.getColumn(0).getInt64() != 0;
        row.reset();
        return any;
    });
}

}  // namespace hashprice::storage
