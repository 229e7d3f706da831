#include "service/cli/chart.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace hashprice::service::cli {
namespace {

using domain::DailyPoint;
using domain::Day;
using domain::Days;

const Day kStart{Days{20270}};  // 2025-07-01

std::vector<DailyPoint> ramp(int days, double first, double each) {
    std::vector<DailyPoint> closes;
    closes.reserve(static_cast<std::size_t>(days));
    for (int i = 0; i < days; ++i) closes.push_back({kStart + Days{i}, first + each * i});
    return closes;
}

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
}

/// Columns, not bytes: a block takes three bytes and one column.
int width_of(const std::string& line) {
    int width = 0;
    for (const char c : line) width += (c & '\xc0') == '\x80' ? 0 : 1;
    return width;
}

TEST(Chart, IsAsWideAsTheTerminalAtMost) {
    for (const int width : {30, 80, 100}) {
        SCOPED_TRACE(width);
        for (const std::string& line : lines_of(chart_of(ramp(300, 60, -0.1), {width, 8})))
            EXPECT_LE(width_of(line), width);
    }
}

TEST(Chart, HasItsRowsAndTheDatesBelow) {
    const auto lines = lines_of(chart_of(ramp(30, 60, -1), {80, 5}));

    ASSERT_EQ(lines.size(), 6U);
    EXPECT_NE(lines[0].find("60.00"), std::string::npos);
    EXPECT_NE(lines.back().find("2025-07-01"), std::string::npos);
    EXPECT_NE(lines.back().find("2025-07-30"), std::string::npos);
}

TEST(Chart, TheHighestColumnIsFullAndTheLowestIsNotEmpty) {
    const auto lines = lines_of(chart_of(ramp(20, 1, 1), {80, 1}));

    EXPECT_EQ(lines[0], "    20.00 │▁▁▂▂▂▃▃▄▄▄▅▅▅▆▆▇▇▇██");
}

TEST(Chart, ADayWithoutACloseStaysEmpty) {
    auto closes = ramp(20, 60, 0);
    closes.erase(closes.begin() + 10);

    EXPECT_EQ(lines_of(chart_of(closes, {80, 1}))[0], "    60.00 │██████████ █████████");
}

TEST(Chart, IsLeftOutWhereThereIsNothingToDrawOrNoRoom) {
    EXPECT_EQ(chart_of({}, {80, 8}), "");
    EXPECT_EQ(chart_of(ramp(1, 60, 0), {80, 8}), "");
    EXPECT_EQ(chart_of(ramp(30, 60, -1), {15, 8}), "");
}

}  // namespace
}  // namespace hashprice::service::cli
