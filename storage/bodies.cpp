#include "storage/bodies.hpp"

#include <fmt/format.h>

namespace hashprice::storage {
using domain::unix_s;

std::string body_of(const domain::Block& b) {
    return fmt::format(R"({{"height":{},"time_s":{},"bits":{},"fee_sat":{},"hash":{}}})", b.height,
                       unix_s(b.time), b.bits.value,
                       b.fees ? fmt::to_string(b.fees->value) : "null",
                       b.hash ? fmt::format("\"{}\"", format_hash(*b.hash)) : "null");
}

std::string body_of(const domain::Price& p) {
    return fmt::format(R"({{"time_s":{},"span_s":{},"price_micro_usd":{}}})", unix_s(p.time),
                       p.span.count(), p.price.value);
}

std::string body_of(const domain::FeeMean& f) {
    return fmt::format(
        R"({{"end_s":{},"fee_window":"{}","fee_sat_sum":{},"blocks":{},"tip_height":{}}})",
        unix_s(f.end), fee_window_name(f.window), f.fee_sum.value, f.blocks, f.tip_height);
}

std::string body_of(const domain::Epoch& e) {
    return fmt::format(R"({{"start_height":{},"start_time_s":{},"bits":{}}})", e.start_height,
                       unix_s(e.start_time), e.bits.value);
}

}  // namespace hashprice::storage
