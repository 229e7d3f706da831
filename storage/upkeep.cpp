#include "storage/upkeep.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "storage/connection.hpp"
#include "storage/rows.hpp"

namespace hashprice::storage {
namespace {

constexpr std::int64_t kWorthBytes = 4LL << 20;
constexpr std::int64_t kWorthShare = 4;  // a quarter

constexpr std::string_view kTickSpan =
    "SELECT MIN(time_s), MAX(time_s) FROM (SELECT time_s FROM prices WHERE span_s = 0 AND time_s < "
    "? ORDER BY time_s LIMIT ?)";
constexpr std::string_view kForgetTicks = "DELETE FROM prices WHERE span_s = 0 AND time_s <= ?";
const std::string kFrozenFrom = "ticks_forgotten_from_s";
const std::string kFrozenTo = "ticks_forgotten_to_s";

std::int64_t pragma(Connection& connection, const char* name) {
    return connection.db.execAndGet(std::string("PRAGMA ") + name).getInt64();
}

std::optional<UtcSeconds> as_time(const Result<std::string>& kept) {
    if (!kept || kept->empty()) return std::nullopt;
    return domain::utc(std::stoll(*kept));
}

Status keep_frozen(Database& db, domain::Range range) {
    const auto known = frozen(db);
    if (!known) return tl::unexpected(known.error());
    if (*known) range = {std::min(range.from, (*known)->from), std::max(range.to, (*known)->to)};
    return set_meta(db, kFrozenFrom, std::to_string(unix_s(range.from))).and_then([&] {
        return set_meta(db, kFrozenTo, std::to_string(unix_s(range.to)));
    });
}

}  // namespace

Status enough_room(const std::filesystem::path& database, std::uint64_t keep_free) {
    // there is always room for nothing: one look less
    if (keep_free == 0) return {};  // no mutant
    std::error_code error;
    const auto directory = std::filesystem::absolute(database, error).parent_path();
    const auto space = std::filesystem::space(directory, error);
    if (error || space.available >= keep_free) return {};  // SQLite says what is wrong with it
    constexpr double kMega = 1e6;
    return fail(Errc::database,
                fmt::format("the disk of {} has {:.0f} MB left, less than database.min_free_mb = "
                            "{:.0f}: nothing is written until there is room",
                            database.string(), static_cast<double>(space.available) / kMega,
                            static_cast<double>(keep_free) / kMega));
}

Result<std::optional<domain::Range>> frozen(Database& db) {
    const auto from = meta(db, kFrozenFrom);
    if (!from) return tl::unexpected(from.error());
    const auto first = as_time(from);
    const auto last = as_time(meta(db, kFrozenTo));
    if (!first || !last) return std::optional<domain::Range>{};
    return domain::Range{*first, *last};
}

Result<std::int64_t> forget_ticks(Database& db, const Forget& what) {
    std::int64_t gone = 0;
    const Status done = in_transaction(db, [&]() -> Status {
        return guarded([&]() -> Status {
            Connection& c = db.connection();
            const auto ticks = first_and_last(ready(c, kTickSpan, unix_s(what.before), what.most));
            if (!ticks) return {};
            gone = run(c, kForgetTicks, unix_s(ticks->to));
            return keep_frozen(db, {ticks->from - domain::seconds{1}, ticks->to + what.speaks_for});
        });
    });
    if (!done) return tl::unexpected(done.error());
    return gone;
}

std::uint64_t room_to_compact(std::int64_t file_bytes) {
    return 2 * static_cast<std::uint64_t>(file_bytes);
}

Result<std::int64_t> compact_if_worth(Database& db) {
    return guarded([&]() -> Result<std::int64_t> {
        Connection& c = db.connection();
        const std::int64_t page = pragma(c, "page_size");
        const std::int64_t before = pragma(c, "page_count");
        const std::int64_t unused = pragma(c, "freelist_count");
        if (unused * page < kWorthBytes || unused * kWorthShare < before) return 0;
        if (!enough_room(db.file(), room_to_compact(before * page))) return 0;
        c.statements.clear();  // VACUUM waits for no statement of its own connection
        c.db.exec("VACUUM");
        c.db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
        return (before - pragma(c, "page_count")) * page;
    });
}

}  // namespace hashprice::storage
