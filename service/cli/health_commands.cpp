#include "service/cli/health_commands.hpp"

#include <fmt/format.h>

#include "service/answers/gaps.hpp"
#include "service/answers/sources.hpp"
#include "service/cli/session.hpp"
#include "service/cli/text.hpp"
#include "storage/cool_downs.hpp"
#include "storage/role_changes.hpp"

namespace hashprice::service::cli {
namespace {

using domain::Result;
using storage::Access;

std::string age_or_dash(const std::optional<domain::UtcSeconds>& t, domain::UtcSeconds now) {
    return t ? domain::format_age(now - *t) + " ago" : "-";
}

std::string state_of(const answers::SourceReport& report) {
    if (!report.host) return "off";
    const auto up = report.up();
    if (!up) return "not asked";
    if (!*up) return "down";
    return report.outlier.empty() ? "up" : "outlier";
}

std::string source_line(const answers::SourceReport& report, domain::UtcSeconds now) {
    const storage::SourceHealth none;
    const storage::SourceHealth& h = report.health ? *report.health : none;
    return fmt::format("{:<16} {:<18} {:<26} {:<9}  {:>16} {:>8} {:>9} {:>8} {:>6}  {}\n",
                       report.name, fmt::format("{}", fmt::join(report.roles, ",")),
                       report.host.value_or("-"), state_of(report),
                       age_or_dash(h.last_success, now),
                       report.up() ? fmt::format("{} ms", h.last_duration_ms) : "-",
                       grouped(h.polls_ok), grouped(h.polls_failed), grouped(h.quarantined),
                       !report.outlier.empty() ? report.outlier
                       : h.last_error.empty()
                           ? ""
                           : fmt::format("{}: {}", age_or_dash(h.last_failure, now), h.last_error));
}

/// Who plays which role, and which hosts are left alone.
domain::Status tell_standing(Session& session, storage::Database& db) {
    const auto roles = storage::roles(db);
    const auto cooling = storage::cool_downs(db, session.now());
    if (auto good = all_good(roles, cooling); !good) return good;
    for (const storage::RoleChange& r : *roles) {
        session.out << fmt::format("{}: {} since {}; {}\n", r.role,
                                   r.source.empty() ? "nobody" : r.source,
                                   domain::format_time(r.at), r.reason);
    }
    for (const storage::CoolDown& c : *cooling) {
        session.out << fmt::format("{} is left alone until {}: {}\n", c.host,
                                   domain::format_time(c.until), c.reason);
    }
    return {};
}

Result<int> run_sources(Session& session, const Arguments& arguments) {
    const auto db = session.database(Access::read);
    if (!db) return tl::unexpected(db.error());
    const auto configured = configured_sources(session.settings(), session.clock);
    if (!configured) return tl::unexpected(configured.error());
    const auto derive = session.derive_options();
    if (!derive) return tl::unexpected(derive.error());
    const auto reports = answers::sources(**db, *configured).and_then([&](auto found) {
        return answers::with_outliers(**db, std::move(found), *derive);
    });
    if (!reports) return tl::unexpected(reports.error());
    if (arguments.has("--json")) {
        session.out << answers::sources_json(*reports) << '\n';
        return 0;
    }
    session.out << fmt::format("{:<16} {:<18} {:<26} {:<9}  {:>16} {:>8} {:>9} {:>8} {:>6}  {}\n",
                               "source", "for", "host", "state", "last success", "took", "polls",
                               "failed", "quar.", "last error");
    for (const answers::SourceReport& report : *reports) {
        session.out << source_line(report, session.now());
    }
    if (const auto told = tell_standing(session, **db); !told) return tl::unexpected(told.error());
    return 0;
}

Result<int> run_gaps(Session& session, const Arguments& arguments) {
    auto range = range_of(arguments, session.now(), session.now() - domain::kGenesisTime);
    if (!range) return tl::unexpected(range.error());
    const auto db = session.database(Access::read);
    if (!db) return tl::unexpected(db.error());
    const config::Settings& settings = session.settings();
    const auto repair =
        answers::repair_of(settings.database.path, settings.poll.backfill_on_start, session.now());
    const auto reports = answers::gaps(**db, *range, repair);
    if (!reports) return tl::unexpected(reports.error());
    if (arguments.has("--json")) {
        session.out << answers::gaps_json(*range, *reports) << '\n';
        return 0;
    }
    if (reports->empty()) session.out << "no gaps between the first and the last observation\n";
    for (const answers::GapReport& report : *reports) {
        session.out << fmt::format("{}  {}  {:>12}  {}{}\n", domain::format_time(report.gap.from),
                                   domain::format_time(report.gap.to),
                                   domain::format_age(report.gap.to - report.gap.from), report.why,
                                   report.being_repaired ? "; being repaired" : "");
    }
    return 0;
}

}  // namespace

std::vector<Command> health_commands() {
    return {{"sources",
             "each source: what for, whether it answers, how often it did",
             {json_option()},
             run_sources},
            {"gaps", "stretches without an observation, why, and whether they are being repaired",
             with(range_options(false), {json_option()}), run_gaps}};
}

}  // namespace hashprice::service::cli
