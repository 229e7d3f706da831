#include "config/origin.hpp"

#include <fmt/format.h>

namespace hashprice::config {

namespace {

constexpr std::size_t kLongestPath = 4096;
constexpr std::size_t kLongestName = 120;  // of a variable or an option that is one

}  // namespace

std::string Origin::brief() const {
    if (layer == Layer::built_in) return "built-in default";
    if (layer != Layer::file) return printable(where, kLongestName);
    const std::string path = printable(where, kLongestPath);
    return line > 0 ? fmt::format("{}:{}", path, line) : path;
}

std::string Origin::exact() const {
    return layer == Layer::file && line > 0 ? fmt::format("{}:{}", brief(), column) : brief();
}

}  // namespace hashprice::config
