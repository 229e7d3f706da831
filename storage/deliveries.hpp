#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "storage/outbox.hpp"

/// What waits for a receiver: one message, in its place in the line.
///
///   order   of ids; a receiver gets its first delivery before it gets the next
///   errors  SQLite's -> Errc::database
namespace hashprice::storage {

struct Delivery {
    std::int64_t id = 0;
    std::string receiver;
    std::string state;    ///< pending, dead
    bool replay = false;  ///< asked for by somebody
    UtcSeconds queued_at;
    std::int64_t attempts = 0;
    UtcSeconds next_try;
    std::string last_error;
    Message message;
};

/// Hands the receiver what has happened since it was last asked about and `wanted` says yes to:
/// one transaction, none when nothing has happened. Returns how many deliveries were queued.
Result<std::int64_t> hand_out(Database& db, const std::string& receiver,
                              const std::function<bool(const Message&)>& wanted, UtcSeconds now);
/// The one whose turn it is; none: nothing waits.
Result<std::optional<Delivery>> next_delivery(Database& db, const std::string& receiver);
/// It was received: it goes. One transaction.
Status delivered(Database& db, const Delivery& delivery, UtcSeconds now);
/// It was not: it waits until `next_try`, or is dead with `give_up`. One transaction.
struct Failure {
    std::string error;
    UtcSeconds next_try;
    bool give_up = false;
};
Status not_delivered(Database& db, const Delivery& delivery, const Failure& failure);

/// Queues a message once more, or for the first time. Call within a Transaction.
Status queue(Database& db, const std::string& receiver, std::int64_t message, bool replay,
             UtcSeconds now);
/// When a receiver was last told of a subject; none: never.
Result<std::optional<UtcSeconds>> told_at(Database& db, const std::string& receiver,
                                          const std::string& subject);

/// What waits and what is dead, by receiver and id.
Result<std::vector<Delivery>> deliveries(Database& db);
/// Dead or waiting, it is tried again at once, and its age counts from now.
///   errors  no such number -> Errc::not_found
Status try_again(Database& db, std::int64_t id, UtcSeconds now);
/// Takes it out unsent.   errors  no such number -> Errc::not_found
Status drop(Database& db, std::int64_t id);

}  // namespace hashprice::storage
