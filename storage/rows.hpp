#pragma once
// Private to storage/: rows of statements into values.
#include <optional>
#include <vector>

#include "storage/connection.hpp"
#include "storage/facts.hpp"

namespace hashprice::storage {

inline UtcSeconds time_at(Statement& row, int column) {
    return domain::utc(row.getColumn(column).getInt64());
}
inline domain::Bits bits_at(Statement& row, int column) {
    return domain::Bits{static_cast<std::uint32_t>(row.getColumn(column).getInt64())};
}
/// height, time_s, bits, fee_sat, hash, source_id, fetched_at_s
Sourced<domain::Block> block_of(Statement& row);
/// time_s, span_s, price_micro_usd, source_id, fetched_at_s
Sourced<domain::Price> price_of(Statement& row);
/// end_s, fee_window, fee_sat_sum, blocks, tip_height, source_id, fetched_at_s
Sourced<domain::FeeMean> fee_mean_of(Statement& row);
/// start_height, start_time_s, bits, source_id, fetched_at_s
Sourced<domain::Epoch> epoch_of(Statement& row);

/// Every row of a bound statement; about how many there are, where that is known.
template <class Make>
auto all_rows(Statement& statement, Make make, std::size_t about = 0) {
    std::vector<decltype(make(statement))> rows;
    rows.reserve(about);
    while (statement.executeStep()) rows.push_back(make(statement));
    statement.reset();
    return rows;
}

/// The first row of a bound statement, if there is one.
template <class Make>
auto first_row(Statement& statement, Make make) {
    std::optional<decltype(make(statement))> row;
    if (statement.executeStep()) row = make(statement);
    statement.reset();
    return row;
}

/// The first and the last instant that a statement gives in one row, MIN and MAX; none where it
/// looked at nothing.
inline std::optional<domain::Range> first_and_last(Statement& bound) {
    std::optional<domain::Range> span;
    if (bound.executeStep() && !bound.isColumnNull(0))
        span = domain::Range{time_at(bound, 0), time_at(bound, 1)};
    bound.reset();
    return span;
}

}  // namespace hashprice::storage
