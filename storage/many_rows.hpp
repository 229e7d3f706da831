#pragma once
// Private to storage/: many rows of one table by one statement.
#include <span>
#include <string>
#include <string_view>

#include "storage/connection.hpp"

namespace hashprice::storage {

/// An INSERT for one row and the same for kTogether: SQLite then opens the table, finds its place
/// and checks the schema once for all of them.
///
///   lives  as long as any connection it is used with: make it static
class ManyRows {
public:
    static constexpr std::size_t kTogether = 16;

    /// `head` ends with VALUES.
    ManyRows(std::string_view head, int columns)
        : columns_(columns), one_(made(head, columns, 1)), many_(made(head, columns, kTogether)) {}

    /// `bind(statement, at, row)` binds the columns of a row to the placeholders from `at` on.
    template <class Row, class Bind>
    void write(Connection& c, std::span<const Row* const> rows, const Bind& bind) const {
        while (!rows.empty()) {
            const std::size_t count = rows.size() < kTogether ? 1 : kTogether;
            Statement& statement = c.prepared(count == 1 ? one_ : many_);
            int at = 1;
            for (const Row* row : rows.first(count)) {
                bind(statement, at, *row);
                at += columns_;
            }
            statement.exec();
            statement.reset();
            rows = rows.subspan(count);
        }
    }

private:
    static std::string made(std::string_view head, int columns, std::size_t rows) {
        std::string row = "(";
        for (int i = 0; i < columns; ++i) row += i == 0 ? "?" : ", ?";
        row += ")";
        std::string sql(head);
        for (std::size_t i = 0; i < rows; ++i) sql += (i == 0 ? " " : ", ") + row;
        return sql;
    }

    int columns_;
    std::string one_;
    std::string many_;
};

}  // namespace hashprice::storage
