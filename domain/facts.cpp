#include "domain/facts.hpp"

#include <fmt/format.h>

#include <charconv>

namespace hashprice::domain {

Result<BlockHash> parse_hash(std::string_view hex) {
    BlockHash hash;
    if (hex.size() == 2 * hash.bytes.size()) {
        const char* at = hex.data();
        bool good = true;
        for (std::uint8_t& byte : hash.bytes) {
            const auto [end, error] = std::from_chars(at, at + 2, byte, 16);
            good = good && error == std::errc{} && end == at + 2;
            at += 2;
        }
        if (good) return hash;
    }
    return fail(Errc::bad_payload, fmt::format("'{:.80}' is no block hash of 64 hex digits", hex));
}

std::string format_hash(const BlockHash& hash) {
    return fmt::format("{:02x}", fmt::join(hash.bytes, ""));
}

std::string_view fee_window_name(FeeWindow window) {
    return window == FeeWindow::blocks_144 ? "blocks_144" : "utc_day";
}

Result<FeeWindow> parse_fee_window(std::string_view name) {
    for (const FeeWindow window : {FeeWindow::blocks_144, FeeWindow::utc_day}) {
        if (name == fee_window_name(window)) return window;
    }
    return fail(Errc::bad_payload,
                fmt::format("fee window '{:.40}' is neither blocks_144 nor utc_day", name));
}

}  // namespace hashprice::domain
