#include "domain/facts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "domain/printable.hpp"

namespace hashprice::domain {

Result<BlockHash> parse_hash(std::string_view hex) {
    BlockHash hash;
    constexpr std::size_t kDigits = 2 * sizeof hash.bytes;
    if (hex.size() == kDigits) {
        // without a branch per digit, in a form that compilers turn into vector instructions
        std::array<std::uint8_t, kDigits> digits{};
        unsigned wrong = 0;
        for (std::size_t i = 0; i < kDigits; ++i) {
            const auto c = static_cast<std::uint8_t>(hex[i]);
            const auto decimal = static_cast<std::uint8_t>(c - '0');
            const auto letter = static_cast<std::uint8_t>((c | 0x20U) - 'a');
            wrong |= static_cast<unsigned>(decimal > 9) & static_cast<unsigned>(letter > 5);
            // of the two readings the wrong one is always the greater
            digits[i] = std::min(decimal, static_cast<std::uint8_t>(letter + 10));
        }
        for (std::size_t i = 0; i < hash.bytes.size(); ++i) {
            hash.bytes[i] = static_cast<std::uint8_t>(digits[2 * i] << 4U | digits[2 * i + 1]);
        }
        if (wrong == 0) return hash;
    }
    return fail(Errc::bad_payload,
                fmt::format("'{}' is no block hash of 64 hex digits", printable(hex, 80)));
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
    return fail(Errc::bad_payload, fmt::format("fee window '{}' is neither blocks_144 nor utc_day",
                                               printable(name, 40)));
}

}  // namespace hashprice::domain
