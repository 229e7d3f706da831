#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>

#include "domain/time.hpp"
#include "storage/database.hpp"

/// What keeps a database small and its disk from filling up.
namespace hashprice::storage {

/// Whether the file system of this database has room.
///
///   errors  less than `keep_free` bytes are left -> Errc::database, in words
Status enough_room(const std::filesystem::path& database, std::uint64_t keep_free);

struct Forget {
    UtcSeconds before;
    std::int64_t most = 10'000;  ///< rows at once
    domain::seconds speaks_for;  ///< how long after its time a price still counts: price.max_age
};
/// Forgets single prices of exchanges (not candles), the oldest first, and remembers the time they
/// spoke for: see frozen(). Returns how many.
Result<std::int64_t> forget_ticks(Database& db, const Forget& what);

/// The time whose prices were forgotten: (from, to]. Its observations stay as they are, because
/// they can no longer be derived.
Result<std::optional<domain::Range>> frozen(Database& db);

/// How many bytes must be free to compact a file: the new one is written beside it, and once more
/// through the write-ahead log.
std::uint64_t room_to_compact(std::int64_t file_bytes);

/// Gives unused pages back to the file system, when that is worth writing the file anew: at least
/// a quarter of it and 4 MiB are unused, and the disk has room_to_compact. Nobody else can
/// write meanwhile. Returns the bytes given back; 0: it was not worth it.
Result<std::int64_t> compact_if_worth(Database& db);

}  // namespace hashprice::storage
