// What a sink is owed: ranges, written with the change itself.
#include "storage/sink_ranges.hpp"

#include "storage/observations.hpp"
#include "tests/storage/fixture.hpp"

namespace hashprice::storage {
namespace {

using domain::kDay;
using domain::kMinute;
using domain::Observation;

/// An observation so many minutes after midnight, worth so much.
Observation at_minute(int minute, double usd = 40) {
    return {.time = kMidnight + minute * kMinute,
            .span = seconds{60},
            .height = kHeight,
            .bits = kBits,
            .fee_sum = Satoshi{144},
            .fee_blocks = 144,
            .price_usd = 95'555,
            .usd_per_ph_day = usd,
            .sat_per_ph_day = 41'000};
}

class SinkRanges : public Stored {
protected:
    /// Observations at these minutes after midnight, worth so much.
    void observe(const std::vector<int>& minutes, double usd = 40) {
        for (const int m : minutes) {
            const std::vector<Observation> one{at_minute(m, usd)};
            const UtcSeconds t = one.front().time;
            ASSERT_TRUE(in_transaction(db, [&]() -> Status {
                return replace_observations(db, t - seconds{1}, t, one, kFetched)
                    .map([](const auto&) {});
            }));
        }
    }
    void know(const std::vector<std::string>& names) {
        ASSERT_TRUE(in_transaction(db, [&] { return register_sinks(db, names); }));
    }
    /// Takes and sends until nothing is owed; the minutes that were sent, in the order of parts.
    std::vector<std::vector<int>> drain(const std::string& sink, int most = 1000) {
        std::vector<std::vector<int>> parts;
        for (int n = 0; n < 1000; ++n) {
            const auto part = take_part(db, sink, most);
            EXPECT_TRUE(part) << part.error().what;
            if (!part || !*part) return parts;
            std::vector<int> minutes;
            const auto all = observations_between(db, (*part)->from, (*part)->to);
            for (const auto& kept : *all)
                minutes.push_back(static_cast<int>((kept.observation.time - kMidnight) / kMinute));
            if (!minutes.empty()) parts.push_back(minutes);
            EXPECT_TRUE(part_sent(db, sink, **part, std::ssize(minutes), kFetched));
        }
        ADD_FAILURE() << "there is no end to what is owed to " << sink;
        return parts;
    }
};
using Parts = std::vector<std::vector<int>>;

TEST_F(SinkRanges, ANewSinkIsOwedTheWholeHistoryTheNewestFirst) {
    observe({1, 2, 3, 4, 5});
    know({"vm"});

    EXPECT_EQ(drain("vm", 2), (Parts{{4, 5}, {2, 3}, {1}}));
    EXPECT_EQ(drain("vm"), Parts{});
    EXPECT_EQ(sinks(db)->front().points, 5);
    EXPECT_EQ(sinks(db)->front().ranges, 0);
}

TEST_F(SinkRanges, WithoutASinkNothingIsNoted) {
    observe({1, 2, 3});
    EXPECT_EQ(count("sink_ranges"), 0);
}

TEST_F(SinkRanges, WhatIsNewComesBeforeWhatIsOldAndARevisionComesAgain) {
    observe({1, 2, 3});
    know({"vm"});
    drain("vm");

    observe({3 * 1440});
    observe({2}, 41);

    EXPECT_EQ(drain("vm"), (Parts{{3 * 1440}, {2}}));
}

TEST_F(SinkRanges, AChangeInAPartThatIsOnItsWayIsOwedAnew) {
    observe({1, 2, 3});
    know({"vm"});
    const auto part = *take_part(db, "vm", 1000);

    observe({2}, 41);
    ASSERT_TRUE(part_sent(db, "vm", *part, 3, kFetched));

    EXPECT_EQ(drain("vm"), (Parts{{2}}));
}

TEST_F(SinkRanges, APartThatFailedOrWasCutByACrashIsOwedAgain) {
    observe({1, 2, 3});
    know({"vm"});
    ASSERT_TRUE(part_failed(db, "vm", **take_part(db, "vm", 2), "it answered 500"));
    EXPECT_EQ(sinks(db)->front().last_error, "it answered 500");
    (void)take_part(db, "vm", 2);  // and nothing after it: the process is gone

    know({"vm"});

    EXPECT_EQ(drain("vm"), (Parts{{1, 2, 3}}));
    EXPECT_EQ(sinks(db)->front().last_error, "");
}

TEST_F(SinkRanges, AYearWithoutTheSinkIsOneRangeAndSeparateStretchesAreSeveral) {
    know({"vm"});
    drain("vm");
    constexpr int kHoursOfAYear = 24 * 365;
    std::vector<int> hours;
    hours.reserve(kHoursOfAYear);
    for (int h = 0; h < kHoursOfAYear; ++h) hours.push_back(h * 60);
    observe(hours);
    EXPECT_EQ(count("sink_ranges"), 1);

    observe({-60 * 1440, -30 * 1440});
    EXPECT_EQ(count("sink_ranges"), 3);
}

TEST_F(SinkRanges, EachSinkHasItsOwnAndOneThatIsLeftOutIsForgotten) {
    know({"a", "b"});
    drain("a");
    drain("b");
    observe({1});
    EXPECT_EQ(drain("a"), (Parts{{1}}));
    EXPECT_EQ(sinks(db)->at(1).ranges, 1);

    know({"a"});
    EXPECT_EQ(sinks(db)->size(), 1U);
    EXPECT_EQ(count("sink_ranges"), 0);
}

TEST_F(SinkRanges, TheLagIsTheTimeOfTheNewestThatItHasNotGot) {
    observe({0, 10});
    know({"vm"});
    EXPECT_EQ(sinks(db)->front().lag, 10 * kMinute);  // all there is
    EXPECT_EQ(sinks(db)->front().last_success, std::nullopt);
    drain("vm");
    EXPECT_EQ(sinks(db)->front().lag, seconds{0});
    EXPECT_EQ(sinks(db)->front().last_success, kFetched);

    observe({11, 12, 13});

    EXPECT_EQ(sinks(db)->front().lag, 2 * kMinute + seconds{1});
}

TEST_F(SinkRanges, StretchesADayApartAreOneAndASecondMoreMakesTwo) {
    observe({1});
    know({"vm"});
    EXPECT_EQ(ask("SELECT from_s FROM sink_ranges"), "-1") << "1970-01-01T00:00:00Z is in it";
    EXPECT_EQ(ask("SELECT to_s FROM sink_ranges"), "253402300799");  // 9999-12-31T23:59:59Z
    drain("vm");
    for (const auto& [gap, ranges] : {std::pair(86'400, 1), {86'401, 2}}) {
        for (const bool upwards : {true, false}) {
            const UtcSeconds first = kMidnight + seconds{upwards ? 0 : gap + 60};
            const UtcSeconds second = kMidnight + seconds{upwards ? gap + 60 : 0};
            ASSERT_TRUE(in_transaction(db, [&] {
                return owe(db, "vm", first, first + seconds{60}).and_then([&] {
                    return owe(db, "vm", second, second + seconds{60});
                });
            }));
            EXPECT_EQ(sinks(db)->front().ranges, ranges) << gap << upwards;
            drain("vm");
        }
    }
}

TEST_F(SinkRanges, AStateIsReadBackFieldByField) {
    observe({1, 2});
    know({"vm"});
    EXPECT_EQ(sinks(db)->front().waiting_from, kMidnight + kMinute);
    drain("vm");
    EXPECT_EQ(sinks(db)->front().waiting_from, std::nullopt);
    observe({3});
    ASSERT_TRUE(part_failed(db, "vm", **take_part(db, "vm", 9), "it answered 500"));
    const SinkState s = sinks(db)->front();
    EXPECT_EQ(s.name, "vm");
    EXPECT_EQ(s.points, 2);
    EXPECT_EQ(s.last_success, kFetched);
    EXPECT_EQ(s.last_error, "it answered 500");
    EXPECT_EQ(s.ranges, 1);
    EXPECT_EQ(s.waiting_from, kMidnight + 3 * kMinute - seconds{1});
    EXPECT_EQ(s.lag, seconds{1});
}

TEST_F(SinkRanges, APartWithoutPointsIsNoSuccess) {
    know({"vm"});
    EXPECT_EQ(sinks(db)->front().lag, seconds{0}) << "there is nothing that it could lack";
    ASSERT_TRUE(part_sent(db, "vm", **take_part(db, "vm", 9), 0, kFetched));
    EXPECT_EQ(sinks(db)->front().last_success, std::nullopt);
    EXPECT_FALSE(*take_part(db, "vm", 9));
}

TEST_F(SinkRanges, OfManySinksEachChangeIsOwedToAllInStretchesOfTheirOwn) {
    know({"a", "b"});
    drain("a");
    drain("b");
    // a day and a minute lies between the second and the third
    const std::vector<Observation> all{at_minute(1), at_minute(1441), at_minute(2882),
                                       at_minute(2883)};
    ASSERT_TRUE(replace_observations(db, kMidnight, kMidnight + 3 * kDay, all, kFetched));
    for (const char* sink : {"a", "b"}) {
        EXPECT_EQ(ask("SELECT group_concat((from_s - 1763251200) || ' ' || (to_s - 1763251200), "
                      "', ') FROM (SELECT * FROM sink_ranges ORDER BY from_s) WHERE sink = '" +
                      std::string(sink) + "'"),
                  "59 86460, 172919 172980");
    }
}

TEST_F(SinkRanges, WhatIsAskedForAgainIsOwedAgainAndOfAnUnknownSinkRefused) {
    observe({1, 2, 3});
    know({"vm"});
    drain("vm");
    const auto again = [&](const std::string& sink) {
        return in_transaction(
            db, [&] { return owe(db, sink, kMidnight + kMinute, kMidnight + 3 * kMinute); });
    };

    ASSERT_TRUE(again("vm"));
    EXPECT_EQ(drain("vm"), (Parts{{2, 3}}));
    EXPECT_EQ(again("other").error().code, domain::Errc::not_found);
}

}  // namespace
}  // namespace hashprice::storage
