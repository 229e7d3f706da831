#include "service/cli/outbox_commands.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "service/answers/json.hpp"
#include "service/cli/numbers.hpp"
#include "service/cli/session.hpp"
#include "service/cli/text.hpp"
#include "storage/deliveries.hpp"

namespace hashprice::service::cli {
namespace {

using answers::array;
using answers::object;
using answers::put;
using answers::put_time;
using domain::Errc;
using domain::fail;
using domain::Result;
using storage::Access;
using storage::Database;
using storage::Delivery;
using storage::ReceiverState;

bool configured(const Session& session, const std::string& receiver) {
    return std::ranges::any_of(session.settings().notify,
                               [&](const auto& r) { return r.name == receiver; });
}

struct Outbox {
    std::vector<ReceiverState> receivers;
    std::vector<Delivery> deliveries;
};

Result<Outbox> outbox_of(Database& db, const std::optional<std::string>& only) {
    auto receivers = storage::receivers(db);
    auto deliveries = storage::deliveries(db);
    if (const auto good = domain::all_good(receivers, deliveries); !good)
        return tl::unexpected(good.error());
    if (only) {
        std::erase_if(*receivers, [&](const auto& r) { return r.name != *only; });
        std::erase_if(*deliveries, [&](const auto& d) { return d.receiver != *only; });
    }
    return Outbox{std::move(*receivers), std::move(*deliveries)};
}

std::string receiver_line(const Session& session, const ReceiverState& r) {
    std::string line = fmt::format("{}: {} waiting, {} given up, {} delivered", r.name,
                                   grouped(r.pending), grouped(r.dead), grouped(r.delivered));
    if (r.oldest_pending)
        line += ", the oldest waits for " + domain::format_age(session.now() - *r.oldest_pending);
    if (!configured(session, r.name)) line += "; it is in no [[notify]] any more";
    return line + (r.last_error.empty() ? "\n" : "\n       last: " + r.last_error + "\n");
}

std::string delivery_lines(const Delivery& d) {
    std::string text = fmt::format("{:<6} {}  {:<13} {:<8} {} attempts  {}\n", d.id,
                                   domain::format_time(d.queued_at), d.receiver, d.state,
                                   d.attempts, d.message.event);
    if (!d.last_error.empty())
        text += fmt::format("       {}; next try {}\n", d.last_error,
                            d.state == "dead" ? "never" : domain::format_time(d.next_try));
    return text;
}

std::string list_json(const Session& session, const Outbox& outbox) {
    return answers::json_text([&](answers::Json& json) {
        object(json, [&] {
            array(json, "receivers", [&] {
                for (const ReceiverState& r : outbox.receivers) {
                    object(json, [&] {
                        put(json, "name", r.name);
                        put(json, "configured", configured(session, r.name));
                        put(json, "pending", r.pending);
                        put(json, "dead", r.dead);
                        put(json, "delivered", r.delivered);
                        put(json, "failed_attempts", r.failed);
                        put_time(json, "oldest_pending", r.oldest_pending);
                        put_time(json, "last_success", r.last_success);
                        put(json, "last_error", r.last_error);
                    });
                }
            });
            array(json, "deliveries", [&] {
                for (const Delivery& d : outbox.deliveries) {
                    object(json, [&] {
                        put(json, "id", d.id);
                        put(json, "receiver", d.receiver);
                        put(json, "state", d.state);
                        put(json, "event_id", d.message.event);
                        put(json, "replay", d.replay);
                        put_time(json, "queued_at", d.queued_at);
                        put(json, "attempts", d.attempts);
                        put_time(json, "next_try", d.next_try);
                        put(json, "last_error", d.last_error);
                        put(json, "sentence", d.message.sentence);
                    });
                }
            });
        });
    });
}

Result<int> run_list(Session& session, const Arguments& arguments) {
    const auto db = session.database(Access::read);
    if (!db) return tl::unexpected(db.error());
    const auto outbox = outbox_of(**db, arguments.text("--receiver"));
    if (!outbox) return tl::unexpected(outbox.error());
    if (arguments.has("--json")) {
        session.out << list_json(session, *outbox) << '\n';
        return 0;
    }
    for (const ReceiverState& r : outbox->receivers) session.out << receiver_line(session, r);
    for (const Delivery& d : outbox->deliveries) session.out << delivery_lines(d);
    if (outbox->receivers.empty())
        session.out << "no receiver was ever served from this database (see [[notify]])\n";
    return 0;
}

/// The deliveries that were named, one by one or by their receiver.
Result<std::vector<std::int64_t>> chosen(Database& db, const Arguments& arguments) {
    auto numbers = numbers_of(arguments, "NUMBER", "outbox list");
    if (!numbers) return numbers;
    const auto receiver = arguments.text("--receiver");
    if (receiver.has_value() != numbers->empty())
        return fail(Errc::usage, "say which: numbers from `hashprice outbox list`, or --receiver");
    if (!receiver) return numbers;
    const auto outbox = outbox_of(db, receiver);
    if (!outbox) return tl::unexpected(outbox.error());
    for (const Delivery& d : outbox->deliveries) numbers->push_back(d.id);
    return numbers;
}

/// All of them or none.
template <class Work>
Result<int> change(Session& session, const Arguments& arguments, std::string_view done,
                   Work&& work) {
    const auto db = session.database(Access::write);
    if (!db) return tl::unexpected(db.error());
    std::int64_t count = 0;
    const auto changed = storage::in_transaction(**db, [&]() -> domain::Status {
        const auto numbers = chosen(**db, arguments);
        if (!numbers) return tl::unexpected(numbers.error());
        for (const std::int64_t number : *numbers) {
            if (auto one = work(**db, number); !one) return one;
            ++count;
        }
        const std::string receiver = arguments.text_or("--receiver", "");
        if (done == "dropped" && !receiver.empty() && !configured(session, receiver))
            return storage::forget_receiver(**db, receiver);
        return {};
    });
    if (!changed) return tl::unexpected(changed.error());
    session.err << fmt::format("hashprice: {} {}\n", grouped(count), done);
    return 0;
}

Result<int> run_retry(Session& session, const Arguments& arguments) {
    const auto now = session.now();
    return change(session, arguments, "tried again by the daemon at once",
                  [now](Database& db, std::int64_t id) { return storage::try_again(db, id, now); });
}

Result<int> run_drop(Session& session, const Arguments& arguments) {
    return change(session, arguments, "dropped",
                  [](Database& db, std::int64_t id) { return storage::drop(db, id); });
}

}  // namespace

std::vector<Command> outbox_commands() {
    const Option number{"NUMBER", "NUMBER", "as `outbox list` shows it", false, true};
    const Option receiver{"--receiver", "NAME", "all that is for this receiver"};
    return {
        {"outbox list",
         "what waits for receivers, and what was given up (docs/alerts.md)",
         {receiver, json_option()},
         run_list},
        {"outbox retry", "try messages again, also those given up", {number, receiver}, run_retry},
        {"outbox drop",
         "take messages out unsent; with a receiver that is in the settings no more, it too",
         {number, receiver},
         run_drop}};
}

}  // namespace hashprice::service::cli
