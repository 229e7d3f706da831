#include "service/cli/trend_commands.hpp"

#include "service/answers/trend_settings.hpp"
#include "service/cli/session.hpp"
#include "service/cli/trend_text.hpp"

namespace hashprice::service::cli {
namespace {

using domain::Errc;
using domain::fail;
using domain::Result;
using domain::UtcSeconds;
using storage::Access;

constexpr int kDeclining = 4;  ///< exit status of `trend --exit-code` while a decline is open

using ReadTime = Result<UtcSeconds> (*)(std::string_view, UtcSeconds);

Result<std::optional<UtcSeconds>> maybe_time(const Session& session, const Arguments& arguments,
                                             std::string_view name, ReadTime read) {
    const auto text = arguments.text(name);
    if (!text) return std::optional<UtcSeconds>{};
    return read(*text, session.now()).map([](UtcSeconds t) { return std::optional(t); });
}

/// --from and --to of a question that both may be left out of.
struct MaybeRange {
    std::optional<UtcSeconds> from;
    std::optional<UtcSeconds> to;
};
Result<MaybeRange> maybe_range(const Session& session, const Arguments& arguments) {
    const auto from = maybe_time(session, arguments, "--from", domain::parse_range_end);
    const auto to = maybe_time(session, arguments, "--to", domain::parse_range_end);
    if (const auto good = domain::all_good(from, to); !good) return tl::unexpected(good.error());
    if (*from && *to && **to <= **from)
        return fail(Errc::usage, "the range is empty: --from must be before --to");
    return MaybeRange{*from, *to};
}

Terminal terminal_of(const Session& session) {
    return {session.now(), session.width, session.colour};
}

Result<int> run_trend(Session& session, const Arguments& arguments) {
    const auto at = maybe_time(session, arguments, "TIME", domain::parse_instant);
    if (!at) return tl::unexpected(at.error());
    const auto db = session.database(Access::read);
    if (!db) return tl::unexpected(db.error());
    const auto trend =
        answers::trend(**db, answers::rules_of(session.settings()), *at, session.now());
    if (!trend) return tl::unexpected(trend.error());
    session.out << (arguments.has("--json") ? answers::trend_json(*trend) + "\n"
                                            : trend_text(*trend, terminal_of(session)));
    return arguments.has("--exit-code") && trend->declining() ? kDeclining : 0;
}

Result<int> run_declines(Session& session, const Arguments& arguments) {
    const auto range = maybe_range(session, arguments);
    if (!range) return tl::unexpected(range.error());
    answers::DeclinesQuery query{.from = range->from, .to = range->to};
    if (const auto state = arguments.text("--state")) {
        const auto parsed = domain::parse_state(*state);
        if (!parsed) return tl::unexpected(parsed.error());
        query.state = *parsed;
    }
    const auto db = session.database(Access::read);
    if (!db) return tl::unexpected(db.error());
    const auto found =
        answers::declines(**db, answers::rules_of(session.settings()), query, session.now());
    if (!found) return tl::unexpected(found.error());
    session.out << (arguments.has("--json") ? answers::declines_json(*found) + "\n"
                                            : declines_text(*found));
    return 0;
}

Result<int> run_attribution(Session& session, const Arguments& arguments) {
    const auto from = maybe_time(session, arguments, "--from", domain::parse_instant);
    const auto to = maybe_time(session, arguments, "--to", domain::parse_instant);
    if (const auto good = domain::all_good(from, to); !good) return tl::unexpected(good.error());
    const auto db = session.database(Access::read);
    if (!db) return tl::unexpected(db.error());
    const auto found = answers::attribution(**db, **from, *to);
    if (!found) return tl::unexpected(found.error());
    session.out << (arguments.has("--json") ? answers::attribution_json(*found) + "\n"
                                            : attribution_text(*found));
    return 0;
}

Result<int> run_backtest(Session& session, const Arguments& arguments) {
    const auto range = maybe_range(session, arguments);
    if (!range) return tl::unexpected(range.error());
    const auto db = session.database(Access::read);
    if (!db) return tl::unexpected(db.error());
    const auto found =
        answers::backtest(**db, answers::all_rules_of(session.settings()),
                          {arguments.text_or("--rule", ""), range->from, range->to}, session.now());
    if (!found) {  // a rule that is not there is a word of the command line
        const bool unknown = found.error().code == Errc::not_found;
        return fail(unknown ? Errc::usage : found.error().code, found.error().what);
    }
    session.out << (arguments.has("--json") ? answers::backtest_json(*found) + "\n"
                                            : backtest_text(*found));
    return 0;
}

}  // namespace

std::vector<Command> trend_commands() {
    return {{"trend",
             "where the hash price stands: the open decline, since when, how deep, and why",
             {{"TIME", "TIME", "as it stood then; a date means its close, 24:00 UTC"},
              {"--exit-code", "", "exit with 4 while a decline is active or recovering"},
              json_option()},
             run_trend},
            {"declines", "every decline, by rule and peak",
             with({{"--state",
                    "STATE",
                    "pending, active, recovering or closed",
                    false,
                    false,
                    {"pending", "active", "recovering", "closed"}}},
                  with(range_options(false), {json_option()})),
             run_declines},
            {"attribution",
             "what a change of the hash price was made of: price, difficulty, fees, subsidy",
             {{"--from", "TIME", "a date means its close, 24:00 UTC", true},
              {"--to", "TIME", "likewise; the newest observation when left out"},
              json_option()},
             run_attribution},
            {"backtest", "when a rule would have fired, escalated and cleared",
             with({{"--rule", "NAME", "a rule of the settings (docs/trend.md)", true}},
                  with(range_options(false), {json_option()})),
             run_backtest}};
}

}  // namespace hashprice::service::cli
