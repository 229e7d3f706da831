#include "storage/outbox.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "storage/message_rows.hpp"
#include "storage/rows.hpp"

namespace hashprice::storage {
namespace {

constexpr std::string_view kEvents =
    "SELECT COUNT(*) FROM messages WHERE event = ?1 OR (event > ?1 || ':' AND event < ?1 || ';')";
constexpr std::string_view kAdd =
    "INSERT INTO messages(event, kind, subject, rule, change, severity, goes_out, at_s, "
    "recorded_at_s, sentence, body) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
constexpr std::string_view kNewest = "SELECT " HP_MESSAGE
                                     " FROM messages m WHERE m.kind = ? AND m.subject = ? "
                                     "AND m.goes_out = 1 "
                                     "ORDER BY m.id DESC LIMIT 1";
constexpr std::string_view kBetween =
    "SELECT " HP_MESSAGE
    " FROM messages m WHERE m.at_s >= ?1 AND m.at_s < ?2 AND (?3 = '' OR m.kind = ?3) "
    "ORDER BY m.id";
// never the newest: the next one must get a larger id than receivers have seen
constexpr std::string_view kForget =
    "DELETE FROM messages WHERE recorded_at_s < ?1 AND (kind IN ('source', 'readiness') OR "
    "change = 'reminder') AND id < (SELECT MAX(id) FROM messages) AND id NOT IN "
    "(SELECT message_id FROM deliveries WHERE state = 'pending')";
constexpr std::string_view kForgetDead =
    "DELETE FROM deliveries WHERE state = 'dead' AND queued_at_s < ?";
constexpr std::string_view kRegister =
    "INSERT INTO receivers(name, upto_message_id, delivered, failed, last_error) "
    "VALUES(?, (SELECT COALESCE(MAX(id), 0) FROM messages), 0, 0, '') ON CONFLICT(name) DO UPDATE "
    "SET "
    "upto_message_id = excluded.upto_message_id WHERE upto_message_id < 0";
constexpr std::string_view kRetire = "UPDATE receivers SET upto_message_id = -1 WHERE name = ?";

constexpr std::string_view kReceivers =
    "SELECT name, delivered, failed, last_success_s, last_error, "
    "(SELECT COUNT(*) FROM deliveries WHERE receiver = name AND state = 'pending'), "
    "(SELECT COUNT(*) FROM deliveries WHERE receiver = name AND state = 'dead'), "
    "(SELECT MIN(queued_at_s) FROM deliveries WHERE receiver = name AND state = 'pending') "
    "FROM receivers ORDER BY name";
constexpr std::string_view kForgetReceiver = "DELETE FROM receivers WHERE name = ?";
constexpr std::string_view kForgetDeliveries = "DELETE FROM deliveries WHERE receiver = ?";
constexpr std::string_view kForgetTold = "DELETE FROM told WHERE receiver = ?";
constexpr std::string_view kNoteFailure =
    "UPDATE receivers SET failed = failed + 1, last_error = ?1 WHERE name = ?2 AND last_error <> "
    "?1";
constexpr std::string_view kNoteSuccess =
    "UPDATE receivers SET last_error = '', last_success_s = ? WHERE name = ? AND last_error <> ''";

std::optional<UtcSeconds> maybe_time(Statement& row, int column) {
    if (row.isColumnNull(column)) return std::nullopt;
    return time_at(row, column);
}

}  // namespace

Message message_of(Statement& row, int at) {
    const auto text = [&](int column) { return row.getColumn(at + column).getString(); };
    const auto severity = domain::parse_severity(text(6));
    if (!severity) throw SQLite::Exception(severity.error().what);
    return {.id = row.getColumn(at).getInt64(),
            .event = text(1),
            .kind = text(2),
            .subject = text(3),
            .rule = text(4),
            .change = text(5),
            .severity = *severity,
            .goes_out = row.getColumn(at + 7).getInt() != 0,
            .at = time_at(row, at + 8),
            .recorded_at = time_at(row, at + 9),
            .sentence = text(10),
            .body = text(11)};
}

Result<std::string> free_event(Database& db, const std::string& event) {
    return guarded([&]() -> Result<std::string> {
        const auto taken = *first_row(ready(db.connection(), kEvents, event),
                                      [](Statement& row) { return row.getColumn(0).getInt64(); });
        return taken == 0 ? event : fmt::format("{}:{}", event, taken + 1);
    });
}

Result<std::int64_t> add_message(Database& db, const Message& m) {
    return guarded([&]() -> Result<std::int64_t> {
        Connection& c = db.connection();
        run(c, kAdd, m.event, m.kind, m.subject, m.rule, m.change,
            std::string(severity_name(m.severity)), m.goes_out ? 1 : 0, unix_s(m.at),
            unix_s(m.recorded_at), m.sentence, m.body);
        return c.db.getLastInsertRowid();
    });
}

Result<std::optional<Message>> newest_told(Database& db, const std::string& kind,
                                           const std::string& subject) {
    return guarded([&]() -> Result<std::optional<Message>> {
        return first_row(ready(db.connection(), kNewest, kind, subject),
                         [](Statement& row) { return message_of(row, 0); });
    });
}

Result<std::vector<Message>> messages_between(Database& db, const domain::Range& range,
                                              const std::string& kind) {
    return guarded([&]() -> Result<std::vector<Message>> {
        return all_rows(
            ready(db.connection(), kBetween, unix_s(range.from), unix_s(range.to), kind),
            [](Statement& row) { return message_of(row, 0); });
    });
}

Result<std::int64_t> forget_messages(Database& db, UtcSeconds before) {
    return guarded([&]() -> Result<std::int64_t> {
        Connection& c = db.connection();
        const int dead = run(c, kForgetDead, unix_s(before));
        return dead + run(c, kForget, unix_s(before));
    });
}

Status register_receiver(Database& db, const std::string& name) {
    return guarded([&]() -> Status {
        run(db.connection(), kRegister, name);
        return {};
    });
}

Status register_receivers(Database& db, const std::vector<std::string>& names) {
    const auto known = receivers(db);
    if (!known) return tl::unexpected(known.error());
    return guarded([&]() -> Status {
        for (const ReceiverState& old : *known) {
            if (std::ranges::find(names, old.name) != names.end()) continue;
            if (old.pending + old.dead > 0) {
                run(db.connection(), kRetire, old.name);
            } else if (Status gone = forget_receiver(db, old.name); !gone) {
                return gone;
            }
        }
        for (const std::string& name : names) {
            if (Status known_now = register_receiver(db, name); !known_now) return known_now;
        }
        return {};
    });
}

Result<std::vector<ReceiverState>> receivers(Database& db) {
    return guarded([&]() -> Result<std::vector<ReceiverState>> {
        return all_rows(db.connection().prepared(kReceivers), [](Statement& row) {
            return ReceiverState{.name = row.getColumn(0).getString(),
                                 .delivered = row.getColumn(1).getInt64(),
                                 .failed = row.getColumn(2).getInt64(),
                                 .last_success = maybe_time(row, 3),
                                 .last_error = row.getColumn(4).getString(),
                                 .pending = row.getColumn(5).getInt64(),
                                 .dead = row.getColumn(6).getInt64(),
                                 .oldest_pending = maybe_time(row, 7)};
        });
    });
}

Status forget_receiver(Database& db, const std::string& name) {
    return guarded([&]() -> Status {
        for (const auto sql : {kForgetReceiver, kForgetDeliveries, kForgetTold})
            run(db.connection(), sql, name);
        return {};
    });
}

Status note_receiver(Database& db, const std::string& name, const std::string& error,
                     UtcSeconds now) {
    return guarded([&]() -> Status {
        if (error.empty())
            run(db.connection(), kNoteSuccess, unix_s(now), name);
        else
            run(db.connection(), kNoteFailure, error, name);
        return {};
    });
}

}  // namespace hashprice::storage
