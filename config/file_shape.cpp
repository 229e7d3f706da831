#include <fmt/format.h>

#include <algorithm>

#include "config/layers.hpp"

namespace hashprice::config {
namespace {

constexpr std::size_t kLargestFile = 256UL * 1024;
constexpr std::size_t kLongestLine = 4096;
constexpr std::ptrdiff_t kMostDots = 64;  // in a line: a.b.c.d opens a table per dot

std::string check_line(std::string_view line) {
    if (line.find('\0') != std::string_view::npos) return "holds a zero byte, so it is no text";
    if (line.size() > kLongestLine) {
        return fmt::format("the line is longer than {} bytes: split it", kLongestLine);
    }
    if (std::ranges::count(line, '.') > kMostDots) {
        return fmt::format("the line holds more than {} dots: split it", kMostDots);
    }
    return "";
}

}  // namespace

Problems check_shape(const std::string& path, std::string_view content) {
    const auto at = [&](int line) {
        return Origin{Origin::Layer::file, path, line, line > 0 ? 1 : 0};
    };
    if (content.size() > kLargestFile) {
        return {{at(0), fmt::format("is larger than {} KiB, which no configuration needs: is this "
                                    "the right file?",
                                    kLargestFile / 1024)}};
    }
    for (int number = 1; !content.empty(); ++number) {
        const auto end = std::min(content.find('\n'), content.size());
        if (auto complaint = check_line(content.substr(0, end)); !complaint.empty()) {
            return {{at(number), std::move(complaint)}};
        }
        content.remove_prefix(std::min(end + 1, content.size()));
    }
    return {};
}

Draft* find_or_append(Drafts& drafts, const Section& section, const std::string& name,
                      const Origin& origin, Problems& problems) {
    constexpr std::size_t kMostTables = 50;  // sources share a set of 62 bits with built-in ones
    if (Draft* known = drafts.find(section, name)) return known;
    if (drafts.of(section.name).size() < kMostTables) {
        return &drafts.append(section, name, origin);
    }
    problems.push_back({origin, fmt::format("{}: there may be {} at most, with the built-in ones",
                                            section.heading(), kMostTables)});
    return nullptr;
}

}  // namespace hashprice::config
