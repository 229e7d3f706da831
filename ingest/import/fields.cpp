#include "ingest/import/fields.hpp"

#include <fmt/format.h>

#include <charconv>

#include "domain/consensus.hpp"
#include "domain/printable.hpp"
#include "ingest/sources/decimal.hpp"

namespace hashprice::ingest {

using domain::Errc;
using domain::Result;
using domain::unix_s;
using domain::UtcSeconds;

namespace {

template <class Integer>
std::optional<Integer> whole_number(std::string_view text, int base) {
    Integer value{};
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value, base);
    if (text.empty() || error != std::errc{} || stop != end) return std::nullopt;
    return value;
}

constexpr UtcSeconds kEnd{domain::seconds{7'258'118'400}};  // 2200-01-01

}  // namespace

const std::array<const char*, kColumns>& column_names() {
    static constexpr std::array<const char*, kColumns> names{
        "height",       "time_s",          "bits",
        "bits_hex",     "fee_sat",         "hash",
        "start_height", "start_time_s",    "date",
        "close_usd",    "fee_sat_sum_144", "price_usd",
        "span_s",       "end_time_s",      "fee_sat_sum",
        "blocks",       "tip_height",      "fee_window"};
    return names;
}

std::string_view Fields::text(Column column) const {
    const char* value = values_.at(static_cast<std::size_t>(column));
    return value == nullptr ? std::string_view{} : std::string_view(value);
}

tl::unexpected<domain::Error> Fields::refuse(Column column, std::string_view wanted) const {
    return domain::fail(
        Errc::bad_payload,
        fmt::format("{} '{}' is not {}", column_names().at(static_cast<std::size_t>(column)),
                    domain::printable(text(column), 60), wanted));
}

Result<std::int64_t> Fields::integer(Column column, std::int64_t low, std::int64_t high) const {
    const auto value = whole_number<std::int64_t>(text(column), 10);
    if (!value || *value < low || *value > high) {
        return refuse(column, fmt::format("a whole number from {} to {}", low, high));
    }
    return *value;
}

Result<UtcSeconds> Fields::time(Column column) const {
    return integer(column, unix_s(domain::kGenesisTime), unix_s(kEnd)).map(domain::utc);
}

Result<UtcSeconds> Fields::close_of_day(Column column) const {
    const auto day = domain::parse_time(text(column), kEnd);
    if (!day || !day->bare_date) return refuse(column, "a date like 2025-11-15");
    return day->at + domain::kDay;
}

Result<domain::MicroUsd> Fields::usd(Column column) const {
    const auto micro = parse_decimal(text(column), 6);
    if (!micro || *micro <= 0 || domain::MicroUsd{*micro} > kHighestPrice) {
        return refuse(column, "a price in USD above 0, like 117573.92");
    }
    return domain::MicroUsd{*micro};
}

Result<domain::Bits> Fields::bits() const {
    const bool hex = !empty(Column::bits_hex);
    const Column column = hex ? Column::bits_hex : Column::bits;
    std::string_view digits = text(column);
    if (hex && digits.starts_with("0x")) digits.remove_prefix(2);
    const auto value = whole_number<std::uint32_t>(digits, hex ? 16 : 10);
    if (!value || !domain::difficulty_of(domain::Bits{*value}))
        return refuse(column, "a valid compact target");
    return domain::Bits{*value};
}

Result<std::optional<domain::BlockHash>> Fields::hash() const {
    if (empty(Column::hash)) return std::optional<domain::BlockHash>{};
    const auto hash = domain::parse_hash(text(Column::hash));
    if (!hash) return refuse(Column::hash, "a block hash of 64 hex digits");
    return std::optional(*hash);
}

Result<domain::FeeWindow> Fields::fee_window() const {
    if (empty(Column::fee_window)) return domain::FeeWindow::blocks_144;
    const auto window = domain::parse_fee_window(text(Column::fee_window));
    if (!window) return refuse(Column::fee_window, "blocks_144 or utc_day");
    return *window;
}

}  // namespace hashprice::ingest
