#pragma once
// Private to storage/: a prepared statement.
#include <SQLiteCpp/Exception.h>
#include <sqlite3.h>

#include <cassert>
#include <concepts>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace hashprice::storage {

/// One value of the row a statement stands on.
///
///   outlives  the statement's next step; so do the text and the blob it points to
class Column {
public:
    Column(sqlite3_stmt* row, int index) : row_(row), index_(index) {}

    [[nodiscard]] std::int64_t getInt64() const { return sqlite3_column_int64(row_, index_); }
    [[nodiscard]] int getInt() const { return sqlite3_column_int(row_, index_); }
    [[nodiscard]] std::uint32_t getUInt() const { return static_cast<std::uint32_t>(getInt64()); }
    [[nodiscard]] double getDouble() const { return sqlite3_column_double(row_, index_); }
    [[nodiscard]] const void* getBlob() const { return sqlite3_column_blob(row_, index_); }
    [[nodiscard]] std::string getString() const {
        const void* bytes = sqlite3_column_blob(row_, index_);  // nullptr where there are none
        const auto size = static_cast<std::size_t>(sqlite3_column_bytes(row_, index_));
        return bytes == nullptr ? std::string{}
                                : std::string(static_cast<const char*>(bytes), size);
    }
    [[nodiscard]] bool isNull() const { return type() == SQLITE_NULL; }
    [[nodiscard]] bool isInteger() const { return type() == SQLITE_INTEGER; }

private:
    [[nodiscard]] int type() const { return sqlite3_column_type(row_, index_); }
    sqlite3_stmt* row_;
    int index_;
};

/// SQLiteCpp's Statement, by the same names, at SQLite's own price: that one counts references with
/// atomic operations for each value that is read (docs/performance.md).
///
///   threads  that of its connection
///   errors   what SQLite says is thrown as SQLite::Exception; see guarded()
class Statement {
public:
    Statement(sqlite3* db, std::string_view sql) : db_(db) {
        sqlite3_stmt* made = nullptr;
        check(sqlite3_prepare_v3(db, sql.data(), static_cast<int>(sql.size()),
                                 SQLITE_PREPARE_PERSISTENT, &made, nullptr));
        handle_.reset(made);
    }

    void bind(int at, std::integral auto value) {
        check(sqlite3_bind_int64(handle(), at, static_cast<sqlite3_int64>(value)));
    }
    void bind(int at, double value) { check(sqlite3_bind_double(handle(), at, value)); }
    void bind(int at, std::string_view text) {
        // a default-made view has no address, and SQLite takes that for NULL
        const char* const bytes = text.data() == nullptr ? "" : text.data();
        check(sqlite3_bind_text64(handle(), at, bytes, text.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
    }
    void bind(int at) { check(sqlite3_bind_null(handle(), at)); }
    /// The bytes must outlive the next reset.
    void bindNoCopy(int at, const void* bytes, int size) {
        check(sqlite3_bind_blob(handle(), at, bytes, size, SQLITE_STATIC));
    }

    /// Whether there is (another) row.
    bool executeStep() {
        const int done = sqlite3_step(handle());
        if (done == SQLITE_ROW) return true;
        if (done != SQLITE_DONE) throw SQLite::Exception(db_, done);
        return false;
    }
    /// Runs what returns no row; how many rows it changed.
    int exec() {
        [[maybe_unused]] const bool row = executeStep();
        assert(!row);
        return sqlite3_changes(db_);
    }
    /// Ready to run again. What the last step failed with was thrown then.
    void reset() noexcept { sqlite3_reset(handle()); }
    void clearBindings() noexcept { sqlite3_clear_bindings(handle()); }

    [[nodiscard]] Column getColumn(int index) const { return {handle(), index}; }
    [[nodiscard]] bool isColumnNull(int index) const { return getColumn(index).isNull(); }
    [[nodiscard]] int getColumnCount() const { return sqlite3_column_count(handle()); }

private:
    struct Finalize {
        void operator()(sqlite3_stmt* made) const { sqlite3_finalize(made); }
    };
    [[nodiscard]] sqlite3_stmt* handle() const { return handle_.get(); }
    void check(int result) const {
        if (result != SQLITE_OK) throw SQLite::Exception(db_, result);
    }

    sqlite3* db_;
    std::unique_ptr<sqlite3_stmt, Finalize> handle_;
};

}  // namespace hashprice::storage
