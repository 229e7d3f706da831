#pragma once
#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "domain/facts.hpp"

/// One line of a CSV file, by column; every reader names the column and the value it refuses.
///
///   shape   pure
///   errors  Errc::bad_payload for what is no such value, Errc::out_of_range for what cannot be
///   true
namespace hashprice::ingest {

enum class Column {
    height,
    time_s,
    bits,
    bits_hex,
    fee_sat,
    hash,  // blocks
    start_height,
    start_time_s,  // epochs; candles
    date,
    close_usd,
    fee_sat_sum_144,  // daily closes
    price_usd,
    span_s,  // prices
    end_time_s,
    fee_sat_sum,
    blocks,
    tip_height,
    fee_window,  // fee means
    count
};
constexpr std::size_t kColumns = static_cast<std::size_t>(Column::count);
const std::array<const char*, kColumns>& column_names();

class Fields {
public:
    /// nullptr: the file has no such column
    explicit Fields(const std::array<const char*, kColumns>& values) : values_(values) {}

    [[nodiscard]] bool empty(Column column) const { return text(column).empty(); }
    [[nodiscard]] domain::Result<std::int64_t> integer(Column column, std::int64_t low,
                                                       std::int64_t high) const;
    [[nodiscard]] domain::Result<domain::UtcSeconds> time(Column column) const;
    /// 24:00 UTC of a date
    [[nodiscard]] domain::Result<domain::UtcSeconds> close_of_day(Column column) const;
    [[nodiscard]] domain::Result<domain::MicroUsd> usd(Column column) const;
    [[nodiscard]] domain::Result<domain::Bits> bits() const;  ///< from bits_hex or bits
    [[nodiscard]] domain::Result<std::optional<domain::BlockHash>> hash() const;
    [[nodiscard]] domain::Result<domain::FeeWindow> fee_window() const;  ///< blocks_144 when empty

private:
    [[nodiscard]] std::string_view text(Column column) const;
    [[nodiscard]] tl::unexpected<domain::Error> refuse(Column column,
                                                       std::string_view wanted) const;
    const std::array<const char*, kColumns>& values_;
};

}  // namespace hashprice::ingest
