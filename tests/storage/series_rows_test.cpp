// Observations and bars with every field, and how both are found.
#include <algorithm>
#include <random>

#include "storage/bars.hpp"
#include "storage/observations.hpp"
#include "tests/storage/fixture.hpp"

namespace hashprice::storage {
namespace {

using domain::Bar;
using domain::BarPiece;
using domain::kDay;
using domain::kHour;
using domain::Observation;
using domain::Range;
using domain::Step;
using testing::ElementsAre;

/// No two fields alike.
Observation whole(UtcSeconds t = kMidnight) {
    return {.time = t,
            .span = seconds{60},
            .height = kHeight,
            .bits = kBits,
            .fee_sum = Satoshi{260'128'982},
            .fee_blocks = 143,
            .fee_window = domain::FeeWindow::utc_day,
            .price_usd = 95'000.25,
            .price_sources = (std::uint64_t{1} << 61) | 0b101,
            .chain_source = 2,
            .fee_source = 3,
            .flags = domain::kTipStale | domain::kPricesDisagree,
            .usd_per_ph_day = 40.5,
            .sat_per_ph_day = 41'000.75};
}
Observation at(UtcSeconds t, seconds span, double usd) {
    Observation o = whole(t);
    o.span = span;
    o.usd_per_ph_day = usd;
    o.sat_per_ph_day = 1'000 * usd;
    return o;
}

class SeriesRows : public Stored {
protected:
    void replace(UtcSeconds from, UtcSeconds to, const std::vector<Observation>& derived,
                 UtcSeconds now = kFetched) {
        const auto changed = replace_observations(db, from, to, derived, now).value();
        if (changed.empty()) return;
        ASSERT_TRUE(rebuild_bars(db, changed.front(), changed.back()));
    }
    void hours(int from, int to) {
        std::vector<Observation> all;
        all.reserve(static_cast<std::size_t>(to) - static_cast<std::size_t>(from) + 1);
        for (int h = from; h <= to; ++h) all.push_back(at(kMidnight + h * kHour, kHour, h));
        replace(kMidnight + (from - 1) * kHour, kMidnight + to * kHour, all);
    }
    std::vector<int> hours_with_bars() {
        std::vector<int> starts;
        const auto bars =
            bars_between(db, Step::hour, {kMidnight - kDay, kMidnight + kDay}).value();
        starts.reserve(bars.size());
        for (const Bar& b : bars) starts.push_back(static_cast<int>((b.start - kMidnight) / kHour));
        return starts;
    }
    void damage(const std::string& sql) { db.connection().db.exec(sql); }
};

TEST_F(SeriesRows, AnObservationIsReadBackFieldByFieldHoweverItIsAskedFor) {
    replace(kMidnight - kHour, kMidnight, {whole()}, kFetched);
    const Range around{kMidnight - seconds{1}, kMidnight};
    for (const auto& rows :
         {observations_between(db, around.from, around.to), observations_before(db, kMidnight, 3),
          observations_as_of(db, around, kFetched), day_closes(db)}) {
        ASSERT_EQ(rows->size(), 1U);
        EXPECT_TRUE(rows->front().observation == whole());
        EXPECT_EQ(rows->front().recorded_at, kFetched);
    }
    const auto latest = latest_observation(db).value();
    ASSERT_TRUE(latest);
    EXPECT_TRUE(latest->observation == whole());

    replace(kMidnight - kHour, kMidnight, {}, kFetched + kHour);
    const auto superseded = superseded_values(db, kMidnight).value();
    ASSERT_EQ(superseded.size(), 1U);
    EXPECT_TRUE(superseded[0].observation == whole());
    EXPECT_EQ(superseded[0].recorded_at, kFetched);
    EXPECT_FALSE(latest_observation(db).value());
}

TEST_F(SeriesRows, TheSpanOfTheSeriesAndItsRevisionsAreKnown) {
    EXPECT_FALSE(observation_span(db).value());
    replace(kMidnight - kHour, kMidnight + kHour, {whole(), whole(kMidnight + kHour)});
    EXPECT_EQ(observation_span(db).value()->first, kMidnight);
    EXPECT_EQ(observation_span(db).value()->last, kMidnight + kHour);

    for (const double usd : {41.0, 42.0})
        replace(kMidnight, kMidnight + kHour, {at(kMidnight + kHour, kHour, usd)});
    replace(kMidnight - kHour, kMidnight, {at(kMidnight, kHour, 41)});
    const auto revisions = revisions_between(db, kMidnight, kMidnight + kHour).value();
    ASSERT_EQ(revisions.size(), 1U) << "the start is not in it";
    EXPECT_EQ(revisions.at(kMidnight + kHour), 2);
    EXPECT_EQ(superseded_values(db, kMidnight + kHour)->at(0).observation.usd_per_ph_day, 41)
        << "the newest of them first";
}

TEST_F(SeriesRows, OnlyInstantsThatDifferAreToldAndThoseInAscendingOrder) {
    hours(1, 5);
    std::vector<Observation> derived{at(kMidnight + kHour, kHour, 1),
                                     at(kMidnight + 2 * kHour, kHour, 7),
                                     at(kMidnight + 4 * kHour, kHour, 4)};
    derived.push_back(at(kMidnight + 6 * kHour, kHour, 6));
    const auto changed =
        replace_observations(db, kMidnight, kMidnight + 6 * kHour, derived, kFetched).value();
    EXPECT_THAT(changed, ElementsAre(kMidnight + 2 * kHour, kMidnight + 3 * kHour,
                                     kMidnight + 5 * kHour, kMidnight + 6 * kHour));
    const auto stored = observations_between(db, kMidnight, kMidnight + kDay).value();
    ASSERT_EQ(stored.size(), 4U);
    for (std::size_t n = 0; n < 4; ++n) EXPECT_TRUE(stored[n].observation == derived[n]) << n;
}

// two minutes of an hour: open 40, low 30, close 50, the mean of one minute of 30 and one of 50;
// the first observation of a bar opens it
TEST_F(SeriesRows, ABarIsReadBackFieldByField) {
    replace(kMidnight, kMidnight + kHour,
            {at(kMidnight + seconds{60}, seconds{60}, 40),
             at(kMidnight + seconds{120}, seconds{60}, 60),
             at(kMidnight + seconds{180}, seconds{60}, 30),
             at(kMidnight + seconds{240}, seconds{60}, 50)});
    const Bar expected{kMidnight, 240, {40, 60, 30, 50, 45}, {40e3, 60e3, 30e3, 50e3, 45e3}};
    for (const Step step : {Step::hour, Step::six_hours, Step::day}) {
        const auto bars = bars_between(db, step, {kMidnight, kMidnight + kDay}).value();
        ASSERT_EQ(bars.size(), 1U);
        EXPECT_TRUE(bars[0] == expected) << step_name(step);
    }
    EXPECT_EQ(bars_between(db, Step::hour, {kMidnight - kHour, kMidnight})->size(), 0U)
        << "the end of a range is not in it";
}

TEST_F(SeriesRows, BarsGoWhereverTheyStandWhenTheirObservationsGo) {
    hours(1, 8);
    ASSERT_THAT(hours_with_bars(), ElementsAre(0, 1, 2, 3, 4, 5, 6, 7));
    const auto version = db.data_version().value();
    ASSERT_TRUE(rebuild_bars(db, kMidnight + kHour, kMidnight + 8 * kHour));
    EXPECT_EQ(db.data_version().value(), version) << "what is as it should be is not written";

    replace(kMidnight, kMidnight + 8 * kHour,
            {at(kMidnight + 2 * kHour, kHour, 2), at(kMidnight + 5 * kHour, kHour, 55)});
    EXPECT_THAT(hours_with_bars(), ElementsAre(1, 4));
    EXPECT_EQ(bars_between(db, Step::hour, {kMidnight, kMidnight + kDay})->at(1).usd.close, 55);
}

TEST_F(SeriesRows, EachBarThatIsAmissIsCountedOnceInItsTableAndInThoseMadeOfIt) {
    hours(1, 40 * 24);  // more than is looked at at once
    const UtcSeconds last = kMidnight + 40 * kDay;
    const auto amiss = [&] { return bars_amiss(db, kMidnight + kHour, last).value(); };
    const auto hour = [](int h) { return std::to_string(domain::unix_s(kMidnight + h * kHour)); };
    const auto mend = [&] { ASSERT_TRUE(rebuild_bars(db, kMidnight + kHour, last)); };
    EXPECT_EQ(amiss(), 0);
    for (const int h : {0, 5, 35 * 24, 40 * 24 - 1}) {
        SCOPED_TRACE(h);
        damage("DELETE FROM bars_1h WHERE start_s = " + hour(h));
        EXPECT_EQ(amiss(), 2) << "the hour, and its day";
        mend();
        damage("UPDATE bars_1h SET usd_close = 7.5 WHERE start_s = " + hour(h));
        EXPECT_GE(amiss(), 1);
        mend();
        EXPECT_EQ(amiss(), 0);
    }
    damage("UPDATE bars_1mo SET sat_mean = 7.5");
    EXPECT_EQ(amiss(), 2) << "November and December";
    mend();
    damage("DELETE FROM bars_1d WHERE start_s IN (" + hour(0) + ", " + hour(24) + ")");
    EXPECT_EQ(amiss(), 2 + 2 + 1) << "two days, the weeks of Sunday and Monday, one month";
    mend();
    const auto copy_to = [](const std::string& start) {
        return "INSERT INTO bars_1w SELECT " + start +
               ", covered_s, usd_open, usd_high, usd_low, usd_close, usd_mean, sat_open, sat_high, "
               "sat_low, sat_close, sat_mean FROM bars_1w LIMIT 1";
    };
    damage(copy_to("1763337600 + 3600"));  // no week begins there
    EXPECT_EQ(amiss(), 1);
    mend();
    damage(copy_to("1763337600 + 52 * 604800"));
    EXPECT_EQ(amiss(), 0) << "a year later nobody asked";
}

std::vector<Bar> days_of(const std::vector<BarPiece>& pieces) {
    std::vector<Bar> days;
    for (UtcSeconds day = kMidnight; day < kMidnight + 20 * kDay; day += kDay) {
        std::vector<BarPiece> of_day;
        for (const BarPiece& p : pieces)
            if (p.end > day && p.end <= day + kDay) of_day.push_back(p);
        if (!of_day.empty()) days.push_back(fold_bar(day, day + kDay, of_day));
    }
    return days;
}

/// Hours, three hours and daily closes as they come, folded here from all pieces put in order.
TEST_F(SeriesRows, DaysAreMadeOfHoursAndOfWhatSpeaksForLongerInOrderOfTime) {
    std::mt19937 chance(7);
    std::vector<Observation> all;
    for (int h = 1; h <= 20 * 24; ++h) {
        const UtcSeconds t = kMidnight + h * kHour;
        const double usd = 30 + static_cast<double>(chance() % 20);
        if (h % 24 == 0 && chance() % 2 == 0) {
            all.push_back(at(t, kDay, usd));
        } else if (chance() % 8 == 0) {
            all.push_back(at(t - seconds{1'000}, 3 * kHour, usd));
        } else if (chance() % 3 != 0) {
            all.push_back(at(t, kHour, usd));
        }
    }
    replace(kMidnight, kMidnight + 20 * kDay, all);

    std::vector<BarPiece> pieces;
    const auto hours = bars_between(db, Step::hour, {kMidnight, kMidnight + 20 * kDay}).value();
    pieces.reserve(hours.size());
    for (const Bar& b : hours) pieces.push_back(piece_of(b, kHour));
    for (const Observation& o : all)
        if (o.span > kHour) pieces.push_back(piece_of(o));
    std::ranges::stable_sort(pieces, {}, &BarPiece::end);
    EXPECT_TRUE(bars_between(db, Step::day, {kMidnight, kMidnight + 20 * kDay}).value() ==
                days_of(pieces));
}

class Lookups : public Stored {};

TEST_F(Lookups, TheHeightNearATimeIsFoundInAChainWithHoles) {
    std::mt19937 chance(5);
    std::vector<Block> all;
    for (std::int64_t h = kHeight; h < kHeight + 80; ++h)
        if (chance() % 3 != 0) all.push_back(block(h));
    record(blocks(all));
    std::int64_t expected = -1;
    for (const Block& b : all) {
        EXPECT_EQ(height_near(db, b.time - seconds{1}).value(), expected);
        expected = b.height;
        EXPECT_EQ(height_near(db, b.time).value(), expected);
    }
    EXPECT_EQ(height_near(db, all.back().time + domain::kDay).value(), all.back().height);
}

TEST_F(Lookups, TheHeightSoManyBlocksBelowCountsStoredOnesDownToTheLowest) {
    record(blocks({block(10), block(11), block(14), block(20)}));
    EXPECT_EQ(height_before(db, 20, 0).value(), 20);
    EXPECT_EQ(height_before(db, 20, 2).value(), 11);
    EXPECT_EQ(height_before(db, 19, 1).value(), 11);
    EXPECT_EQ(height_before(db, 20, 3).value(), 10);
    EXPECT_EQ(height_before(db, 20, 4).value(), 10);
}

TEST_F(Lookups, PricesAreKnownFromTheFirstToTheLast) {
    EXPECT_FALSE(price_span(db).value());
    record(prices({tick(kMidnight, 1), tick(kMidnight + kHour, 2), tick(kMidnight + kDay, 3)}));
    EXPECT_TRUE(price_span(db).value() == (Range{kMidnight, kMidnight + kDay}));
}

TEST_F(Lookups, BlocksOfARangeAndTheTipCarryTheirSourceAndTime) {
    Block b = block(kHeight);
    b.hash = hash_of(7);
    record(blocks({block(kHeight - 1), b, block(kHeight + 1)}, "esplora"));
    const auto some = blocks_between(db, kHeight, kHeight + 1).value();
    ASSERT_EQ(some.size(), 1U);
    EXPECT_TRUE(some[0].fact == block(kHeight)) << "without its hash";
    EXPECT_EQ(some[0].source, *source_id(db, "esplora"));
    EXPECT_EQ(some[0].fetched_at, kFetched);
    EXPECT_EQ(blocks_between(db, kHeight, kHeight - 5)->size(), 0U);
    EXPECT_EQ(tip(db).value()->fact.height, kHeight + 1);
    EXPECT_FALSE(block_at(db, kHeight + 9).value());
}

TEST_F(Lookups, SourcesAreListedByNumber) {
    const auto all = sources(db).value();
    ASSERT_GT(all.size(), 6U);
    for (std::size_t n = 0; n < all.size(); ++n) EXPECT_EQ(all[n].id, static_cast<int>(n));
    EXPECT_EQ(all[0].name, "starter");
    EXPECT_EQ(all[6].name, "coinbase");
}

}  // namespace
}  // namespace hashprice::storage
