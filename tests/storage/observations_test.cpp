#include "storage/observations.hpp"

#include <random>

#include "storage/bars.hpp"
#include "tests/storage/fixture.hpp"

namespace hashprice::storage {
namespace {

using domain::Bar;
using domain::kDay;
using domain::kHour;
using domain::Observation;
using domain::Step;
using ::testing::ElementsAre;

class Observations : public Stored {
protected:
    static Observation at(UtcSeconds t, seconds span, double usd) {
        Observation o;
        o.time = t;
        o.span = span;
        o.height = kHeight;
        o.bits = kBits;
        o.fee_sum = Satoshi{144};
        o.fee_blocks = 144;
        o.price_usd = 95'000;
        o.price_sources = 1;
        o.usd_per_ph_day = usd;
        o.sat_per_ph_day = 1'000 * usd;
        return o;
    }
    /// Makes (from, to] these, and the bars of what changed.
    std::vector<UtcSeconds> replace(UtcSeconds from, UtcSeconds to,
                                    const std::vector<Observation>& derived,
                                    UtcSeconds now = kFetched) {
        auto changed = *replace_observations(db, from, to, derived, now);
        if (changed.empty()) return changed;
        EXPECT_TRUE(rebuild_bars(db, changed.front(), changed.back()));
        return changed;
    }
    std::vector<double> closes(Step step, UtcSeconds from, UtcSeconds to) {
        std::vector<double> all;
        const auto bars = *bars_between(db, step, {from, to});
        all.reserve(bars.size());
        for (const Bar& b : bars) all.push_back(b.usd.close);
        return all;
    }
};

TEST_F(Observations, WhatIsThatWayAlreadyIsNotWrittenAgain) {
    const std::vector<Observation> hours{at(kMidnight, kHour, 39),
                                         at(kMidnight + kHour, kHour, 40)};
    replace(kMidnight - kHour, kMidnight + kHour, hours);

    const auto changed = replace(kMidnight - kHour, kMidnight + kHour, hours, kFetched + kDay);

    EXPECT_TRUE(changed.empty());
    EXPECT_EQ((*latest_observation(db))->recorded_at, kFetched);
    EXPECT_EQ(count("observations_superseded"), 0);
}

TEST_F(Observations, ASupersededValueIsKeptWithTheTimeItHeld) {
    replace(kMidnight - kHour, kMidnight, {at(kMidnight, kHour, 39)}, kFetched);

    replace(kMidnight - kHour, kMidnight, {at(kMidnight, kHour, 41)}, kFetched + kHour);

    EXPECT_EQ((*latest_observation(db))->observation.usd_per_ph_day, 41);
    const auto earlier = *superseded_values(db, kMidnight);
    ASSERT_EQ(earlier.size(), 1U);
    EXPECT_EQ(earlier[0].observation.usd_per_ph_day, 39);
    EXPECT_EQ(earlier[0].recorded_at, kFetched);
}

TEST_F(Observations, AsOfAnswersWithWhatWasKnownThen) {
    replace(kMidnight - kHour, kMidnight, {at(kMidnight, kHour, 39)}, kFetched);
    replace(kMidnight - kHour, kMidnight, {at(kMidnight, kHour, 41)}, kFetched + kHour);
    const auto known = [&](UtcSeconds then) {
        std::vector<double> values;
        const auto rows = *observations_as_of(db, {kMidnight - kDay, kMidnight}, then);
        values.reserve(rows.size());
        for (const auto& kept : rows) values.push_back(kept.observation.usd_per_ph_day);
        return values;
    };
    EXPECT_THAT(known(kFetched - seconds{1}), ElementsAre());
    EXPECT_THAT(known(kFetched), ElementsAre(39));
    EXPECT_THAT(known(kFetched + kHour - seconds{1}), ElementsAre(39));
    EXPECT_THAT(known(kFetched + kHour), ElementsAre(41));
}

TEST_F(Observations, WhatIsNoLongerDerivedGoesAndIsKept) {
    replace(kMidnight - kHour, kMidnight, {at(kMidnight, kHour, 39)});

    const auto changed = replace(kMidnight - kHour, kMidnight, {});

    EXPECT_THAT(changed, ElementsAre(kMidnight));
    EXPECT_FALSE(*latest_observation(db));
    EXPECT_EQ(count("observations_superseded"), 1);
    for (const char* bars : {"bars_1h", "bars_1d", "bars_1w", "bars_1mo"})
        EXPECT_EQ(count(bars), 0) << bars;
}

TEST_F(Observations, AreReadWithoutTheirStartAndWithTheirEnd) {
    replace(kMidnight - kHour, kMidnight + kHour,
            {at(kMidnight, kHour, 39), at(kMidnight + kHour, kHour, 40)});
    const auto rows = *observations_between(db, kMidnight, kMidnight + kHour);
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0].observation, at(kMidnight + kHour, kHour, 40));
    EXPECT_EQ(*observation_after(db, kMidnight), kMidnight + kHour);
    EXPECT_EQ(*observation_after(db, kMidnight + kHour), std::nullopt);
    EXPECT_EQ(observations_before(db, kMidnight, 5)->front().observation.time, kMidnight);
}

