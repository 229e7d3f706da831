#include "config/origin.hpp"

#include <fmt/format.h>

namespace hashprice::config {

std::string Origin::brief() const {
    if (layer == Layer::built_in) return "built-in default";
    return layer == Layer::file && line > 0 ? fmt::format("{}:{}", printable(where, 4096), line)
                                            : printable(where, 4096);
}

std::string Origin::exact() const {
    return layer == Layer::file && line > 0 ? fmt::format("{}:{}", brief(), column) : brief();
}

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

}  // namespace hashprice::config
