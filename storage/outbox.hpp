#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "domain/episode.hpp"
#include "storage/database.hpp"

/// Messages: what happened and is to be told, written in the transaction of the change itself.
///
///   shape   a log: rows stay, ids ascend. Whether one goes out by itself is decided when it is
///           written; what is older, or was always so, is kept in silence and sent on request
///   errors  SQLite's -> Errc::database
namespace hashprice::storage {

struct Message {
    std::int64_t id = 0;  ///< given by add_message
    std::string event;    ///< the same event has the same one, on another daemon too
    std::string kind;     ///< episode, fleet, source, readiness
    std::string subject;  ///< id of the episode, name of the fleet or source, "data"
    std::string rule;     ///< of an episode; else empty
    std::string change;   ///< what became of it: active, escalated, under-water, down, stale, ...
    domain::Severity severity{};
    bool goes_out = true;
    UtcSeconds at;           ///< when what it tells of happened: of a day, its close
    UtcSeconds recorded_at;  ///< when we noticed
    std::string sentence;    ///< for people
    std::string body;        ///< the JSON object that a webhook is sent
};

/// `event`, or `event` with a number when there is one of that name already: what was taken back
/// and came again is another event.
Result<std::string> free_event(Database& db, const std::string& event);
/// Stores it and returns its id. Call within the Transaction of the change.
Result<std::int64_t> add_message(Database& db, const Message& message);
/// The newest message about a subject that went out; none: nobody was ever told.
Result<std::optional<Message>> newest_told(Database& db, const std::string& kind,
                                           const std::string& subject);
/// Messages with from <= at < to, by id; of one kind, or of all.
Result<std::vector<Message>> messages_between(Database& db, const domain::Range& range,
                                              const std::string& kind);
/// Forgets what was said before `t` about sources and readiness, reminders, and dead deliveries as
/// old. Returns how many rows.
Result<std::int64_t> forget_messages(Database& db, UtcSeconds before);

/// One place that messages go to, and how it went.
struct ReceiverState {
    std::string name;
    std::int64_t delivered = 0;  ///< since it was first seen
    std::int64_t failed = 0;     ///< attempts
    std::optional<UtcSeconds> last_success;
    std::string last_error;  ///< empty: the last attempt was received
    std::int64_t pending = 0;
    std::int64_t dead = 0;
    std::optional<UtcSeconds> oldest_pending;  ///< when the oldest that waits was queued
};
/// A receiver that is not known yet, or was left out meanwhile, is told what happens from now on.
/// Call within a Transaction.
Status register_receiver(Database& db, const std::string& name);
/// Makes the registered receivers those; of one that is left out only what waits for it is kept.
/// Call within a Transaction.
Status register_receivers(Database& db, const std::vector<std::string>& names);
/// All that were ever registered and have not been forgotten, by name.
Result<std::vector<ReceiverState>> receivers(Database& db);
/// Forgets a receiver with all that waits for it.
Status forget_receiver(Database& db, const std::string& name);
/// Notes an attempt that is about no delivery; writes only when the outcome is another one.
Status note_receiver(Database& db, const std::string& name, const std::string& error,
                     UtcSeconds now);

}  // namespace hashprice::storage
