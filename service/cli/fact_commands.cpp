#include "service/cli/fact_commands.hpp"

#include <fmt/format.h>

#include <fstream>
#include <iostream>

#include "ingest/import/csv_import.hpp"
#include "service/cli/session.hpp"
#include "service/cli/text.hpp"

namespace hashprice::service::cli {
namespace {

using domain::Errc;
using domain::fail;
using domain::format_time;
using domain::Result;
using storage::Access;

Result<ingest::ImportOptions> import_options(const Session& session, const Arguments& arguments) {
    ingest::ImportOptions options{.file_name = arguments.text_or("FILE", "-"),
                                  .source = arguments.text_or("--source", "import"),
                                  .now = session.now()};
    if (options.source == storage::kStarter) {
        return fail(Errc::usage, "'starter' is what ships with the program; name another --source");
    }
    if (const auto span = arguments.text("--span")) {
        const auto parsed = domain::parse_duration(*span);
        if (!parsed) return tl::unexpected(parsed.error());
        options.span = *parsed;
    }
    return options;
}

Result<ingest::Taken> import_from(std::istream& in, const ingest::ImportOptions& options,
                                  Session& session) {
    const auto db = session.database(Access::write);
    if (!db) return tl::unexpected(db.error());
    const auto derive = session.derive_options();
    if (!derive) return tl::unexpected(derive.error());
    ingest::Collector collector(**db, *derive);
    const auto bring = [&](const ingest::Collector::Sink& sink) {
        return import_csv(in, options, sink);
    };
    return collector.take_all(bring, options.now, options.now);
}

Result<int> run_import(Session& session, const Arguments& arguments) {
    const auto options = import_options(session, arguments);
    if (!options) return tl::unexpected(options.error());
    std::ifstream file;
    if (options->file_name != "-") {
        file.open(options->file_name);
        if (!file) return fail(Errc::usage, fmt::format("cannot read {}", options->file_name));
    }
    const auto taken = import_from(options->file_name == "-" ? std::cin : file, *options, session);
    if (!taken) return tl::unexpected(taken.error());
    const storage::Recorded& r = taken->recorded;
    session.err << fmt::format(
        "hashprice: {} facts new, {} unchanged, {} revised, {} refused; {} observations changed\n",
        grouped(r.added), grouped(r.unchanged), grouped(r.revised), grouped(r.refused),
        grouped(taken->derived.changed));
    if (r.refused > 0)
        session.err << "hashprice: `hashprice quarantine list` shows what was refused, and why\n";
    return r.refused > 0 ? 3 : 0;
}

Result<int> run_recompute(Session& session, const Arguments& arguments) {
    const auto range = range_of(arguments, session.now(), 400 * domain::kDay);
    if (!range) return tl::unexpected(range.error());
    const auto db = session.database(Access::write);
    if (!db) return tl::unexpected(db.error());
    const auto options = session.derive_options();
    if (!options) return tl::unexpected(options.error());
    ingest::Collector collector(**db, *options);
    const auto done = collector.recompute(range->from, range->to, session.now());
    if (!done) return tl::unexpected(done.error());
    session.err << fmt::format("hashprice: {} observations changed from {} to {}\n",
                               grouped(done->changed), format_time(range->from),
                               format_time(range->to));
    return 0;
}

}  // namespace

std::vector<Command> fact_commands() {
    return {{"import",
             "facts from a CSV file: blocks, epochs, fee means, daily closes, candles or prices "
             "(docs/import.md)",
             {{"FILE", "FILE", "a CSV file with a header line; - is standard input", true},
              {"--source", "NAME", "who says so; 'import' when left out"},
              {"--span", "DURATION", "length of the candles, where the file does not say: 1h, 1d"}},
             run_import},
            {"recompute", "derive observations and bars again from the stored facts",
             range_options(true), run_recompute}};
}

}  // namespace hashprice::service::cli
