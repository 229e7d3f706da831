#include "service/cli/guard_commands.hpp"

#include <fmt/format.h>

#include "service/answers/json.hpp"
#include "service/cli/numbers.hpp"
#include "service/cli/session.hpp"
#include "service/cli/text.hpp"
#include "storage/quarantine.hpp"
#include "storage/retract.hpp"

namespace hashprice::service::cli {
namespace {

using answers::array;
using answers::object;
using answers::put;
using answers::put_time;
using domain::Errc;
using domain::fail;
using domain::format_time;
using domain::Range;
using domain::Result;
using domain::UtcSeconds;
using ingest::Taken;
using storage::Access;
using storage::Quarantined;
using storage::Retraction;

constexpr std::size_t kShownBytes = 120;
constexpr int kMostListed = 1000;

/// The beginning of a payload. It may be any bytes: none of them reaches the terminal as it is.
std::string printable(const std::string& payload) {
    std::string shown;
    for (const char c : payload.substr(0, kShownBytes)) {
        if (c >= ' ' && c <= '~') {
            shown += c;
        } else {
            shown += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
        }
    }
    return payload.size() > kShownBytes ? shown + "..." : shown;
}

std::string subject_of(const Quarantined& q) {
    std::string subject = q.kind;
    if (q.height) subject += fmt::format(" {}", *q.height);
    if (q.time) subject += fmt::format(" of {}", format_time(*q.time));
    return subject;
}

std::string list_text(const std::vector<Quarantined>& all) {
    std::string text;
    for (const Quarantined& q : all) {
        text += fmt::format("{:<6} {}  {:<13} {:<9} {}\n       {}\n       {}\n", q.id,
                            format_time(q.received_at), q.source, q.state, subject_of(q),
                            printable(q.reason), printable(q.payload));
    }
    return text.empty() ? "nothing is in quarantine\n" : text;
}

std::string list_json(const std::vector<Quarantined>& all) {
    return answers::json_text([&](answers::Json& json) {
        object(json, [&] {
            array(json, "quarantine", [&] {
                for (const Quarantined& q : all) {
                    object(json, [&] {
                        put(json, "id", q.id);
                        put(json, "source", q.source);
                        put(json, "kind", q.kind);
                        put(json, "state", q.state);
                        put_time(json, "received_at", q.received_at);
                        put_time(json, "decided_at", q.decided_at);
                        put(json, "height", q.height);
                        put_time(json, "time", q.time);
                        put(json, "reason", printable(q.reason));
                        put(json, "payload", printable(q.payload));
                        put(json, "payload_bytes", static_cast<std::int64_t>(q.payload.size()));
                    });
                }
            });
        });
    });
}

Result<int> run_list(Session& session, const Arguments& arguments) {
    const auto db = session.database(Access::read);
    if (!db) return tl::unexpected(db.error());
    std::string state = arguments.text_or("--state", "pending");
    if (state == "all") state.clear();
    const auto all = storage::quarantined(**db, state, kMostListed);
    if (!all) return tl::unexpected(all.error());
    session.out << (arguments.has("--json") ? list_json(*all) + "\n" : list_text(*all));
    return 0;
}

/// Changes facts, and derives again what that touches, as one.
Result<Taken> decide(Session& session, const ingest::Collector::Decision& work) {
    const auto db = session.database(Access::write);
    if (!db) return tl::unexpected(db.error());
    const auto options = session.derive_options();
    if (!options) return tl::unexpected(options.error());
    ingest::Collector collector(**db, *options);
    return collector.decide(work, session.now(), session.now());
}

/// All of the numbers or none of them.
Result<int> run_release(Session& session, const Arguments& arguments) {
    const auto numbers = numbers_of(arguments, "NUMBER", "quarantine list");
    if (!numbers) return tl::unexpected(numbers.error());
    const auto taken = decide(session, [&](storage::Database& db) -> Result<storage::Recorded> {
        storage::Recorded all;
        for (const std::int64_t number : *numbers) {
            auto done = storage::release(db, number, session.now());
            if (!done) return done;
            all += *done;
        }
        return all;
    });
    if (!taken) return tl::unexpected(taken.error());
    session.err << fmt::format("hashprice: {} released; {} observations changed\n",
                               grouped(static_cast<std::int64_t>(numbers->size())),
                               grouped(taken->derived.changed));
    return 0;
}

Result<int> run_reject(Session& session, const Arguments& arguments) {
    const auto numbers = numbers_of(arguments, "NUMBER", "quarantine list");
    const auto db = session.database(Access::write);
    if (const auto good = all_good(numbers, db); !good) return tl::unexpected(good.error());
    const auto done = storage::in_transaction(**db, [&]() -> domain::Status {
        for (const std::int64_t number : *numbers) {
            auto rejected = storage::reject(**db, number, session.now());
            if (!rejected) return rejected;
        }
        return {};
    });
    if (!done) return tl::unexpected(done.error());
    session.err << fmt::format("hashprice: {} rejected\n",
                               grouped(static_cast<std::int64_t>(numbers->size())));
    return 0;
}

std::string retractions_json(const std::vector<Retraction>& all) {
    return answers::json_text([&](answers::Json& json) {
        object(json, [&] {
            array(json, "retractions", [&] {
                for (const Retraction& r : all) {
                    object(json, [&] {
                        put(json, "source", r.source);
                        put_time(json, "from", r.range.from);
                        put_time(json, "to", r.range.to);
                        put_time(json, "retracted_at", r.retracted_at);
                    });
                }
            });
        });
    });
}

Result<int> list_retractions(Session& session, const Arguments& arguments) {
    const auto db = session.database(Access::read);
    if (!db) return tl::unexpected(db.error());
    const auto all = storage::retractions(**db);
    if (!all) return tl::unexpected(all.error());
    if (arguments.has("--json")) {
        session.out << retractions_json(*all) << '\n';
        return 0;
    }
    for (const Retraction& r : *all) {
        session.out << fmt::format("{:<13} {} to {}, retracted {}\n", r.source,
                                   format_time(r.range.from), format_time(r.range.to),
                                   format_time(r.retracted_at));
    }
    if (all->empty()) session.out << "nothing is retracted\n";
    return 0;
}

Result<int> run_retract(Session& session, const Arguments& arguments) {
    if (arguments.has("--list")) return list_retractions(session, arguments);
    const auto source = arguments.text("--source");
    if (!source || !arguments.has("--from")) {
        return fail(Errc::usage, "retract needs --source and --from (or --list)");
    }
    const auto range = range_of(arguments, session.now(), domain::kDay);
    if (!range) return tl::unexpected(range.error());
    const bool undo = arguments.has("--undo");
    const auto taken = decide(session, [&](storage::Database& db) {
        return undo ? storage::undo_retraction(db, *source, *range, session.now())
                    : storage::retract(db, *source, *range, session.now());
    });
    if (!taken) return tl::unexpected(taken.error());
    const storage::Recorded& r = taken->recorded;
    session.err << fmt::format("hashprice: {} facts of {} {}; {} observations changed\n",
                               grouped(undo ? r.added : r.revised), *source,
                               undo ? "in use again" : "taken out of use",
                               grouped(taken->derived.changed));
    return 0;
}

}  // namespace

std::vector<Command> guard_commands() {
    const Option number{"NUMBER", "NUMBER", "as `quarantine list` shows it", true, true};
    const std::vector<std::string> states{"pending", "released", "rejected", "all"};
    return {{"quarantine list",
             "what was refused, and why (docs/sources.md)",
             {{"--state", "STATE", "pending, released, rejected or all; pending when left out",
               false, false, states},
              json_option()},
             run_list},
            {"quarantine release",
             "put refused facts in use, in the place of what contradicts them",
             {number},
             run_release},
            {"quarantine reject", "close cases: the facts stay refused", {number}, run_reject},
            {"retract",
             "take what a source said about a range out of use (kept, and left out until undone)",
             with({{"--source", "NAME", "whose facts"}},
                  with(range_options(false), {{"--undo", "", "put them in use again"},
                                              {"--list", "", "show the retractions that stand"},
                                              json_option()})),
             run_retract}};
}

}  // namespace hashprice::service::cli
