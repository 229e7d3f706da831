#include "domain/time.hpp"

#include <gtest/gtest.h>

namespace hashprice::domain {
namespace {

constexpr UtcSeconds kNow = utc(1'763'251'200);  // 2025-11-16T00:00:00Z

TEST(ParseTime, ReadsEveryFormThatIsPromised) {
    struct Case {
        const char* text;
        std::int64_t unix_s;
    };
    for (const Case& c :
         {Case{"2025-11-15", 1'763'164'800}, Case{"2025-11-15T06:00:00Z", 1'763'186'400},
          Case{"2025-11-15T08:00:00+02:00", 1'763'186'400},
          Case{"2025-11-15 06:00:00.999Z", 1'763'186'400}, Case{"1763186400", 1'763'186'400},
          Case{"2025-11-15t06:00:00.5z", 1'763'186'400}, Case{"7258118399", 7'258'118'399},
          Case{"0", 0}, Case{"now", 1'763'251'200}, Case{"-30d", 1'760'659'200},
          Case{"now-6h", 1'763'229'600}, Case{"now+1w", 1'763'856'000},
          Case{"2024-02-29", 1'709'164'800}}) {
        SCOPED_TRACE(c.text);
        const auto t = parse_time(c.text, kNow);
        ASSERT_TRUE(t) << t.error().what;
        EXPECT_EQ(unix_s(t->at), c.unix_s);
    }
}

TEST(ParseTime, RefusesWhatItWouldHaveToGuess) {
    for (const char* text : {"",
                             "yesterday",
                             "2025-13-01",
                             "2025-02-29",
                             "20251115",
                             "1763186400000",
                             "2025-11-15T06:00:00",
                             "2025-11-15T25:00:00Z",
                             "2025-11-15T06:00:00.Z",
                             "-30",
                             "-30y",
                             "now*3d",
                             "--3d",
                             "2025-11-15x",
                             "1e9",
                             "-99999999999d",
                             "now-9999999w",
                             "2025-11-15T06:00:00+0200",
                             " 2025-11-15",
                             "2025-11-15x06:00:00Z",
                             "2025-11-15T06:00:00.x5Z",
                             "2025-11-15T06:00:00.-5Z",
                             "7258118400"}) {
        SCOPED_TRACE(text);
        const auto t = parse_time(text, kNow);
        ASSERT_FALSE(t) << unix_s(t->at);
        EXPECT_EQ(t.error().code, Errc::usage);
    }
}

TEST(ParseTime, ABareDateIsMidnightInARangeAndTheCloseAsAnInstant) {
    EXPECT_EQ(unix_s(*parse_range_end("2025-11-15", kNow)), 1'763'164'800);
    EXPECT_EQ(unix_s(*parse_instant("2025-11-15", kNow)), 1'763'251'200);
    EXPECT_EQ(*parse_instant("2025-11-15T00:00:00Z", kNow), *parse_range_end("2025-11-15", kNow));
}

TEST(Duration, IsReadAndWritten) {
    EXPECT_EQ(*parse_duration("90s"), seconds{90});
    EXPECT_EQ(*parse_duration("400d"), 400 * kDay);
    EXPECT_EQ(*parse_duration("0"), seconds{0});
    for (const char* text : {"", "5", "-5m", "5 m", "1.5h", "m", "999999999999999999999d"}) {
        EXPECT_FALSE(parse_duration(text)) << text;
    }
    for (const char* text : {"90s", "5m", "1h", "400d", "0"}) {
        EXPECT_EQ(format_duration(*parse_duration(text)), text);
    }
    EXPECT_EQ(format_age(3 * kDay + 4 * kHour + kMinute), "3 d 4 h");
}

TEST(Bars, HoldTheirEndButNotTheirStart) {
    const UtcSeconds midnight = *parse_range_end("2025-03-01", kNow);
    for (const Step step : {Step::hour, Step::six_hours, Step::day, Step::month}) {
        SCOPED_TRACE(step_name(step));
        EXPECT_EQ(next_bar(step, bar_start(step, midnight)), midnight);
        EXPECT_EQ(bar_start(step, midnight + seconds{1}), midnight);
    }
    EXPECT_EQ(format_date(bar_start(Step::month, midnight)), "2025-02-01");
    EXPECT_EQ(format_date(bar_start(Step::day, *parse_range_end("2024-03-01", kNow))),
              "2024-02-29");
}

TEST(Bars, WeeksStartOnMonday) {
    const UtcSeconds sunday_close = *parse_instant("2025-11-16", kNow);  // a Sunday
    EXPECT_EQ(format_date(bar_start(Step::week, sunday_close)), "2025-11-10");
    EXPECT_EQ(format_date(bar_start(Step::week, sunday_close + seconds{1})), "2025-11-17");
    EXPECT_EQ(format_date(next_bar(Step::week, bar_start(Step::week, sunday_close))), "2025-11-17");
}

/// Found by the fuzz target `time`.
TEST(Bars, TheInstantThatUnixTimeBeginsWithLiesInTheBarBefore) {
    for (const Step step : {Step::hour, Step::six_hours, Step::day}) {
        EXPECT_EQ(bar_start(step, utc(0)), utc(0) - step_length(step));
        EXPECT_EQ(bar_start(step, utc(1)), utc(0));
    }
}

/// Found by the fuzz targets `time`, `range` and `decode_luxor`: undefined behaviour in
/// date::parse.
TEST(Times, WhatOnlyResemblesATimeIsRefusedBeforeItIsParsed) {
    for (const char* text :
         {"2024-11-12T1S:15:00Z", "2025-11-15T01:30:00.65-!2-30", "2025-11-15T01:30:00--2:30",
          "2025-11-15T01:30:00+02-30", "2025-11-15T 1:30:00Z", "2025-11-15T01:+1:00Z",
          "2025-11-15T01:30:00+1 :00", "2025-11-15T01:30:00.Z", "2025-11-15T01:30:00",
          "2025-11-15T01:30:00.5", "+2025-1-15T06:00:00Z", "2025-11-15T06:00:.0+02:00",
          "2025-11-15T06:00:0.+02:00"}) {
        SCOPED_TRACE(text);
        const auto time = parse_time(text, kNow);
        ASSERT_FALSE(time);
        EXPECT_EQ(time.error().code, Errc::usage);
    }
    EXPECT_EQ(unix_s(*parse_range_end("2025-11-15T01:30:00.25-02:30", kNow)), 1'763'179'200);
}

/// Found by the fuzz target `time`: bytes that are no text were repeated in full, however many.
TEST(Times, ARefusalRepeatsSixtyBytesAtMostWhateverTheyAre) {
    const std::string bytes(2'000, '\x83');
    const auto told = parse_time(bytes, kNow).error().what;
    EXPECT_EQ(told.find("'\\x83\\x83"), 0U) << told;
    EXPECT_LT(told.size(), 400U);
    const auto cut_after = [](std::size_t n) { return "'" + std::string(n, 'x') + "...'"; };
    const std::string word(61, 'x');
    EXPECT_EQ(parse_time(word, kNow).error().what.find(cut_after(60)), 0U);
    EXPECT_EQ(parse_duration(word).error().what.find(cut_after(60)), 0U);
    EXPECT_EQ(parse_step(word.substr(0, 41)).error().what.find(cut_after(40)), 0U);
    // a time, but none of these two centuries: 20 characters before the fraction's forty fours
    const std::string late = "2200-01-01T00:00:00.";
    EXPECT_EQ(parse_time(late + std::string(41, '4') + "Z", kNow).error().what,
              "time '" + late + std::string(40, '4') + "...' is outside the years 1970 to 2199");
    // what is text and short stands there as it is, and nothing is said of a rest
    EXPECT_EQ(parse_duration("5 m").error().what.find("'5 m' is no duration"), 0U);
}

}  // namespace
}  // namespace hashprice::domain