TEST_F(Observations, ADayIsClosedByTheObservationAsOf24Hours) {
    std::vector<Observation> hours;
    for (int h = 1; h <= 48; ++h) hours.push_back(at(kMidnight + h * kHour, kHour, h));
    replace(kMidnight, kMidnight + 2 * kDay, hours);
    EXPECT_THAT(closes(Step::day, kMidnight, kMidnight + 2 * kDay), ElementsAre(24, 48));
    EXPECT_THAT(closes(Step::six_hours, kMidnight, kMidnight + kDay), ElementsAre(6, 12, 18, 24));
}

TEST_F(Observations, WeeksBeginOnMondayAndMonthsByTheCalendar) {
    const UtcSeconds monday = utc(1763337600);  // 2025-11-17, a Monday (ISO week 47)
    std::vector<Observation> days;
    for (int d = 1; d <= 21; ++d) days.push_back(at(monday + d * kDay, kDay, d));
    replace(monday, monday + 21 * kDay, days);

    const auto weeks = *bars_between(db, Step::week, {monday, monday + 21 * kDay});
    ASSERT_EQ(weeks.size(), 3U);
    for (int w = 0; w < 3; ++w) {
        const Bar& week = weeks[static_cast<std::size_t>(w)];
        EXPECT_EQ(week.start, monday + 7 * w * kDay);
        EXPECT_EQ(week.usd.open, 7 * w + 1);
        EXPECT_EQ(week.usd.close, 7 * w + 7);
        EXPECT_DOUBLE_EQ(week.usd.mean, 7 * w + 4);
        EXPECT_EQ(week.covered_s, 7 * 86'400);
    }
    const auto months = *bars_between(db, Step::month, {utc(1761955200), utc(1767225600)});
    ASSERT_EQ(months.size(), 2U);
    EXPECT_EQ(months[0].start, utc(1761955200));  // 2025-11-01
    EXPECT_EQ(months[0].usd.close, 14);           // the close of November 30th
    EXPECT_EQ(months[0].covered_s, 14 * 86'400);
    EXPECT_EQ(months[1].usd.open, 15);
}

TEST_F(Observations, ABarWithoutAnObservationDoesNotExist) {
    replace(kMidnight, kMidnight + 3 * kDay,
            {at(kMidnight + kDay, kDay, 1), at(kMidnight + 3 * kDay, kDay, 3)});
    EXPECT_THAT(closes(Step::day, kMidnight, kMidnight + 3 * kDay), ElementsAre(1, 3));
}

TEST_F(Observations, BarsThatAreMissingTooManyOrOtherAreCounted) {
    replace(kMidnight, kMidnight + 3 * kHour,
            {at(kMidnight + kHour, kHour, 39), at(kMidnight + 2 * kHour, kHour, 40),
             at(kMidnight + 3 * kHour, kHour, 41)});
    const auto amiss = [&] {
        return bars_amiss(db, kMidnight + kHour, kMidnight + 3 * kHour).value();
    };
    EXPECT_EQ(amiss(), 0);
    db.connection().db.exec(
        "DELETE FROM bars_1h WHERE start_s = (SELECT MIN(start_s) FROM bars_1h)");
    EXPECT_GE(amiss(), 1) << "one is missing";
    ASSERT_TRUE(rebuild_bars(db, kMidnight + kHour, kMidnight + 3 * kHour));
    EXPECT_EQ(amiss(), 0);
    ASSERT_TRUE(replace_observations(db, kMidnight, kMidnight + kHour, {}, kFetched));
    EXPECT_GE(amiss(), 1) << "one is too many";
}

TEST_F(Observations, RawIsNoBar) {
    const auto bars = bars_between(db, Step::raw, {kMidnight, kMidnight + kDay});
    ASSERT_FALSE(bars);
    EXPECT_EQ(bars.error().code, Errc::usage);
}

TEST_F(Observations, AGapIsWhatNoSpanReachesInto) {
    replace(kMidnight, kMidnight + 10 * kHour,
            {at(kMidnight + kHour, kHour, 1), at(kMidnight + 2 * kHour, kHour, 2),
             at(kMidnight + 6 * kHour, kHour, 3), at(kMidnight + 8 * kHour, 2 * kHour, 4)});

    const auto gaps = *gaps_between(db, kMidnight, kMidnight + kDay);

    ASSERT_EQ(gaps.size(), 1U);
    EXPECT_EQ(gaps[0].from, kMidnight + 2 * kHour);
    EXPECT_EQ(gaps[0].to, kMidnight + 5 * kHour);
}

TEST_F(Observations, ALongSpanCoversTheHolesOfTheShortOnesBeforeIt) {
    // hours, and a daily close over all of them
    replace(kMidnight, kMidnight + kDay,
            {at(kMidnight + kHour, kHour, 1), at(kMidnight + 6 * kHour, kHour, 3),
             at(kMidnight + kDay, kDay, 4)});
    EXPECT_TRUE(gaps_between(db, kMidnight, kMidnight + kDay)->empty());
}

TEST_F(Observations, GapsAreClippedToTheRangeAskedFor) {
    replace(kMidnight, kMidnight + kDay,
            {at(kMidnight + kHour, kHour, 1), at(kMidnight + 9 * kHour, kHour, 2)});
    const auto gaps = *gaps_between(db, kMidnight + 2 * kHour, kMidnight + 3 * kHour);
    ASSERT_EQ(gaps.size(), 1U);
    EXPECT_EQ(gaps[0].from, kMidnight + 2 * kHour);
    EXPECT_EQ(gaps[0].to, kMidnight + 3 * kHour);
}

/// Minutes, hours and days one after the other, each with holes of its kind.
class ManyGaps : public Observations {
protected:
    void fill(std::mt19937& chance) {
        const auto one_of = [&](unsigned n) { return chance() % n == 0; };
        std::vector<Observation> all;
        UtcSeconds t = kMidnight - 40 * kDay;
        for (; t < kMidnight - 10 * kDay; t += kDay)
            if (!one_of(5)) all.push_back(at(t + kDay, kDay, 40));
        for (; t < kMidnight - 3 * kDay; t += kHour)
            if (!one_of(20)) all.push_back(at(t + kHour, kHour, 40));
        for (; t < kMidnight; t += domain::kMinute)
            if (!one_of(700)) all.push_back(at(t + domain::kMinute, domain::kMinute, 40));
        if (one_of(2)) all.push_back(at(t + kDay, kDay, 40));  // over whatever a day misses
        replace(kMidnight - 41 * kDay, kMidnight + 2 * kDay, all);
    }
    /// What the view, which looks at every observation, has in (from, to].
    std::vector<std::pair<UtcSeconds, UtcSeconds>> seen(UtcSeconds from, UtcSeconds to) {
        SQLite::Statement row(db.connection().db,
                              "SELECT MAX(time, ?1), MIN(end_time, ?2) FROM v_gaps "
                              "WHERE end_time > ?1 AND time < ?2 ORDER BY time");
        row.bind(1, static_cast<std::int64_t>(domain::unix_s(from)));
        row.bind(2, static_cast<std::int64_t>(domain::unix_s(to)));
        std::vector<std::pair<UtcSeconds, UtcSeconds>> all;
        while (row.executeStep())
            all.emplace_back(utc(row.getColumn(0).getInt64()), utc(row.getColumn(1).getInt64()));
        return all;
    }
};

TEST_F(ManyGaps, AreThoseOfTheViewInEveryRange) {
    std::mt19937 chance(11);
    std::size_t found = 0;
    for (int history = 0; history < 6; ++history) {
        db = *Database::in_memory();
        fill(chance);
        for (int n = 0; n < 12; ++n) {
            const auto any = [&] { return seconds{static_cast<int>(chance() % (45UL * 86400U))}; };
            const UtcSeconds from = kMidnight - 42 * kDay + any();
            const UtcSeconds to = from + seconds{1} + any();
            const std::vector<Gap> quick = *gaps_between(db, from, to);
            std::vector<std::pair<UtcSeconds, UtcSeconds>> gaps;
            gaps.reserve(quick.size());
            for (const Gap& g : quick) gaps.emplace_back(g.from, g.to);
            EXPECT_EQ(gaps, seen(from, to)) << domain::format_time(from) << " to "
                                            << domain::format_time(to) << ", history " << history;
            found += gaps.size();
        }
    }
    EXPECT_GT(found, 300U);
}

}  // namespace
}  // namespace hashprice::storage
