#include "storage/schema.hpp"

#include <fmt/format.h>

#include <array>
#include <map>

#include "storage/connection.hpp"
#include "storage/migrations/migrations.hpp"

namespace hashprice::storage {
namespace {

const std::array kMigrations{kInitialSchema, kTrendSchema, kGuardSchema, kOutboxSchema};
constexpr std::string_view kDeclarations =
    "SELECT type || ' ' || name, ifnull(sql, '') FROM sqlite_schema";

int pragma(Connection& connection, const char* name) {
    return connection.db.execAndGet(std::string("PRAGMA ") + name).getInt();
}

bool has_tables(Connection& connection) {
    return connection.db.execAndGet("SELECT COUNT(*) FROM sqlite_schema").getInt() > 0;
}

/// "view v_hashprice" and the like -> the SQL that declares it
std::map<std::string, std::string> declarations(Connection& connection) {
    std::map<std::string, std::string> found;
    Statement& each = ready(connection, kDeclarations);
    while (each.executeStep())
        found.emplace(each.getColumn(0).getString(), each.getColumn(1).getString());
    return found;
}

Status refuse_foreign(Connection& connection) {
    const bool ours = pragma(connection, "application_id") == kApplicationId;
    if (!ours && has_tables(connection)) {
        return fail(Errc::database,
                    "this is the database of another program; name another file with --db");
    }
    const int version = schema_version(connection);
    if (version > newest_schema()) {
        return fail(
            Errc::database,
            fmt::format("schema {} is newer than this program knows ({}); install the newer "
                        "hashprice or restore a backup",
                        version, newest_schema()));
    }
    return {};
}

void apply(Connection& connection, int from) {
    SQLite::Transaction transaction(connection.db, SQLite::TransactionBehavior::IMMEDIATE);
    if (schema_version(connection) != from) return;  // another process was faster
    connection.db.exec(std::string(migrations()[static_cast<std::size_t>(from)]));
    connection.db.exec(fmt::format("PRAGMA user_version = {}", from + 1));
    connection.db.exec(fmt::format("PRAGMA application_id = {}", kApplicationId));
    transaction.commit();
}

}  // namespace

std::span<const std::string_view> migrations() { return kMigrations; }

int schema_version(Connection& connection) { return pragma(connection, "user_version"); }

Status migrate(Connection& connection) {
    return refuse_foreign(connection).and_then([&]() -> Status {
        for (int v = schema_version(connection); v < newest_schema(); ++v) apply(connection, v);
        return {};
    });
}

Status check_schema(Connection& connection) {
    return refuse_foreign(connection).and_then([&]() -> Status {
        const int version = schema_version(connection);
        if (version == newest_schema()) return {};
        return fail(Errc::database,
                    fmt::format("schema {} is older than this program's ({}); start "
                                "`hashprice serve` once to bring it up to date",
                                version, newest_schema()));
    });
}

Status check_declarations(Connection& connection) {
    Connection fresh(SQLite::Database(":memory:", SQLite::OPEN_READWRITE));
    return migrate(fresh).and_then([&]() -> Status {
        const auto found = declarations(connection);
        for (const auto& [name, sql] : declarations(fresh)) {
            const auto same = found.find(name);
            if (same != found.end() && same->second == sql) continue;
            return fail(Errc::database, fmt::format("the {} is not declared as schema {} has it",
                                                    name, newest_schema()));
        }
        return {};
    });
}

}  // namespace hashprice::storage
