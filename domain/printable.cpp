#include "domain/printable.hpp"

#include <fmt/format.h>

namespace hashprice::domain {

std::string printable(std::string_view text, std::size_t longest) {
    std::string safe;
    for (const char c : text.substr(0, longest)) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte >= 0x7f) {
            safe += fmt::format("\\x{:02x}", byte);
        } else {
            safe += c;
        }
    }
    if (text.size() > longest) safe += "...";
    return safe;
}

}  // namespace hashprice::domain
