#pragma once
// Private to storage/: with statement.hpp the only header of ours that shows SQLite.
#include <SQLiteCpp/Backup.h>
#include <SQLiteCpp/SQLiteCpp.h>

#include <string>
#include <string_view>
#include <unordered_map>

#include "domain/result.hpp"
#include "storage/database.hpp"
#include "storage/statement.hpp"

namespace hashprice::storage {

/// One SQLite connection and the statements prepared on it so far.
///
///   owns     both; statements die before the connection
///   threads  one thread at a time
struct Connection {
    explicit Connection(SQLite::Database opened) : db(std::move(opened)) {}

    /// A prepared statement, reset and unbound; valid until the next call with the same text.
    /// `sql` must be one of the named constants, or live as long as this: it is known again by its
    /// address, so that nobody hashes some hundred characters each time.
    Statement& prepared(std::string_view sql) {
        auto found = statements.find(sql);
        if (found == statements.end()) {
            found = statements.try_emplace(sql, db.getHandle(), sql).first;
        }
        Statement& statement = found->second;
        statement.reset();
        statement.clearBindings();
        return statement;
    }

    SQLite::Database db;
    std::uint64_t keep_free = 0;  ///< bytes; no transaction begins below it
    struct ByAddress {
        std::size_t operator()(std::string_view sql) const {
            return std::hash<const char*>{}(sql.data());
        }
        bool operator()(std::string_view a, std::string_view b) const {
            return a.data() == b.data() && a.size() == b.size();
        }
    };
    std::unordered_map<std::string_view, Statement, ByAddress, ByAddress> statements;
};

domain::Error database_error(const SQLite::Exception& e);

/// Runs `f`; what SQLiteCpp throws becomes an Error. `f` may return a Result itself.
template <class F>
auto guarded(F&& f) -> decltype(f()) {
    try {
        return f();
    } catch (const SQLite::Exception& e) {
        return tl::unexpected(database_error(e));
    }
}

inline void bind_all(Statement&, int) {}

/// Binds the values to placeholders `at`, `at + 1`, ...; std::nullopt-like optionals bind NULL.
template <class First, class... Rest>
void bind_all(Statement& statement, int at, const First& first, const Rest&... rest) {
    if constexpr (requires { first.has_value(); }) {
        if (first.has_value())
            statement.bind(at, *first);
        else
            statement.bind(at);
    } else {
        statement.bind(at, first);
    }
    bind_all(statement, at + 1, rest...);
}

/// Prepares (or finds), binds, hands back ready to step.
template <class... Values>
Statement& ready(Connection& connection, std::string_view sql, const Values&... values) {
    Statement& statement = connection.prepared(sql);
    bind_all(statement, 1, values...);
    return statement;
}

/// Binds and runs a statement that returns no row.
template <class... Values>
int run(Connection& connection, std::string_view sql, const Values&... values) {
    Statement& statement = ready(connection, sql, values...);
    const int rows = statement.exec();
    statement.reset();
    return rows;
}

}  // namespace hashprice::storage
