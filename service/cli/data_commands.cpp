#include "service/cli/data_commands.hpp"

#include <fmt/format.h>

#include "ingest/derive/verify.hpp"
#include "service/answers/export.hpp"
#include "service/answers/json.hpp"
#include "service/cli/session.hpp"
#include "service/cli/text.hpp"
#include "storage/polls.hpp"

namespace hashprice::service::cli {
namespace {

using domain::Errc;
using domain::fail;
using domain::Result;
using storage::Access;

/// All that there is, where the user names no range.
Result<domain::Range> export_range(Session& session, storage::Database& db,
                                   const Arguments& arguments) {
    const auto span = storage::observation_span(db);
    if (!span) return tl::unexpected(span.error());
    const domain::UtcSeconds first = *span ? (*span)->first : session.now();
    const domain::seconds whole = std::max(session.now() - first, domain::seconds{1});
    return range_of(arguments, session.now(), whole);
}

Result<int> run_export(Session& session, const Arguments& arguments) {
    const auto format = answers::parse_export_format(arguments.text_or("--format", "csv"));
    if (!format) return tl::unexpected(format.error());
    const auto db = session.database(Access::read);
    if (!db) return tl::unexpected(db.error());
    const auto range = export_range(session, **db, arguments);
    if (!range) return tl::unexpected(range.error());
    const auto sink = [&session](std::string_view text) -> domain::Status {
        session.out.write(text.data(), static_cast<std::streamsize>(text.size()));
        if (!session.out) return fail(Errc::network, "standard output could not be written");
        return {};
    };
    const auto done = answers::export_observations(**db, *range, *format, sink);
    if (!done) return tl::unexpected(done.error());
    return 0;
}

Result<int> run_backup(Session& session, const Arguments& arguments) {
    const auto db = session.database(Access::read);
    if (!db) return tl::unexpected(db.error());
    const std::filesystem::path target = arguments.text_or("FILE", "");
    if (const auto copied = (*db)->copy_to(target); !copied) return tl::unexpected(copied.error());
    std::error_code unknown;
    const auto bytes = std::filesystem::file_size(target, unknown);
    session.err << fmt::format("hashprice: {} written, {} bytes\n", target.string(),
                               grouped(static_cast<std::int64_t>(unknown ? 0 : bytes)));
    return 0;
}

std::string check_json(const std::string& file, const storage::Counts& counts) {
    return answers::json_text([&](answers::Json& json) {
        answers::object(json, [&] {
            answers::put(json, "file", file);
            answers::put(json, "intact", true);
            answers::put(json, "blocks", counts.blocks);
            answers::put(json, "prices", counts.prices);
            answers::put(json, "fee_means", counts.fee_means);
            answers::put(json, "epochs", counts.epochs);
            answers::put(json, "observations", counts.observations);
        });
    });
}

/// Every stored result is what the stored facts give.
domain::Status check_facts(Session& session, storage::Database& db) {
    const auto options = session.derive_options();
    if (!options) return tl::unexpected(options.error());
    const auto verdict = ingest::verify(db, *options);
    if (!verdict) return tl::unexpected(verdict.error());
    if (verdict->good()) return {};
    const std::string since =
        verdict->first ? ", the first as of " + domain::format_time(*verdict->first) : "";
    return fail(Errc::database,
                fmt::format("{}: {} observations are not what the stored facts give{}, and {} bars "
                            "not what the observations give: the file was damaged, or the [price] "
                            "settings have changed since; restore a backup, or `hashprice "
                            "recompute` derives them anew",
                            db.file().string(), grouped(verdict->observations), since,
                            grouped(verdict->bars)));
}

/// The error, with the file's name before it.
tl::unexpected<domain::Error> of_file(const storage::Database& db, domain::Error error) {
    const std::string name = db.file().string() + ": ";
    if (!error.what.starts_with(name)) error.what.insert(0, name);
    return tl::unexpected(std::move(error));
}

Result<int> run_check(Session& session, const Arguments& arguments) {
    const auto db = session.database(Access::read);
    if (!db) return tl::unexpected(db.error());
    if (const auto whole = (*db)->integrity(); !whole) return of_file(**db, whole.error());
    if (const auto right = check_facts(session, **db); !right) return of_file(**db, right.error());
    const auto counts = storage::counts(**db);
    if (!counts) return of_file(**db, counts.error());
    if (arguments.has("--json")) {
        session.out << check_json((*db)->file().string(), *counts) << '\n';
        return 0;
    }
    session.out << fmt::format(
        "{}: intact; {} blocks, {} prices, {} fee means, {} epochs, {} observations\n",
        (*db)->file().string(), grouped(counts->blocks), grouped(counts->prices),
        grouped(counts->fee_means), grouped(counts->epochs), grouped(counts->observations));
    return 0;
}

}  // namespace

std::vector<Command> data_commands() {
    const Option format{"--format",
                        "FORMAT",
                        "csv, jsonl, openmetrics or influx (line protocol); csv when left out",
                        false,
                        false,
                        {"csv", "jsonl", "openmetrics", "influx"}};
    return {{"export", "every observation of a range, for another program; all when left out",
             with(range_options(false), {format}), run_export},
            {"backup",
             "a consistent copy of the database, while the daemon runs",
             {{"FILE", "FILE", "the copy; it must not exist yet", true}},
             run_backup},
            {"check",
             "whether the database file is intact, and what is derived fits the facts",
             {json_option()},
             run_check}};
}

}  // namespace hashprice::service::cli
