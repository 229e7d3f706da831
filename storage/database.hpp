#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "domain/observation.hpp"
#include "domain/result.hpp"

namespace hashprice::storage {

using domain::Errc;
using domain::fail;
using domain::Result;
using domain::SourceId;
using domain::Status;
using domain::unix_s;
using domain::UtcSeconds;

struct Connection;

enum class Access {
    read,   ///< no file is made, nothing is written; any number beside a writer
    write,  ///< the file is made when missing and brought to the newest schema
};

/// One connection to the database file, at the newest schema.
///
///   owns     the connection
///   threads  one thread at a time; open one for each reader
///   errors   missing (read), not ours, newer schema, no right, corrupt -> Errc::database with what
///   to do
class Database {
public:
    static Result<Database> open(const std::filesystem::path& file, Access access);
    /// A private database that lives as long as this object.
    static Result<Database> in_memory();

    Database(Database&&) noexcept;
    Database& operator=(Database&&) noexcept;
    ~Database();

    Connection& connection() { return *connection_; }
    [[nodiscard]] const std::filesystem::path& file() const { return file_; }

    /// Changes whenever another connection has written (PRAGMA data_version), or this one has.
    Result<std::uint64_t> data_version();
    /// From now on no transaction begins while the disk has less than this left.
    void keep_free(std::uint64_t bytes);
    /// A consistent copy with a rollback journal, for readers that cannot share a WAL file.
    /// errors  the target exists, or cannot be written -> Errc::database
    Status copy_to(const std::filesystem::path& target);
    /// SQLite's own integrity check, and whether tables and views are declared as they should be;
    /// the error names the first damage.
    Status integrity();

private:
    Database(std::unique_ptr<Connection> connection, std::filesystem::path file);
    std::unique_ptr<Connection> connection_;
    std::filesystem::path file_;
};

/// All or nothing: BEGIN IMMEDIATE, `work`, COMMIT; an error or exception of `work` rolls back.
class Transaction {
public:
    static Result<Transaction> begin(Database& db);
    Transaction(Transaction&& other) noexcept;
    Transaction& operator=(Transaction&&) = delete;
    ~Transaction();  ///< rolls back what was not committed
    Status commit();

private:
    explicit Transaction(Connection& connection) : connection_(&connection) {}
    Connection* connection_;
};

/// One state of the database, whatever others write meanwhile, as long as this lives. Of a
/// connection that reads only.
class Snapshot {
public:
    static Result<Snapshot> take(Database& db);
    Snapshot(Snapshot&& other) noexcept;
    Snapshot& operator=(Snapshot&&) = delete;
    ~Snapshot();

private:
    explicit Snapshot(Connection& connection) : connection_(&connection) {}
    Connection* connection_;
};

template <class Work>
Status in_transaction(Database& db, Work&& work) {
    auto transaction = Transaction::begin(db);
    if (!transaction) return tl::unexpected(transaction.error());
    const Status done = work();
    return done ? transaction->commit() : done;
}

/// Small facts about the database itself, by key.
Result<std::string> meta(Database& db, const std::string& key);  ///< "" when it was never set
Status set_meta(Database& db, const std::string& key, const std::string& value);

}  // namespace hashprice::storage
