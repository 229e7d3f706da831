#include <fmt/format.h>

#include <algorithm>

#include "service/answers/json.hpp"
#include "service/cli/outbox_commands.hpp"
#include "service/cli/session.hpp"
#include "service/cli/text.hpp"
#include "storage/sink_ranges.hpp"

namespace hashprice::service::cli {
namespace {

using answers::object;
using answers::put;
using answers::put_time;
using domain::Errc;
using domain::fail;
using domain::Result;
using storage::Access;
using storage::SinkState;

std::string list_json(const std::vector<SinkState>& all) {
    return answers::json_text([&](answers::Json& json) {
        object(json, [&] {
            answers::array(json, "sinks", [&] {
                for (const SinkState& s : all) {
                    object(json, [&] {
                        put(json, "name", s.name);
                        put(json, "points", s.points);
                        put(json, "ranges", s.ranges);
                        put(json, "lag_s", static_cast<std::int64_t>(s.lag.count()));
                        put_time(json, "waiting_from", s.waiting_from);
                        put_time(json, "last_success", s.last_success);
                        put(json, "last_error", s.last_error);
                    });
                }
            });
        });
    });
}

std::string sink_lines(const SinkState& s, domain::UtcSeconds now) {
    std::string text = fmt::format("{}: {} points sent", s.name, grouped(s.points));
    if (s.last_success)
        text += fmt::format(", the last {} ago", domain::format_age(now - *s.last_success));
    if (s.ranges == 0)
        text += "; it has everything";
    else if (s.waiting_from)
        text +=
            fmt::format("; it has not got what is after {}", domain::format_time(*s.waiting_from));
    else
        text += "; it has what is new, and older stretches are on their way";
    return text + (s.last_error.empty() ? "\n" : "\n       last: " + s.last_error + "\n");
}

Result<int> run_list(Session& session, const Arguments& arguments) {
    const auto db = session.database(Access::read);
    if (!db) return tl::unexpected(db.error());
    const auto all = storage::sinks(**db);
    if (!all) return tl::unexpected(all.error());
    if (arguments.has("--json")) {
        session.out << list_json(*all) << '\n';
        return 0;
    }
    for (const SinkState& s : *all) session.out << sink_lines(s, session.now());
    if (all->empty()) session.out << "no sink was ever served from this database (see [[sink]])\n";
    return 0;
}

Result<std::vector<std::string>> chosen(const Session& session, const Arguments& arguments) {
    std::vector<std::string> names;
    for (const auto& sink : session.settings().sinks) names.push_back(sink.name);
    const auto only = arguments.text("--sink");
    if (only && std::ranges::find(names, *only) == names.end())
        return fail(Errc::usage, fmt::format("there is no [[sink]] '{}' in the settings", *only));
    if (names.empty()) return fail(Errc::usage, "there is no [[sink]] in the settings");
    return only ? std::vector{*only} : names;
}

Result<int> run_replay(Session& session, const Arguments& arguments) {
    const auto range = range_of(arguments, session.now(), domain::kDay);
    const auto names = chosen(session, arguments);
    if (const auto good = domain::all_good(range, names); !good)
        return tl::unexpected(good.error());
    const auto db = session.database(Access::write);
    if (!db) return tl::unexpected(db.error());
    const auto owed = storage::in_transaction(**db, [&]() -> domain::Status {
        for (const std::string& name : *names) {
            constexpr domain::seconds kBefore{1};  // ranges of sinks do not hold their start
            auto done = storage::owe(**db, name, range->from - kBefore, range->to - kBefore);
            if (!done) return done;
        }
        return {};
    });
    if (!owed) return tl::unexpected(owed.error());
    session.err << fmt::format(
        "hashprice: {} is sent again by the daemon, to {}\n",
        fmt::format("{} to {}", domain::format_time(range->from), domain::format_time(range->to)),
        fmt::join(*names, ", "));
    return 0;
}

}  // namespace

std::vector<Command> sink_commands() {
    return {
        {"sink list", "how far each sink has come (docs/scaling.md)", {json_option()}, run_list},
        {"sink replay",
         "send a range to sinks once more, for one that lost it; the same points stay the same",
         with(range_options(true), {{"--sink", "NAME", "this one; all when left out"}}),
         run_replay}};
}

}  // namespace hashprice::service::cli
