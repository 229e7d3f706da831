// Which instants a change may alter: whoever derives looks at no others.
#include "domain/consensus.hpp"
#include "storage/changed_heights.hpp"
#include "storage/retract.hpp"
#include "tests/storage/fixture.hpp"

namespace hashprice::storage {
namespace {

using domain::Epoch;
using domain::FeeMean;
using domain::FeeWindow;
using domain::kDay;
using domain::kHour;
using domain::Range;
using testing::ElementsAre;

const UtcSeconds kEnd = utc(253402300799);  // 9999-12-31T23:59:59Z

class Touched : public Stored {
protected:
    /// What they touch, heard so late that none is from the future.
    std::vector<Range> touched_by(std::vector<Block> all, const std::string& source = "mempool") {
        FactBatch facts = storage::blocks(std::move(all), source);
        facts.fetched_at += 30 * kDay;
        const Recorded done = record(facts);
        EXPECT_EQ(done.refused, 0);
        return done.touched;
    }
    static UtcSeconds time_of(std::int64_t height) { return block(height).time; }
    /// Everything in [from, to) but this.
    std::vector<Block> chain(std::int64_t from, std::int64_t to, std::int64_t without = -1) {
        std::vector<Block> all;
        for (std::int64_t h = from; h < to; ++h)
            if (h != without) all.push_back(block(h));
        return all;
    }
};

// a fee window is 144 blocks, an old one serves for a day, a header is at most two hours ahead
TEST_F(Touched, ABlockCountsUntilThe144thAboveItIsADayAndTwoHoursOld) {
    touched_by(chain(kHeight, kHeight + 400, kHeight + 100));
    EXPECT_THAT(touched_by({block(kHeight + 100)}),
                ElementsAre(Range{time_of(kHeight + 100),
                                  time_of(kHeight + 100 + 144) + kDay + 2 * kHour}));
}

TEST_F(Touched, ANewTipCountsADayAndTwoHours) {
    touched_by(chain(kHeight, kHeight + 200));
    EXPECT_THAT(
        touched_by({block(kHeight + 200)}),
        ElementsAre(Range{time_of(kHeight + 200), time_of(kHeight + 200) + kDay + 2 * kHour}));
}

TEST_F(Touched, BlocksOneWindowApartAreOneStretchAndFurtherApartTwo) {
    EXPECT_EQ(touched_by({block(kHeight), block(kHeight + 144)}).size(), 1U);
    db = *Database::in_memory();
    EXPECT_THAT(
        touched_by({block(kHeight), block(kHeight + 145)}),
        ElementsAre(Range{time_of(kHeight), time_of(kHeight) + kDay + 2 * kHour},
                    Range{time_of(kHeight + 145), time_of(kHeight + 145) + kDay + 2 * kHour}));
}

TEST_F(Touched, AStretchBeginsWithItsEarliestTimeWhicheverBlockThatIs) {
    Block early = block(kHeight + 1);
    early.time = time_of(kHeight) - seconds{100};
    EXPECT_THAT(touched_by({block(kHeight), early}),
                ElementsAre(Range{early.time, time_of(kHeight) - seconds{100} + kDay + 2 * kHour}));
}

TEST_F(Touched, WhereABlockWasTakenOutItCountsUntilTheNextAfter144IsADayOld) {
    touched_by(chain(kHeight, kHeight + 400, kHeight + 100));
    touched_by({block(kHeight + 100)}, "esplora");
    const Range range{time_of(kHeight + 100), time_of(kHeight + 100) + seconds{1}};
    // 144 others follow it; the last of them is the tip until the 145th comes
    EXPECT_THAT(retract(db, "esplora", range, kFetched).value().touched,
                ElementsAre(Range{range.from, time_of(kHeight + 245) + kDay + 2 * kHour}));

    touched_by({block(kHeight + 400)}, "esplora");
    const Range all{kMidnight, kEnd};
    EXPECT_THAT(retract(db, "esplora", all, kFetched).value().touched,
                ElementsAre(Range{time_of(kHeight + 400), kEnd}))
        << "nothing follows that would end it";
}

TEST_F(Touched, ABlockThatBringsNewFeesTouchesAndOneThatBringsAHashDoesNot) {
    Block bare = block(kHeight);
    bare.fees.reset();
    record(blocks({bare}));
    bare.hash = hash_of(7);
    const Recorded hash = record(blocks({bare}, "esplora"));
    EXPECT_EQ(hash.revised, 1);
    EXPECT_THAT(hash.touched, ElementsAre());
    const auto stored = block_at(db, kHeight).value();
    EXPECT_EQ(stored->source, *source_id(db, "mempool")) << "a hash can be checked";

    const Recorded fees = record(blocks({block(kHeight)}, "esplora"));
    EXPECT_EQ(fees.revised, 1);
    EXPECT_EQ(fees.touched.size(), 1U);
}

TEST_F(Touched, AReorganizationTouchesWhatFollowsEachLoserForADay) {
    touched_by(chain(kHeight, kHeight + 2));
    EXPECT_THAT(replace_branch(blocks({block(kHeight + 1)})).touched,
                ElementsAre(Range{time_of(kHeight + 1), time_of(kHeight + 1) + kDay + 2 * kHour},
                            Range{time_of(kHeight + 1), time_of(kHeight + 1) + kDay + 2 * kHour}))
        << "the one that went, and the one that came";
}

TEST_F(Touched, APriceTouchesItsInstantAndAFeeMeanTheDayAfterIt) {
    EXPECT_THAT(record(prices({tick(kMidnight, 95'000)})).touched,
                ElementsAre(Range{kMidnight, kMidnight}));
    FactBatch mean = batch();
    mean.fee_means = {{kMidnight, FeeWindow::blocks_144, Satoshi{144}, 144, kHeight}};
    const Range day_after{kMidnight, kMidnight + kDay};
    EXPECT_THAT(record(mean).touched, ElementsAre(day_after));
    mean.fee_means[0].fee_sum = Satoshi{145};
    EXPECT_THAT(record(mean).touched, ElementsAre(day_after)) << "corrected";

    const Range all{utc(0), kEnd};
    EXPECT_THAT(retract(db, "mempool", all, kFetched).value().touched, ElementsAre(day_after));
    EXPECT_THAT(retract(db, "coinbase", all, kFetched).value().touched,
                ElementsAre(Range{kMidnight, kMidnight}));
}

TEST_F(Touched, AnEpochTouchesWhatIsBeforeTheNextThatIsKnown) {
    const auto epochs = [&](const Epoch& e, const std::string& source) {
        FactBatch facts = batch(source);
        facts.epochs = {e};
        return record(facts).touched;
    };
    const Epoch later{458 * domain::kBlocksPerEpoch, kMidnight, kBits};
    EXPECT_THAT(epochs(later, "starter"), ElementsAre(Range{kMidnight, kEnd}));
    const UtcSeconds start = kMidnight - 14 * kDay;
    EXPECT_THAT(epochs({457 * domain::kBlocksPerEpoch, start, kBits}, "starter"),
                ElementsAre(Range{start, kMidnight}));
    // exact: later than the starter history had it, so what lies between changes too
    EXPECT_THAT(epochs({457 * domain::kBlocksPerEpoch, start + kHour, kBits}, "mempool"),
                ElementsAre(Range{start, kMidnight}));
    EXPECT_THAT(retract(db, "mempool", {utc(0), kEnd}, kFetched).value().touched,
                ElementsAre(Range{start + kHour, kMidnight}, Range{start, kMidnight}))
        << "it goes, and the starter history's comes back";
}

TEST_F(Touched, SumsOfWhatWasRecordedAddUp) {
    Recorded a{
        .added = 1, .unchanged = 2, .revised = 3, .refused = 4, .touched = {{utc(1), utc(2)}}};
    a +=
        {.added = 10, .unchanged = 20, .revised = 30, .refused = 40, .touched = {{utc(3), utc(4)}}};
    EXPECT_EQ(std::tuple(a.added, a.unchanged, a.revised, a.refused), std::tuple(11, 22, 33, 44));
    EXPECT_THAT(a.touched, ElementsAre(Range{utc(1), utc(2)}, Range{utc(3), utc(4)}));
}

}  // namespace
}  // namespace hashprice::storage
