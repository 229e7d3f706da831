#include "storage/database.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include "storage/connection.hpp"
#include "storage/schema.hpp"
#include "storage/upkeep.hpp"

namespace hashprice::storage {
namespace {

constexpr int kBusyTimeoutMs = 10'000;  // longer than any transaction of ours
constexpr std::string_view kMeta = "SELECT value FROM meta WHERE key = ?";
constexpr std::string_view kSetMeta =
    "INSERT INTO meta(key, value) VALUES(?, ?) ON CONFLICT(key) DO UPDATE SET value = "
    "excluded.value";

/// `synchronous=FULL`: a live fact that was acknowledged survives a power cut.
void prepare_writer(SQLite::Database& db) {
    db.exec("PRAGMA journal_mode = WAL");
    db.exec("PRAGMA synchronous = FULL");
    db.exec("PRAGMA journal_size_limit = 16777216");
}

Status prepare(Connection& connection, Access access) {
    connection.db.setBusyTimeout(kBusyTimeoutMs);
    connection.db.exec("PRAGMA foreign_keys = OFF; PRAGMA temp_store = MEMORY");
    if (access == Access::read) return check_schema(connection);
    prepare_writer(connection.db);
    return migrate(connection);
}

/// SQLite says "unable to open database file" for a dozen reasons: say which.
Status check_file(const std::filesystem::path& file, Access access) {
    std::error_code error;
    const auto status = std::filesystem::status(file, error);
    if (std::filesystem::is_directory(status)) {
        return fail(Errc::database,
                    fmt::format("{} is a directory; name a file with --db", file.string()));
    }
    if (std::filesystem::exists(status)) return {};
    if (access == Access::read) {
        return fail(Errc::not_found,
                    fmt::format("there is no database at {} yet; start `hashprice serve`, or "
                                "name another with --db",
                                file.string()));
    }
    const auto directory = file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
    if (!std::filesystem::is_directory(directory, error)) {
        return fail(Errc::database,
                    fmt::format("there is no directory {}; make it, or name another file with --db",
                                directory.string()));
    }
    return {};
}

}  // namespace

domain::Error database_error(const SQLite::Exception& e) {
    const char* advice = "";
    switch (e.getErrorCode()) {
        case SQLITE_BUSY:
            advice = " (another program is writing: try again)";
            break;
        case SQLITE_FULL:
            advice = " (free some space: nothing of this write was kept)";
            break;
        case SQLITE_READONLY:
        case SQLITE_CANTOPEN:
        case SQLITE_PERM:
            advice =
                " (check the owner and rights of the file and its directory, and whether the disk "
                "is "
                "read-only)";
            break;
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            advice = " (restore a backup; `hashprice check` says more)";
            break;
        default:
            break;
    }
    return {Errc::database, fmt::format("{}{}", e.what(), advice)};
}

Database::Database(std::unique_ptr<Connection> connection, std::filesystem::path file)
    : connection_(std::move(connection)), file_(std::move(file)) {}
Database::Database(Database&&) noexcept = default;
Database& Database::operator=(Database&&) noexcept = default;
Database::~Database() = default;

Result<Database> Database::open(const std::filesystem::path& file, Access access) {
    if (const Status usable = check_file(file, access); !usable)
        return tl::unexpected(usable.error());
    // one thread at a time uses a connection, so SQLite need not lock it for each value
    const int flags = SQLite::OPEN_NOMUTEX |
                      (access == Access::read ? SQLite::OPEN_READONLY
                                              : SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    const auto opened = guarded([&]() -> Result<std::shared_ptr<Database>> {
        auto connection = std::make_unique<Connection>(SQLite::Database(file.string(), flags));
        if (const Status done = prepare(*connection, access); !done)
            return tl::unexpected(done.error());
        return std::shared_ptr<Database>(new Database(std::move(connection), file));
    });
    if (opened) return std::move(**opened);
    return fail(opened.error().code, fmt::format("{}: {}", file.string(), opened.error().what));
}

Result<Database> Database::in_memory() { return open(":memory:", Access::write); }

Result<std::uint64_t> Database::data_version() {
    return guarded([&]() -> Result<std::uint64_t> {
        Statement& others = connection_->prepared("PRAGMA data_version");
        others.executeStep();
        const auto theirs = static_cast<std::uint64_t>(others.getColumn(0).getInt64());
        others.reset();
        return theirs << 32 ^ static_cast<std::uint64_t>(connection_->db.getTotalChanges());
    });
}

void Database::keep_free(std::uint64_t bytes) { connection_->keep_free = bytes; }

Status Database::copy_to(const std::filesystem::path& target) {
    if (std::filesystem::exists(target)) {
        return fail(Errc::database,
                    fmt::format("{} exists already; name a new file", target.string()));
    }
    return guarded([&]() -> Status {
        SQLite::Database copy(target.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
        SQLite::Backup backup(copy, connection_->db);
        backup.executeStep();  // all of it at once
        copy.exec("PRAGMA journal_mode = DELETE");
        return {};
    });
}

Status Database::integrity() {
    return guarded([&]() -> Status {
        const std::string verdict =
            connection_->db.execAndGet("PRAGMA integrity_check(1)").getString();
        const Status whole =
            verdict == "ok" ? check_declarations(*connection_) : fail(Errc::database, verdict);
        if (whole) return {};
        return fail(Errc::database,
                    fmt::format("{}: {}; restore a backup", file_.string(), whole.error().what));
    });
}

Result<Transaction> Transaction::begin(Database& db) {
    return guarded([&]() -> Result<Transaction> {
        const Status room = enough_room(db.file(), db.connection().keep_free);
        if (!room) return tl::unexpected(room.error());
        db.connection().db.exec("BEGIN IMMEDIATE");
        return Transaction(db.connection());
    });
}

Transaction::Transaction(Transaction&& other) noexcept
    : connection_(std::exchange(other.connection_, nullptr)) {}

Transaction::~Transaction() {
    if (connection_ == nullptr) return;
    // a failed statement may have ended the transaction already; then there is nothing to roll back
    connection_->db.tryExec("ROLLBACK");
}

Status Transaction::commit() {
    return guarded([&]() -> Status {
        connection_->db.exec("COMMIT");
        connection_ = nullptr;
        return {};
    });
}

Result<Snapshot> Snapshot::take(Database& db) {
    return guarded([&]() -> Result<Snapshot> {
        db.connection().db.exec("BEGIN");
        return Snapshot(db.connection());
    });
}

Snapshot::Snapshot(Snapshot&& other) noexcept
    : connection_(std::exchange(other.connection_, nullptr)) {}

Snapshot::~Snapshot() {
    if (connection_ != nullptr) connection_->db.tryExec("ROLLBACK");
}

Result<std::string> meta(Database& db, const std::string& key) {
    return guarded([&]() -> Result<std::string> {
        Statement& found = ready(db.connection(), kMeta, key);
        std::string value = found.executeStep() ? found.getColumn(0).getString() : std::string{};
        found.reset();
        return value;
    });
}

Status set_meta(Database& db, const std::string& key, const std::string& value) {
    return guarded([&]() -> Status {
        run(db.connection(), kSetMeta, key, value);
        return {};
    });
}

}  // namespace hashprice::storage
