#include "service/app/notify_commands.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "service/app/outbound.hpp"
#include "service/cli/session.hpp"
#include "service/cli/text.hpp"
#include "service/notify/messages.hpp"

namespace hashprice::service::app {
namespace {

using domain::Errc;
using domain::fail;
using domain::Result;
using storage::Access;

Result<const config::Receiver*> receiver_named(const config::Settings& settings,
                                               const std::string& name) {
    const auto found = std::ranges::find(settings.notify, name, &config::Receiver::name);
    if (found != settings.notify.end()) return &*found;
    std::vector<std::string> names;
    names.reserve(settings.notify.size());
    for (const config::Receiver& r : settings.notify) names.push_back(r.name);
    return fail(Errc::usage, names.empty()
                                 ? fmt::format("there is no receiver '{}': the settings hold no "
                                               "[[notify]]",
                                               name)
                                 : fmt::format("there is no receiver '{}': the settings name {}",
                                               name, fmt::join(names, ", ")));
}

Result<int> run_test(cli::Session& session, const cli::Arguments& arguments) {
    const auto settings = receiver_named(session.settings(), arguments.text_or("NAME", ""));
    if (!settings) return tl::unexpected(settings.error());
    const auto db = session.database(Access::read);
    if (!db) return tl::unexpected(db.error());
    ConfiguredReceiver configured(**settings, session.settings(), session.clock);
    const auto message = notify::test_message((*settings)->name, session.now());
    const notify::Outcome outcome =
        configured.receiver().deliver(message, false, **db, std::stop_token{});
    if (!outcome.received) {
        return fail(Errc::network, fmt::format("the receiver {} did not take the test: {}",
                                               (*settings)->name, outcome.error));
    }
    session.err << fmt::format("hashprice: the receiver {} took {}\n", (*settings)->name,
                               message.event);
    return 0;
}

Result<std::vector<std::string>> chosen(const cli::Session& session,
                                        const cli::Arguments& arguments) {
    std::vector<std::string> names;
    if (const auto only = arguments.text("--receiver")) {
        const auto known = receiver_named(session.settings(), *only);
        if (!known) return tl::unexpected(known.error());
        return std::vector{*only};
    }
    for (const config::Receiver& r : session.settings().notify) names.push_back(r.name);
    if (names.empty()) return fail(Errc::usage, "the settings hold no [[notify]] to send to");
    return names;
}

/// Queues for one receiver what it would have been told; returns how much.
Result<std::int64_t> replay_to(storage::Database& db, const config::Settings& settings,
                               const std::string& name,
                               const std::vector<storage::Message>& messages,
                               domain::UtcSeconds now) {
    const auto known = receiver_named(settings, name);
    if (!known) return tl::unexpected(known.error());
    if (const auto done = storage::register_receiver(db, name); !done)
        return tl::unexpected(done.error());
    const notify::Filter filter = filter_of(**known, settings);
    std::int64_t count = 0;
    for (const storage::Message& m : messages) {
        const bool wanted = m.change != "reminder" && filter.wants(m.kind, m.severity, m.rule);
        if (!wanted) continue;
        const auto queued = storage::queue(db, name, m.id, true, now);
        if (!queued) return tl::unexpected(queued.error());
        ++count;
    }
    return count;
}

void show(cli::Session& session, const std::vector<storage::Message>& messages) {
    for (const storage::Message& m : messages) {
        if (m.severity == domain::Severity::none) continue;  // pending: told to nobody
        session.out << fmt::format("{}  {}\n", m.event, m.sentence);
    }
}

Result<int> run_replay(cli::Session& session, const cli::Arguments& arguments) {
    const auto range = cli::range_of(arguments, session.now(), domain::kDay);
    const auto names = chosen(session, arguments);
    if (const auto good = domain::all_good(range, names); !good)
        return tl::unexpected(good.error());
    const bool only_looks = arguments.has("--dry-run");
    const auto db = session.database(only_looks ? Access::read : Access::write);
    if (!db) return tl::unexpected(db.error());
    const auto messages =
        storage::messages_between(**db, *range, arguments.text_or("--kind", "episode"));
    if (!messages) return tl::unexpected(messages.error());
    if (only_looks) {
        show(session, *messages);
        return 0;
    }
    const auto queued = storage::in_transaction(**db, [&]() -> domain::Status {
        for (const std::string& name : *names) {
            const auto count = replay_to(**db, session.settings(), name, *messages, session.now());
            if (!count) return tl::unexpected(count.error());
            session.err << fmt::format(
                "hashprice: {} messages wait for {}; the daemon sends them\n", cli::grouped(*count),
                name);
        }
        return {};
    });
    if (!queued) return tl::unexpected(queued.error());
    return 0;
}

}  // namespace

std::vector<cli::Command> notify_commands() {
    return {{"notify test",
             "send a receiver a message that is a test, and say what it answered",
             {{"NAME", "NAME", "of a [[notify]]", true}},
             run_test},
            {"notify replay",
             "send what happened in a range, also what was too old to be sent by itself",
             cli::with(cli::range_options(true),
                       {{"--receiver", "NAME", "this one; all when left out"},
                        {"--kind",
                         "KIND",
                         "episode, fleet, source or readiness; episode when left out",
                         false,
                         false,
                         {"episode", "fleet", "source", "readiness"}},
                        {"--dry-run", "", "only show what it would be"}}),
             run_replay}};
}

}  // namespace hashprice::service::app
