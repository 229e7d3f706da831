#pragma once
#include <fmt/format.h>

#include <string>
#include <vector>

#include "ingest/sources/source.hpp"

/// Facts as text, so that tests can compare and print them.
namespace hashprice::ingest {

inline std::string text(std::int64_t height) { return fmt::format("{}", height); }
inline std::string text(const domain::BlockHash& hash) { return domain::format_hash(hash); }
inline std::string text(const domain::Price& p) {
    return fmt::format("{} {} {}", domain::unix_s(p.time), p.span.count(), p.price.value);
}
inline std::string text(const domain::Block& b) {
    return fmt::format("{} {} {} {} {:x} {}", b.height, b.hash ? text(*b.hash) : "-",
                       b.parent ? text(*b.parent) : "-", domain::unix_s(b.time), b.bits.value,
                       b.fees ? b.fees->value : -1);
}
inline std::string text(const domain::Epoch& e) {
    return fmt::format("{} {} {:x}", e.start_height, domain::unix_s(e.start_time), e.bits.value);
}
inline std::string text(const BlockFees& f) {
    return fmt::format("{} {} {} {}", f.height, domain::unix_s(f.time), f.fees.value, f.exact);
}
inline std::string text(const DayFees& f) {
    return fmt::format("{} {} {} {}", domain::unix_s(f.end), f.mean ? f.mean->value : -1,
                       f.total ? f.total->value : -1, f.mean_height.value_or(-1));
}
inline std::string text(const PublishedHashprice& p) {
    return fmt::format("{} {}", domain::unix_s(p.time), p.usd_per_ph_day);
}
template <class T>
std::string text(const std::vector<T>& all) {
    std::string out;
    for (const T& one : all) out += text(one) + "\n";
    return out;
}

}  // namespace hashprice::ingest
