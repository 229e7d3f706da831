// What a sink is owed: ranges, written with the change itself.
#include "storage/sink_ranges.hpp"

#include "storage/observations.hpp"
#include "tests/storage/fixture.hpp"

namespace hashprice::storage {
namespace {

using domain::kDay;
using domain::kMinute;
using domain::Observation;

class SinkRanges : public Stored {
protected:
    /// Observations at these minutes after midnight, worth so much.
    void observe(const std::vector<int>& minutes, double usd = 40) {
        for (const int m : minutes) {
            const UtcSeconds t = kMidnight + m * kMinute;
            const std::vector<Observation> one{{.time = t,
                                                .span = seconds{60},
                                                .height = kHeight,
                                                .bits = kBits,
                                                .fee_sum = Satoshi{144},
                                                .fee_blocks = 144,
                                                .price_usd = 95'555,
                                                .usd_per_ph_day = usd,
                                                .sat_per_ph_day = 41'000}};
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
        while (true) {
            const auto part = take_part(db, sink, most);
            EXPECT_TRUE(part) << part.error().what;
            if (!*part) return parts;
            std::vector<int> minutes;
            const auto all = observations_between(db, (*part)->from, (*part)->to);
            for (const auto& kept : *all)
                minutes.push_back(static_cast<int>((kept.observation.time - kMidnight) / kMinute));
            if (!minutes.empty()) parts.push_back(minutes);
            EXPECT_TRUE(part_sent(db, sink, **part, std::ssize(minutes), kFetched));
        }
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
    std::vector<int> hours;
    for (int h = 0; h < 24 * 365; ++h) hours.push_back(h * 60);
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
