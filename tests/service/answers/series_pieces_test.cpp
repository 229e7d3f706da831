// An answer put together from kept stretches is the answer that is written in one go.
#include "service/answers/series_pieces.hpp"

#include <gtest/gtest.h>

#include <random>

namespace hashprice::service::answers {
namespace {

using domain::Range;
using domain::utc;

constexpr std::size_t kRoom = std::size_t{64} << 20U;
const UtcSeconds kFirst = utc(1751328000);  // 2025-07-01T00:00:00Z

/// A point that tells which bar it is of; every seventh is empty.
Point point_at(UtcSeconds t) {
    const auto value = static_cast<double>(domain::unix_s(t)) / 3e7;
    if (domain::unix_s(t) / 3600 % 7 == 0) return {t, std::nullopt, 0};
    return {t, domain::Ohlc{value, value + 1.5, value - 1.25, value + 1e-9, value / 3}, 0.75};
}

std::vector<Point> points_of(Step step, const Range& range) {
    std::vector<Point> points;
    UtcSeconds at = first_bar(step, range.from);
    if (at < range.from) at = next_bar(step, at);
    for (; at < range.to; at = next_bar(step, at)) points.push_back(point_at(at));
    return points;
}

struct Asked {
    SeriesFormat format = SeriesFormat::json;
    SeriesQuery query;
    Step step = Step::day;
    std::vector<std::string> fields;
};

std::string in_one_go(const Asked& asked) {
    SeriesWriter writer(asked.format, asked.query, asked.step, asked.fields);
    const Range range{first_bar(asked.step, asked.query.range.from), asked.query.range.to};
    std::string text = writer.begin();
    text += writer.points(points_of(asked.step, range));
    return text + writer.end();
}

/// As the route does it.
std::string of_pieces(SeriesPieces& pieces, const Asked& asked, int* reads = nullptr,
                      std::uint64_t version = 1) {
    SeriesWriter writer(asked.format, asked.query, asked.step, asked.fields);
    std::string text = writer.begin();
    const Range& wanted = asked.query.range;
    for (UtcSeconds at = first_bar(asked.step, wanted.from); at < wanted.to;) {
        const auto piece = pieces.find(writer, asked.step, at, version,
                                       [&](const Range& range) -> Result<std::vector<Point>> {
                                           if (reads != nullptr) ++*reads;
                                           return points_of(asked.step, range);
                                       });
        const UtcSeconds end = SeriesPieces::stretch(asked.step, at).to;
        writer.add(**piece, {at, std::min(end, wanted.to)}, text);
        at = end;
    }
    return text + writer.end();
}

SeriesQuery days(int from, int to) {
    SeriesQuery query;
    query.range = {kFirst + domain::kDay * from, kFirst + domain::kDay * to};
    return query;
}

TEST(SeriesPieces, AnyRangeInAnyFormReadsAsIfWrittenInOneGo) {
    SeriesPieces pieces(kRoom);
    std::mt19937 chance(7);
    const auto any = [&](std::int64_t below) {
        return static_cast<std::int64_t>(chance() % static_cast<std::uint64_t>(below));
    };
    const std::array steps{Step::hour, Step::six_hours, Step::day, Step::week, Step::month};
    const std::array formats{SeriesFormat::json, SeriesFormat::rows, SeriesFormat::columns,
                             SeriesFormat::csv};
    const std::array<std::vector<std::string>, 3> fields{
        std::vector<std::string>{}, {"mean"}, {"close", "coverage"}};
    constexpr seconds kYear = 365 * domain::kDay;
    for (int n = 0; n < 400; ++n) {
        const Step step = steps.at(static_cast<std::size_t>(any(5)));
        const SeriesFormat format = formats.at(static_cast<std::size_t>(any(4)));
        const auto& chosen = fields.at(static_cast<std::size_t>(any(3)));
        SeriesQuery query;
        query.range.from = kFirst + seconds{any(3 * kYear.count())} - kYear;
        query.range.to =
            query.range.from + seconds{1 + any(domain::step_length(step).count() * 700)};
        ASSERT_EQ(of_pieces(pieces, {format, query, step, chosen}),
                  in_one_go({format, query, step, chosen}))
            << step_name(step) << " from " << domain::format_time(query.range.from) << " to "
            << domain::format_time(query.range.to);
    }
}

TEST(SeriesPieces, ARangeThatOverlapsAnEarlierOneIsNotReadAgain) {
    SeriesPieces pieces(kRoom);
    int reads = 0;
    of_pieces(pieces, {.query = days(0, 1000)}, &reads);
    const int first = reads;
    EXPECT_GE(first, 4);  // stretches of 256 bars
    of_pieces(pieces, {.query = days(17, 980)}, &reads);
    EXPECT_EQ(reads, first);
}

TEST(SeriesPieces, ChangedDataAreReadAgain) {
    SeriesPieces pieces(kRoom);
    int reads = 0;
    of_pieces(pieces, {.query = days(0, 10)}, &reads, 1);
    const int first = reads;
    of_pieces(pieces, {.query = days(0, 10)}, &reads, 2);
    EXPECT_EQ(reads, 2 * first);
}

TEST(SeriesPieces, OfDataWhoseVersionIsUnknownNothingIsKept) {
    SeriesPieces pieces(kRoom);
    int reads = 0;
    of_pieces(pieces, {.query = days(0, 10)}, &reads, 0);
    const int first = reads;
    of_pieces(pieces, {.query = days(0, 10)}, &reads, 0);
    EXPECT_EQ(reads, 2 * first);
}

TEST(SeriesPieces, AnotherMoneyRateFormOrFieldIsAnotherText) {
    SeriesPieces pieces(kRoom);
    int reads = 0;
    SeriesQuery query = days(0, 1);
    const auto ask = [&](SeriesFormat format, const std::vector<std::string>& fields) {
        of_pieces(pieces, {format, query, Step::day, fields}, &reads);
    };
    ask(SeriesFormat::json, {});
    ask(SeriesFormat::csv, {});
    ask(SeriesFormat::json, {"mean"});
    query.denomination = Denomination::btc;
    ask(SeriesFormat::json, {});
    query.per = Per::th;
    ask(SeriesFormat::json, {});
    EXPECT_EQ(reads, 5);
}

TEST(SeriesPieces, WhereTheRoomIsTooSmallAnswersAreStillRight) {
    SeriesPieces pieces(50'000);  // a stretch of days takes some 50 KB
    for (int n = 0; n < 3; ++n) {
        EXPECT_EQ(of_pieces(pieces, {.query = days(0, 1500)}), in_one_go({.query = days(0, 1500)}));
    }
}

TEST(SeriesPieces, WhatCannotBeReadIsAnErrorAndIsNotKept) {
    SeriesPieces pieces(kRoom);
    const SeriesWriter writer(SeriesFormat::json, days(0, 10), Step::day);
    const auto failed = pieces.find(writer, Step::day, kFirst, 1, [](const Range&) {
        return Result<std::vector<Point>>(domain::fail(domain::Errc::database, "the disk is gone"));
    });
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().what, "the disk is gone");
    int reads = 0;
    of_pieces(pieces, {.query = days(0, 1)}, &reads);
    EXPECT_EQ(reads, 1);
}

}  // namespace
}  // namespace hashprice::service::answers
