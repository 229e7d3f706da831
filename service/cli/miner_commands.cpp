#include "service/cli/miner_commands.hpp"

#include <fmt/format.h>

#include <charconv>

#include "domain/printable.hpp"
#include "service/cli/miner_text.hpp"
#include "service/cli/session.hpp"

namespace hashprice::service::cli {
namespace {

using domain::Errc;
using domain::fail;
using domain::Result;
using storage::Access;

constexpr std::size_t kLongestNote = 1000;

template <class Number>
Result<Number> number_of(const std::string& text, std::string_view name) {
    Number value{};
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    if (error == std::errc{} && stop == end) return value;
    return fail(Errc::usage,
                fmt::format("{}: '{}' is no number", name, domain::printable(text, 40)));
}

Result<std::optional<double>> maybe_number(const Arguments& arguments, std::string_view name) {
    const auto text = arguments.text(name);
    if (!text) return std::optional<double>{};
    return number_of<double>(*text, name).map([](double x) { return std::optional(x); });
}

Result<int> run_breakeven(Session& session, const Arguments& arguments) {
    const auto efficiency = maybe_number(arguments, "--efficiency");
    const auto power = maybe_number(arguments, "--power");
    const auto hashprice = maybe_number(arguments, "--hashprice");
    if (const auto good = domain::all_good(efficiency, power, hashprice); !good)
        return tl::unexpected(good.error());
    const auto db = session.database(Access::read);
    if (!db) return tl::unexpected(db.error());
    const auto found = answers::breakeven(**db, answers::trend_settings(session.settings()),
                                          {*efficiency, *power, *hashprice}, session.freshness());
    if (!found) return tl::unexpected(found.error());
    session.out << (arguments.has("--json") ? answers::breakeven_json(*found) + "\n"
                                            : breakeven_text(*found, session.now()));
    return 0;
}

Result<int> run_projection(Session& session, const Arguments& arguments) {
    const auto db = session.database(Access::read);
    if (!db) return tl::unexpected(db.error());
    const auto found = answers::projection(**db, session.freshness());
    if (!found) return tl::unexpected(found.error());
    session.out << (arguments.has("--json") ? answers::projection_json(*found) + "\n"
                                            : projection_text(*found, session.now()));
    return 0;
}

Result<int> run_add(Session& session, const Arguments& arguments) {
    const auto time = domain::parse_range_end(arguments.text_or("TIME", ""), session.now());
    if (!time) return tl::unexpected(time.error());
    const std::string text = arguments.text_or("TEXT", "");
    if (text.empty() || text.size() > kLongestNote)
        return fail(Errc::usage, fmt::format("a note has 1 to {} bytes of text", kLongestNote));
    const auto db = session.database(Access::write);
    if (!db) return tl::unexpected(db.error());
    std::int64_t id = 0;
    const auto done = storage::in_transaction(**db, [&]() -> domain::Status {
        return storage::add_annotation(**db, *time, text, session.now()).map([&](auto added) {
            id = added;
        });
    });
    if (!done) return tl::unexpected(done.error());
    session.err << fmt::format("hashprice: note {} at {}\n", id, domain::format_time(*time));
    return 0;
}

Result<int> run_list(Session& session, const Arguments& arguments) {
    const auto range = range_of(arguments, session.now(), 400 * domain::kDay);
    if (!range) return tl::unexpected(range.error());
    const auto db = session.database(Access::read);
    if (!db) return tl::unexpected(db.error());
    const auto marks = answers::annotations(**db, *range);
    if (!marks) return tl::unexpected(marks.error());
    session.out << (arguments.has("--json") ? answers::annotations_json(*marks, *range) + "\n"
                                            : annotations_text(*marks));
    return 0;
}

Result<int> run_remove(Session& session, const Arguments& arguments) {
    const auto id = number_of<std::int64_t>(arguments.text_or("ID", ""), "ID");
    if (!id) return tl::unexpected(id.error());
    const auto db = session.database(Access::write);
    if (!db) return tl::unexpected(db.error());
    const auto done = storage::in_transaction(**db, [&]() -> domain::Status {
        return storage::remove_annotation(**db, *id, session.now());
    });
    if (done) {
        session.err << fmt::format("hashprice: note {} is out of use\n", *id);
        return 0;
    }
    const bool unknown = done.error().code == Errc::not_found;
    return fail(unknown ? Errc::usage : done.error().code, done.error().what);
}

}  // namespace

std::vector<Command> miner_commands() {
    return {
        {"breakeven",
         "break-even, margin and payback at the current hash price",
         {{"--efficiency", "J_PER_TH", "a machine to reckon for"},
          {"--power", "USD_PER_MWH", "what it pays for power"},
          {"--hashprice", "USD", "what if the hash price were this, USD/PH/day"},
          json_option()},
         run_breakeven},
        {"projection",
         "the next retarget and halving, and the hash price after each",
         {json_option()},
         run_projection},
        {"annotate add",
         "a dated note, for charts",
         {{"TIME", "TIME", "a date means 00:00 UTC", true}, {"TEXT", "TEXT", "in quotes", true}},
         run_add},
        {"annotate list", "notes, retargets and halvings, the last 400 days when no range is given",
         with(range_options(false), {json_option()}), run_list},
        {"annotate remove",
         "takes a note out of use",
         {{"ID", "ID", "as `annotate list` shows it", true}},
         run_remove}};
}

}  // namespace hashprice::service::cli
