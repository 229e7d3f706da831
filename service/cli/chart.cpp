#include "service/cli/chart.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

namespace hashprice::service::cli {
namespace {

using domain::DailyPoint;

constexpr std::array<const char*, 9> kEighths{" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
constexpr int kAxis = 11;  ///< columns left of the bars: a value and its line
constexpr int kLeastColumns = 10;
constexpr int kMostColumns = 120;

/// The mean of each column's days; none: no close in them.
std::vector<std::optional<double>> columns_of(const std::vector<DailyPoint>& closes, int most) {
    const auto days = (closes.back().day - closes.front().day).count() + 1;
    const auto count = std::min<std::int64_t>(most, days);
    std::vector<double> sums(static_cast<std::size_t>(count));
    std::vector<int> seen(static_cast<std::size_t>(count));
    for (const DailyPoint& p : closes) {
        const auto column =
            static_cast<std::size_t>((p.day - closes.front().day).count() * count / days);
        sums[column] += p.value;
        ++seen[column];
    }
    std::vector<std::optional<double>> columns(sums.size());
    for (std::size_t i = 0; i < columns.size(); ++i) {
        if (seen[i] > 0) columns[i] = sums[i] / seen[i];
    }
    return columns;
}

struct Scale {
    double low{};
    double high{};
    int rows{};

    [[nodiscard]] int eighths(double value) const {
        const double share = high > low ? (value - low) / (high - low) : 1;
        return 1 + static_cast<int>(std::lround(share * (8 * rows - 1)));
    }
    [[nodiscard]] double at(int row) const {  // value at the upper edge of a row, 0 the lowest
        return low + (high - low) * (row + 1) / rows;
    }
};

std::string label(double value) {
    return value < 1000 ? fmt::format("{:>9.2f}", value) : fmt::format("{:>9.4g}", value);
}

std::string line_of(const std::vector<std::optional<double>>& columns, const Scale& scale,
                    int row) {
    std::string line = label(scale.at(row)) + " │";
    for (const auto& value : columns) {
        const int filled = value ? std::clamp(scale.eighths(*value) - 8 * row, 0, 8) : 0;
        line += kEighths.at(static_cast<std::size_t>(filled));
    }
    line.erase(line.find_last_not_of(' ') + 1);
    return line + "\n";
}

}  // namespace

std::string chart_of(const std::vector<DailyPoint>& closes, const ChartSize& size) {
    const int room = std::min(size.width - kAxis, kMostColumns);
    if (closes.size() < 2 || room < kLeastColumns || size.rows < 1) return {};
    const auto columns = columns_of(closes, room);
    const auto [low, high] = std::ranges::minmax(closes, {}, &DailyPoint::value);
    const Scale scale{low.value, high.value, size.rows};
    std::string text;
    for (int row = size.rows - 1; row >= 0; --row) text += line_of(columns, scale, row);
    const std::string first = domain::format_date(closes.front().day);
    const std::string last = domain::format_date(closes.back().day);
    const int gap = static_cast<int>(columns.size()) - static_cast<int>(first.size());
    text += std::string(kAxis, ' ') + first;
    if (gap > static_cast<int>(last.size())) text += fmt::format("{:>{}}", last, gap);
    return text + "\n";
}

}  // namespace hashprice::service::cli
