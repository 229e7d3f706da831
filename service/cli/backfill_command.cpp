#include "service/cli/backfill_command.hpp"

#include <fmt/format.h>

#include <optional>

#include "ingest/backfill/backfill.hpp"
#include "service/cli/backfill_text.hpp"
#include "service/cli/interrupt.hpp"
#include "service/cli/session.hpp"
#include "storage/lock_file.hpp"

namespace hashprice::service::cli {
namespace {

using domain::Result;
using storage::Access;
using storage::LockFile;

constexpr int kDoneInPart = 3;

Result<ingest::BackfillOptions> options_of(const Session& session, const Arguments& arguments) {
    const auto range = range_of(arguments, session.now(), domain::seconds{0});
    if (!range) return tl::unexpected(range.error());
    if (range->from >= session.now()) {
        return domain::fail(domain::Errc::usage, fmt::format("--from {} lies in the future",
                                                             domain::format_time(range->from)));
    }
    ingest::BackfillOptions options{.range = *range,
                                    .price_sources = session.settings().price.sources,
                                    .only = arguments.list("--source"),
                                    .force = arguments.has("--force"),
                                    .timeout = session.settings().poll.timeout};
    options.range.to = std::min(options.range.to, session.now());
    if (arguments.text_or("--step", "1h") == "1d") options.step = domain::kDay;
    return options;
}

int total_of(ingest::Backfill& backfill) {
    const auto plan = backfill.plan();
    int total = 0;
    if (plan) {
        for (const ingest::HostPlan& host : *plan) total += host.requests;
    }
    return total;
}

/// While the daemon lives, each of the two takes half of what a host allows.
void share_budgets(const Session& session, ingest::Roster& roster) {
    const bool shared = LockFile::held(session.settings().database.path, "daemon");
    roster.budgets().set_share(shared ? 0.5 : 1.0);
}

/// Draws a bar on a terminal; elsewhere a line a chunk.
Result<ingest::BackfillSummary> run_shown(Session& session,
                                          const ingest::Backfill::Surroundings& around,
                                          ingest::BackfillOptions options) {
    std::optional<Bar> bar;
    if (session.err_is_terminal) {
        options.asked = [&](int done) {
            if (bar) bar->show(done);
        };
    }
    ingest::Backfill backfill(around, std::move(options));
    if (session.err_is_terminal) bar.emplace(session.err, total_of(backfill));
    return backfill.run([&](const ingest::BackfillProgress& at) {
        share_budgets(session, around.roster);
        if (bar) {
            bar->label(domain::format_date(at.range.from));
        } else {
            session.err << "hashprice: " << progress_line(at) << std::endl;
        }
    });
}

Result<int> run_dry(Session& session, const Arguments& arguments,
                    const ingest::Backfill::Surroundings& around,
                    const ingest::BackfillOptions& options) {
    ingest::Backfill backfill(around, options);
    const auto plan = backfill.plan();
    if (!plan) return tl::unexpected(plan.error());
    session.out << (arguments.has("--json") ? plan_json(*plan) + "\n" : plan_text(*plan));
    return 0;
}

Result<int> run_backfill(Session& session, const Arguments& arguments) {
    const Interrupt interrupt;
    const auto options = options_of(session, arguments);
    if (!options) return tl::unexpected(options.error());
    const auto db = session.database(Access::write);
    const auto derive = session.derive_options();
    auto roster = ingest::Roster::make(source_plans(session.settings()), session.clock);
    if (const auto good = all_good(db, derive, roster); !good) return tl::unexpected(good.error());
    const std::filesystem::path& file = session.settings().database.path;
    share_budgets(session, **roster);
    const auto transport = [&session]() -> std::unique_ptr<ingest::HttpTransport> {
        return std::make_unique<ingest::CurlTransport>(curl_options(session.settings()));
    };
    const ingest::Backfill::Surroundings around{**db,          **roster, transport,
                                                session.clock, *derive,  interrupt.token()};
    if (arguments.has("--dry-run")) return run_dry(session, arguments, around, *options);
    const auto lock = LockFile::take(file, "backfill");
    if (!lock) return tl::unexpected(lock.error());
    const auto sum = run_shown(session, around, *options);
    if (!sum) return tl::unexpected(sum.error());
    session.out << (arguments.has("--json") ? summary_json(*options, *sum) + "\n"
                                            : summary_text(*options, *sum));
    return sum->complete() ? 0 : kDoneInPart;
}

}  // namespace

Command backfill_command() {
    return {
        "backfill",
        "fills the past with what is missing there; resumable, for cron (docs/backfill.md)",
        with(range_options(true),
             {{"--step", "STEP", "candles of this length: 1h or 1d", false, false, {"1h", "1d"}},
              {"--source", "NAME", "ask only this source; may be given again", false, true},
              {"--dry-run", "", "say how many requests that takes, and send none"},
              {"--force", "", "ask again for what is stored"},
              json_option()}),
        run_backfill};
}

}  // namespace hashprice::service::cli
