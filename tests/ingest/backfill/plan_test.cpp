#include "ingest/backfill/plan.hpp"

#include <gtest/gtest.h>

#include <ostream>

#include "ingest/backfill/backfill.hpp"
#include "ingest/backfill/price_part.hpp"

namespace hashprice::domain {
std::ostream& operator<<(std::ostream& out, const Range& r) {
    return out << '(' << format_time(r.from) << ", " << format_time(r.to) << ')';
}
}  // namespace hashprice::domain

namespace hashprice::ingest {
namespace {

using domain::kDay;
using domain::kHour;
using domain::utc;
using Ranges = std::vector<Range>;

constexpr UtcSeconds kNoon = utc(1'764'590'400);  // 2025-12-01T12:00:00Z

UtcSeconds at(int hours) { return kNoon + hours * kHour; }

TEST(Chunks, FourHundredDaysAreAHundredAndThirtyFourFeeWindows) {
    const auto chunks = chunks_of({kNoon - 400 * kDay, kNoon});

    std::size_t windows = 0;
    for (const Chunk& chunk : chunks) windows += fee_windows(Ranges{chunk.blocks}, 3 * kDay).size();

    // ceil(401.5 days / 3 days): the 400, and what the first fee windows need before them
    EXPECT_EQ(windows, 134U);
    EXPECT_EQ(chunks.front().instants.to, kNoon);
    EXPECT_EQ(chunks.back().blocks.from, kNoon - 401 * kDay - 12 * kHour);
}

TEST(Chunks, AreNewestFirstAndLeaveNothingOut) {
    for (const int days : {1, 29, 30, 31, 59, 60, 61, 365}) {
        SCOPED_TRACE(days);
        const auto chunks = chunks_of({kNoon - days * kDay, kNoon});

        UtcSeconds instants = kNoon;
        UtcSeconds blocks = kNoon;
        for (const Chunk& chunk : chunks) {
            EXPECT_EQ(chunk.instants.to, instants);
            EXPECT_EQ(chunk.blocks.to, blocks);
            EXPECT_LE(chunk.blocks.to - chunk.blocks.from, kChunk);
            EXPECT_EQ(chunk.blocks.from, chunk.instants.from - kPrelude) << "for its fee windows";
            EXPECT_EQ(chunk.oldest, &chunk == &chunks.back());
            instants = chunk.instants.from;
            blocks = chunk.blocks.from;
        }
        EXPECT_EQ(instants, kNoon - days * kDay);
    }
}

TEST(MissingBlocks, AreStretchesBetweenHeldOnesAndAtBothEnds) {
    const Range day{at(0), at(24)};
    const struct {
        const char* given;
        std::vector<HeldBlock> held;
        Ranges missing;
    } kCases[] = {
        {"nothing is stored", {}, {day}},
        {"all is stored, and what is around it", {{9, at(-1)}, {10, at(5)}, {11, at(25)}}, {}},
        {"the start is missing", {{10, at(5)}, {11, at(25)}}, {{at(0), at(5)}}},
        {"the end is missing", {{10, at(-1)}, {11, at(20)}}, {{at(20), at(24)}}},
        {"a hole", {{10, at(-1)}, {12, at(8)}, {13, at(25)}}, {{at(0), at(8)}}},
        {"a hole that reaches over the end",
         {{10, at(-1)}, {11, at(9)}, {15, at(30)}},
         {{at(9), at(24)}}},
        {"a hole whose upper block has the earlier header time",
         {{10, at(-1)}, {11, at(9)}, {13, at(8)}, {14, at(25)}},
         {{at(8), at(9)}}},
        {"a hole outside", {{10, at(-9)}, {13, at(-3)}, {14, at(25)}}, {}},
    };
    for (const auto& c : kCases) {
        SCOPED_TRACE(c.given);
        EXPECT_EQ(missing_stretches(c.held, day), c.missing);
    }
}

TEST(FeeWindows, AreAtMostThreeDaysAndLeaveShortStretchesToPages) {
    const Ranges stretches{{at(0), at(4)}, {at(10), at(24)}, {at(24), at(24 + 7 * 24)}};

    const auto windows = fee_windows(stretches, 3 * kDay);

    EXPECT_EQ(windows,
              (Ranges{{at(10), at(24)}, {at(24), at(96)}, {at(96), at(168)}, {at(168), at(192)}}));
}

TEST(MissingHeights, AreThoseBetweenHeldOnes) {
    const std::vector<HeldBlock> held{{5, at(0)}, {6, at(1)}, {9, at(2)}, {11, at(3)}};
    EXPECT_EQ(missing_heights_of(held), (std::vector<Heights>{{7, 9}, {10, 11}}));
    EXPECT_TRUE(missing_heights_of({}).empty());
}

std::vector<UtcSeconds> hours(int from, int to) {
    std::vector<UtcSeconds> all;
    for (int h = from; h <= to; ++h) all.push_back(at(h));
    return all;
}

std::vector<UtcSeconds> without(std::vector<UtcSeconds> all, std::initializer_list<int> gone) {
    for (const int h : gone) std::erase(all, at(h));
    return all;
}

CandleQuestion question(int from, int to, CandleOffer offer) {
    return {{at(from), at(to)}, kHour, at(1000), offer};
}

TEST(Candles, WhatIsHeldIsNotAskedFor) {
    const CandleOffer offer{10, UtcSeconds{}, std::nullopt};
    const struct {
        const char* given;
        std::vector<UtcSeconds> held;
        Ranges requests;
        std::size_t missing;
    } kCases[] = {
        {"nothing is held", {}, {{at(0), at(10)}, {at(10), at(20)}, {at(20), at(24)}}, 24},
        {"all is held", hours(0, 25), {}, 0},
        {"the newest is missing", hours(0, 23), {{at(23), at(24)}}, 1},
        {"three hours without a trade", without(hours(0, 25), {5, 6, 7}), {}, 0},
        {"four hours in a row", without(hours(0, 25), {5, 6, 7, 8}), {{at(4), at(8)}}, 4},
        {"two holes within one request",
         without(hours(0, 25), {2, 3, 4, 5, 8, 9, 10, 11}),
         {{at(1), at(11)}},
         8},
        {"two holes, too far apart",
         without(hours(0, 25), {2, 3, 4, 5, 9, 10, 11, 12}),
         {{at(1), at(11)}, {at(11), at(12)}},
         8},
    };
    for (const auto& c : kCases) {
        SCOPED_TRACE(c.given);
        const CandlePlan plan = plan_candles(question(0, 24, offer), c.held);
        EXPECT_EQ(plan.requests, c.requests);
        EXPECT_EQ(plan.missing.size(), c.missing);
        EXPECT_FALSE(plan.reaches_to);
    }
}

TEST(Candles, NothingIsAskedForBeyondTheReachOfAnExchange) {
    const CandleOffer newest{720, UtcSeconds{}, 990 * kHour};
    const CandleOffer young{720, at(12), std::nullopt};

    const CandlePlan reach = plan_candles(question(0, 24, newest), {});
    const CandlePlan listed = plan_candles(question(0, 24, young), {});

    EXPECT_EQ(reach.requests, (Ranges{{at(10), at(24)}})) << "now is 1000 h later";
    EXPECT_EQ(reach.reaches_to, at(10));
    EXPECT_EQ(listed.requests, (Ranges{{at(12), at(24)}}));
    EXPECT_EQ(listed.reaches_to, at(12));
}

TEST(Candles, AFreshTickServesInsteadOfACandleAndACoarserCandleDoesNot) {
    const auto price = [](UtcSeconds t, domain::seconds span, domain::SourceId source) {
        return storage::Sourced<domain::Price>{{t, span, domain::MicroUsd{1}}, source, t};
    };
    const std::vector<storage::Sourced<domain::Price>> stored{
        price(at(1) - seconds{299}, seconds{0}, 6),  // five minutes are the limit
        price(at(2) - seconds{300}, seconds{0}, 6),  // too old by then
        price(at(3), kHour, 6),
        price(at(4), kDay, 6),
        price(at(5), kHour, 7),
        price(at(6), domain::kMinute, 6),
    };

    const auto held = held_instants(stored, 6, kHour, seconds{300});

    EXPECT_EQ(held, (std::vector{at(1), at(3), at(6)}));
}

TEST(MissingParts, NeighboursOfOneCauseAreOne) {
    const auto parts = joined_parts({{"blocks", {at(5), at(9)}, "gone"},
                                     {"prices", {at(0), at(3)}, "gone"},
                                     {"blocks", {at(1), at(5)}, "gone"},
                                     {"blocks", {at(9), at(12)}, "timeout"}});

    ASSERT_EQ(parts.size(), 3U);
    EXPECT_EQ(parts[0].what, "prices");
    EXPECT_EQ(parts[1].range, (Range{at(1), at(9)}));
    EXPECT_EQ(parts[2].why, "timeout");
}

}  // namespace
}  // namespace hashprice::ingest
