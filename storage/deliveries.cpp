#include "storage/deliveries.hpp"

#include <fmt/format.h>

#include "storage/message_rows.hpp"
#include "storage/rows.hpp"

namespace hashprice::storage {
namespace {

constexpr std::string_view kUpto = "SELECT upto_message_id FROM receivers WHERE name = ?";
constexpr std::string_view kNewest = "SELECT COALESCE(MAX(id), 0) FROM messages";
constexpr std::string_view kNews =
    "SELECT " HP_MESSAGE " FROM messages m WHERE m.id > ? AND m.goes_out = 1 ORDER BY m.id";
constexpr std::string_view kHanded = "UPDATE receivers SET upto_message_id = ? WHERE name = ?";
constexpr std::string_view kQueue =
    "INSERT INTO deliveries(receiver, message_id, state, replay, queued_at_s, attempts, "
    "next_try_s, last_error) VALUES(?, ?, 'pending', ?, ?, 0, ?, '') "
    "ON CONFLICT(receiver, message_id) DO UPDATE SET state = 'pending', next_try_s = "
    "excluded.next_try_s, queued_at_s = excluded.queued_at_s";

#define HP_DELIVERY                                                                         \
    "SELECT d.id, d.receiver, d.state, d.replay, d.queued_at_s, d.attempts, d.next_try_s, " \
    "d.last_error, " HP_MESSAGE " FROM deliveries d JOIN messages m ON m.id = d.message_id "
constexpr std::string_view kNext =
    HP_DELIVERY "WHERE d.receiver = ? AND d.state = 'pending' ORDER BY d.id LIMIT 1";
constexpr std::string_view kAll = HP_DELIVERY "ORDER BY d.receiver, d.id";
#undef HP_DELIVERY

constexpr std::string_view kDrop = "DELETE FROM deliveries WHERE id = ?";
constexpr std::string_view kCount =
    "UPDATE receivers SET delivered = delivered + 1, last_success_s = ?, last_error = '' "
    "WHERE name = ?";
constexpr std::string_view kTell =
    "INSERT INTO told(receiver, subject, at_s) VALUES(?, ?, ?) ON CONFLICT(receiver, subject) DO "
    "UPDATE SET at_s = excluded.at_s";
constexpr std::string_view kToldAt = "SELECT at_s FROM told WHERE receiver = ? AND subject = ?";
constexpr std::string_view kFailed =
    "UPDATE deliveries SET attempts = attempts + 1, last_error = ?, next_try_s = ?, state = ? "
    "WHERE id = ?";
constexpr std::string_view kCountFailed =
    "UPDATE receivers SET failed = failed + 1, last_error = ? WHERE name = ?";
constexpr std::string_view kAgain =
    "UPDATE deliveries SET state = 'pending', queued_at_s = ?1, next_try_s = ?1 WHERE id = ?2";

Delivery delivery_of(Statement& row) {
    constexpr int kOwn = 8;
    return {.id = row.getColumn(0).getInt64(),
            .receiver = row.getColumn(1).getString(),
            .state = row.getColumn(2).getString(),
            .replay = row.getColumn(3).getInt() != 0,
            .queued_at = time_at(row, 4),
            .attempts = row.getColumn(5).getInt64(),
            .next_try = time_at(row, 6),
            .last_error = row.getColumn(7).getString(),
            .message = message_of(row, kOwn)};
}

std::int64_t number_at(Statement& row) { return row.getColumn(0).getInt64(); }

/// What has come since `upto`, queued for those who want it.
Result<std::int64_t> hand_out_from(Database& db, const std::string& receiver,
                                   const std::function<bool(const Message&)>& wanted,
                                   UtcSeconds now) {
    Connection& c = db.connection();
    const auto upto = first_row(ready(c, kUpto, receiver), number_at);
    const std::int64_t newest = *first_row(c.prepared(kNewest), number_at);
    const auto news = all_rows(ready(c, kNews, upto.value_or(newest)),
                               [](Statement& row) { return message_of(row, 0); });
    std::int64_t queued = 0;
    for (const Message& message : news) {
        if (!wanted(message)) continue;
        const Status done = queue(db, receiver, message.id, false, now);
        if (!done) return tl::unexpected(done.error());
        ++queued;
    }
    run(c, kHanded, newest, receiver);
    return queued;
}

Status changed_one(int rows, std::int64_t id) {
    if (rows > 0) return {};
    return fail(Errc::not_found, fmt::format("there is no delivery {}; `hashprice outbox list` "
                                             "lists those there are",
                                             id));
}

}  // namespace

Result<std::int64_t> hand_out(Database& db, const std::string& receiver,
                              const std::function<bool(const Message&)>& wanted, UtcSeconds now) {
    const auto news = guarded([&]() -> Result<bool> {
        Connection& c = db.connection();
        const auto upto = first_row(ready(c, kUpto, receiver), number_at);
        return upto && *upto < *first_row(c.prepared(kNewest), number_at);
    });
    if (!news) return tl::unexpected(news.error());
    if (!*news) return 0;
    std::int64_t queued{};
    const Status done = in_transaction(db, [&]() -> Status {
        return guarded([&]() -> Status {
            const auto handed = hand_out_from(db, receiver, wanted, now);
            if (!handed) return tl::unexpected(handed.error());
            queued = *handed;
            return {};
        });
    });
    if (!done) return tl::unexpected(done.error());
    return queued;
}

Result<std::optional<Delivery>> next_delivery(Database& db, const std::string& receiver) {
    return guarded([&]() -> Result<std::optional<Delivery>> {
        return first_row(ready(db.connection(), kNext, receiver), delivery_of);
    });
}

Status delivered(Database& db, const Delivery& delivery, UtcSeconds now) {
    return in_transaction(db, [&]() -> Status {
        return guarded([&]() -> Status {
            Connection& c = db.connection();
            run(c, kDrop, delivery.id);
            run(c, kCount, unix_s(now), delivery.receiver);
            if (delivery.message.kind == "episode")
                run(c, kTell, delivery.receiver, delivery.message.subject, unix_s(now));
            return {};
        });
    });
}

Status not_delivered(Database& db, const Delivery& delivery, const Failure& failure) {
    return in_transaction(db, [&]() -> Status {
        return guarded([&]() -> Status {
            Connection& c = db.connection();
            run(c, kFailed, failure.error, unix_s(failure.next_try),
                std::string(failure.give_up ? "dead" : "pending"), delivery.id);
            run(c, kCountFailed, failure.error, delivery.receiver);
            // whoever wants to be told again is, an interval from now
            if (failure.give_up && delivery.message.kind == "episode")
                run(c, kTell, delivery.receiver, delivery.message.subject,
                    unix_s(failure.next_try));
            return {};
        });
    });
}

Status queue(Database& db, const std::string& receiver, std::int64_t message, bool replay,
             UtcSeconds now) {
    return guarded([&]() -> Status {
        run(db.connection(), kQueue, receiver, message, replay ? 1 : 0, unix_s(now), unix_s(now));
        return {};
    });
}

Result<std::optional<UtcSeconds>> told_at(Database& db, const std::string& receiver,
                                          const std::string& subject) {
    return guarded([&]() -> Result<std::optional<UtcSeconds>> {
        return first_row(ready(db.connection(), kToldAt, receiver, subject),
                         [](Statement& row) { return time_at(row, 0); });
    });
}

Result<std::vector<Delivery>> deliveries(Database& db) {
    return guarded([&]() -> Result<std::vector<Delivery>> {
        return all_rows(db.connection().prepared(kAll), delivery_of);
    });
}

Status try_again(Database& db, std::int64_t id, UtcSeconds now) {
    return guarded(
        [&]() -> Status { return changed_one(run(db.connection(), kAgain, unix_s(now), id), id); });
}

Status drop(Database& db, std::int64_t id) {
    return guarded([&]() -> Status { return changed_one(run(db.connection(), kDrop, id), id); });
}

}  // namespace hashprice::storage
