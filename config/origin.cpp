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

}  // namespace hashprice::config
