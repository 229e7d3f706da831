#include "service/cli/read_commands.hpp"

#include <fmt/format.h>

#include "service/answers/explain.hpp"
#include "service/answers/series_writer.hpp"
#include "service/answers/status.hpp"
#include "service/cli/session.hpp"
#include "service/cli/text.hpp"

namespace hashprice::service::cli {
namespace {

using domain::Errc;
using domain::fail;
using domain::Result;
using storage::Access;

Result<int> run_latest(Session& session, const Arguments& arguments) {
    const auto db = session.database(Access::read);
    if (!db) return tl::unexpected(db.error());
    const auto latest = answers::latest(**db, session.freshness());
    if (!latest) return tl::unexpected(latest.error());
    if (arguments.has("--json")) {
        session.out << answers::latest_json(*latest) << '\n';
        return 0;
    }
    if (!latest->kept)
        return fail(
            Errc::not_found,
            "there is no observation yet; `hashprice serve` or `hashprice backfill` brings some");
    session.out << latest_text(*latest, session.now());
    return 0;
}

Result<answers::SeriesQuery> series_query(Session& session, const Arguments& arguments) {
    answers::SeriesQuery query;
    const auto range = range_of(arguments, session.now(), 30 * domain::kDay);
    const auto denomination =
        answers::parse_denomination(arguments.text_or("--denomination", "usd"));
    const auto per = answers::parse_per(arguments.text_or("--per", "ph"));
    if (const auto good = all_good(range, denomination, per); !good)
        return tl::unexpected(good.error());
    query.range = *range;
    query.denomination = *denomination;
    query.per = *per;
    const std::string step = arguments.text_or("--step", "auto");
    if (step == "auto") return query;
    const auto parsed = domain::parse_step(step);
    if (!parsed) return tl::unexpected(parsed.error());
    query.step = *parsed;
    return query;
}

/// Feeds every piece of the series to `write`.
domain::Status each_piece(storage::Database& db, const answers::SeriesQuery& query,
                          domain::Step step,
                          const std::function<void(const std::vector<answers::Point>&)>& write) {
    answers::SeriesReader reader(query, step);
    while (true) {
        const auto points = reader.next(db);
        if (!points) return tl::unexpected(points.error());
        if (points->empty()) return {};
        write(*points);
    }
}

/// Where no range was asked for and the data are old, the range ends with them: a month of dashes
/// tells nothing.
domain::Status anchor(Session& session, storage::Database& db, answers::SeriesQuery& query) {
    const auto newest = storage::latest_observation(db);
    if (!newest) return tl::unexpected(newest.error());
    if (!*newest) return {};
    const domain::seconds age = query.range.to - (*newest)->observation.time;
    if (age <= domain::kDay) return {};
    query.range = {query.range.from - age, query.range.to - age};
    session.err << fmt::format(
        "hashprice: the newest observation is {} old; the 30 days up to it\n",
        domain::format_age(age));
    return {};
}

Result<int> run_query(Session& session, const Arguments& arguments) {
    auto query = series_query(session, arguments);
    if (!query) return tl::unexpected(query.error());
    const auto db = session.database(Access::read);
    if (!db) return tl::unexpected(db.error());
    if (!arguments.has("--from") && !arguments.has("--to")) {
        if (const auto good = anchor(session, **db, *query); !good)
            return tl::unexpected(good.error());
    }
    const auto step = answers::step_of(**db, *query);
    if (!step) return tl::unexpected(step.error());
    const std::string format =
        arguments.has("--json") ? "json" : arguments.text_or("--format", "table");
    if (format == "table") {
        session.out << series_head(*query, *step);
        const auto done = each_piece(
            **db, *query, *step, [&](const auto& points) { session.out << series_lines(points); });
        if (!done) return tl::unexpected(done.error());
        return 0;
    }
    answers::SeriesWriter writer(*answers::parse_series_format(format), *query, *step);
    session.out << writer.begin();
    const auto done = each_piece(**db, *query, *step,
                                 [&](const auto& points) { session.out << writer.points(points); });
    if (!done) return tl::unexpected(done.error());
    session.out << writer.end() << (format == "json" ? "\n" : "");
    return 0;
}

/// A time that was given, read by `parse`; none: not given.
template <class Parse>
Result<std::optional<domain::UtcSeconds>> given_time(const Arguments& arguments,
                                                     std::string_view name, Parse parse,
                                                     domain::UtcSeconds now) {
    const auto text = arguments.text(name);
    if (!text) return std::optional<domain::UtcSeconds>{};
    return parse(*text, now).map([](domain::UtcSeconds t) { return std::optional(t); });
}

Result<int> run_explain(Session& session, const Arguments& arguments) {
    const auto given = given_time(arguments, "TIME", domain::parse_instant, session.now());
    const auto as_of = given_time(arguments, "--as-of", domain::parse_range_end, session.now());
    if (const auto good = all_good(given, as_of); !good) return tl::unexpected(good.error());
    const auto db = session.database(Access::read);
    const auto options = session.derive_options();
    if (const auto good = all_good(db, options); !good) return tl::unexpected(good.error());
    const auto newest = storage::latest_observation(**db);
    if (!newest) return tl::unexpected(newest.error());
    const domain::UtcSeconds t =
        given->value_or(*newest ? (*newest)->observation.time : session.now());
    const auto explanation = answers::explain(**db, t, *as_of, *options);
    if (!explanation) return tl::unexpected(explanation.error());
    session.out << (arguments.has("--json") ? answers::explain_json(*explanation) + "\n"
                                            : explain_text(*explanation));
    return explanation->kept ? 0 : 1;
}

Result<int> run_status(Session& session, const Arguments& arguments) {
    const auto db = session.database(Access::read);
    if (!db) return tl::unexpected(db.error());
    const auto report = answers::status(**db, session.freshness());
    if (!report) return tl::unexpected(report.error());
    session.out << (arguments.has("--json") ? answers::status_json(*report) + "\n"
                                            : status_text(*report, session.now()));
    return 0;
}

}  // namespace

std::vector<Command> read_commands() {
    const Option step{"--step", "STEP", "raw, 1h, 6h, 1d, 1w, 1mo or auto",
                      false,    false,  {"raw", "1h", "6h", "1d", "1w", "1mo", "auto"}};
    return {
        {"latest", "the current hash price", {json_option()}, run_latest},
        {"query", "a series of hash prices; the last 30 days of data when no range is given",
         with(range_options(false),
              {step,
               {"--denomination", "UNIT", "usd, btc or sat", false, false, {"usd", "btc", "sat"}},
               {"--per", "RATE", "th, ph or eh (per second)", false, false, {"th", "ph", "eh"}},
               {"--format", "FORMAT", "table, csv or json", false, false, {"table", "csv", "json"}},
               json_option()}),
         run_query},
        {"explain",
         "one observation with every input, its source and the formula with the numbers put in",
         {{"TIME", "TIME",
           "a date means its close, 24:00 UTC; the newest observation when left out"},
          {"--as-of", "TIME", "as it was known then"},
          json_option()},
         run_explain},
        {"status", "database, versions, schema, freshness", {json_option()}, run_status}};
}

}  // namespace hashprice::service::cli
