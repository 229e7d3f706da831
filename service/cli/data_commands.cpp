#include "service/cli/data_commands.hpp"

#include <fmt/format.h>

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

Result<int> run_check(Session& session, const Arguments& arguments) {
    const auto db = session.database(Access::read);
    if (!db) return tl::unexpected(db.error());
    if (const auto whole = (*db)->integrity(); !whole) return tl::unexpected(whole.error());
    const auto counts = storage::counts(**db);
    if (!counts) return tl::unexpected(counts.error());
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
            {"check", "whether the database file is intact", {json_option()}, run_check}};
}

}  // namespace hashprice::service::cli
