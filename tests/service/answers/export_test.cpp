#include "service/answers/export.hpp"

#include <gmock/gmock.h>

#include <regex>
#include <sstream>

#include "ingest/collector.hpp"

namespace hashprice::service::answers {
namespace {

using domain::UtcSeconds;
using testing::EndsWith;
using testing::HasSubstr;
using testing::SizeIs;
using testing::StartsWith;

UtcSeconds time(std::string_view text) { return *domain::parse_range_end(text, UtcSeconds{}); }

/// A database that holds the starter history.
class Export : public testing::Test {
protected:
    void SetUp() override {
        auto opened = storage::Database::in_memory();
        ASSERT_TRUE(opened);
        db_.emplace(std::move(*opened));
        const auto options = ingest::derive_options(*db_, {});
        ASSERT_TRUE(options);
        ingest::Collector collector(*db_, *options);
        ASSERT_TRUE(ingest::import_starter(*db_, collector, time("2026-01-01")));
    }

    std::string text(ExportFormat format, std::string_view from, std::string_view to) {
        std::string all;
        const auto done = export_observations(*db_, {time(from), time(to)}, format,
                                              [&](std::string_view piece) -> domain::Status {
                                                  all += piece;
                                                  return {};
                                              });
        EXPECT_TRUE(done);
        return all;
    }

    std::optional<storage::Database> db_;
};

std::vector<std::string> lines_of(const std::string& text) {
    std::istringstream in(text);
    std::vector<std::string> lines;
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
}

TEST_F(Export, CsvHoldsTheObservationsOfTheRangeAndNotItsEnd) {
    const auto lines = lines_of(text(ExportFormat::csv, "2025-11-21", "2025-11-23"));

    // as of 24:00 of 11-20 and 11-21; that of 11-22 belongs to the next range
    ASSERT_THAT(lines, SizeIs(3));
    EXPECT_THAT(lines[0], StartsWith("time,time_s,span_s,usd_per_ph_day,"));
    EXPECT_THAT(lines[1], StartsWith("2025-11-21T00:00:00Z,1763683200,86400,"));
    EXPECT_THAT(lines[2], StartsWith("2025-11-22T00:00:00Z,1763769600,86400,"));
}

TEST_F(Export, TheFiguresAreThoseOfTheDay) {
    const auto lines = lines_of(text(ExportFormat::csv, "2025-11-23", "2025-11-24"));
    ASSERT_THAT(lines, SizeIs(2));
    std::smatch found;
    ASSERT_TRUE(std::regex_search(lines[1], found, std::regex("86400,([0-9.]+),")));

    // the close of 2025-11-22: D 152271405447597.38, fees 2048764.9931 sat, 84696.98 USD a BTC
    // (blocks up to 924778; the day's close), by METHOD 1: 35.195311
    EXPECT_NEAR(std::stod(found[1]), 35.195311, 5e-7);
}

TEST_F(Export, EveryFormatHoldsTheSameInstants) {
    const auto csv = lines_of(text(ExportFormat::csv, "2025-07-01", "2025-12-01"));
    const auto jsonl = lines_of(text(ExportFormat::jsonl, "2025-07-01", "2025-12-01"));
    const auto influx = lines_of(text(ExportFormat::influx, "2025-07-01", "2025-12-01"));

    // 153 days from 06-30 24:00 to 11-29 24:00, less the five whose fees are not known (August
    // 6-10)
    ASSERT_THAT(csv, SizeIs(1 + 153 - 5));
    ASSERT_THAT(jsonl, SizeIs(csv.size() - 1));
    ASSERT_THAT(influx, SizeIs(csv.size() - 1));
    for (std::size_t i = 0; i < jsonl.size(); ++i) {
        const std::string time_s = csv[i + 1].substr(21, 10);
        EXPECT_THAT(jsonl[i], HasSubstr("\"time_s\":" + time_s + ","));
        EXPECT_THAT(influx[i], EndsWith(" " + time_s + "000000000"));
    }
}

TEST_F(Export, OpenMetricsKeepsAFamilyTogetherAndEndsAsItMust) {
    const auto lines = lines_of(text(ExportFormat::openmetrics, "2025-11-01", "2025-11-08"));

    std::vector<std::string> families;
    for (const std::string& line : lines) {
        if (line.starts_with("# TYPE ")) families.push_back(line.substr(7));
        if (line.starts_with("#")) continue;
        EXPECT_THAT(line, StartsWith(families.back().substr(0, families.back().find(' '))));
    }
    EXPECT_THAT(families, SizeIs(6));
    EXPECT_EQ(lines.size(), 6U * (2 + 7) + 1);
    EXPECT_EQ(lines.back(), "# EOF");
}

TEST_F(Export, AnEmptyRangeIsAnEmptyFileOfItsKind) {
    EXPECT_THAT(lines_of(text(ExportFormat::csv, "2030-01-01", "2031-01-01")), SizeIs(1));
    EXPECT_EQ(text(ExportFormat::jsonl, "2030-01-01", "2031-01-01"), "");
    EXPECT_EQ(text(ExportFormat::influx, "2030-01-01", "2031-01-01"), "");
    EXPECT_EQ(lines_of(text(ExportFormat::openmetrics, "2030-01-01", "2031-01-01")).back(),
              "# EOF");
}

TEST_F(Export, WhenTheReaderHasGoneItEnds) {
    int pieces = 0;
    const auto done =
        export_observations(*db_, {time("2025-01-01"), time("2025-12-01")}, ExportFormat::csv,
                            [&](std::string_view) -> domain::Status {
                                ++pieces;
                                return domain::fail(domain::Errc::network, "the pipe is closed");
                            });

    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().what, "the pipe is closed");
    EXPECT_EQ(pieces, 1);
}

TEST(ExportFormats, AnUnknownNameIsRefusedWithThoseThereAre) {
    const auto format = parse_export_format("xml");

    ASSERT_FALSE(format);
    EXPECT_EQ(format.error().what, "'xml' is no format: csv, jsonl, openmetrics or influx");
}

}  // namespace
}  // namespace hashprice::service::answers
