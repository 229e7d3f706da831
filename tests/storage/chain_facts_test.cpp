#include "tests/storage/fixture.hpp"

namespace hashprice::storage {
namespace {

using domain::Epoch;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class ChainFacts : public Stored {
protected:
    std::vector<std::int64_t> heights() {
        std::vector<std::int64_t> all;
        const auto stored = *blocks_between(db, 0, kHeight + 1'000);
        all.reserve(stored.size());
        for (const auto& b : stored) all.push_back(b.fact.height);
        return all;
    }
    Sourced<Block> at(std::int64_t height) { return **block_at(db, height); }
    static FactBatch epochs(std::vector<Epoch> all, const std::string& source) {
        FactBatch b = batch(source);
        b.epochs = std::move(all);
        return b;
    }
};

TEST_F(ChainFacts, TheSameBlockTwiceIsOneRow) {
    const Recorded first = record(blocks({block(kHeight)}));
    const Recorded second = record(blocks({block(kHeight)}));

    EXPECT_EQ(first.added, 1);
    EXPECT_EQ(second.added, 0);
    EXPECT_EQ(second.unchanged, 1);
    EXPECT_TRUE(second.touched.empty()) << "nothing changed, so nothing is derived again";
    EXPECT_EQ(count("blocks"), 1);
}

TEST_F(ChainFacts, TheSameBlockTwiceInOneBatchIsOneRow) {
    const Recorded done = record(blocks({block(kHeight), block(kHeight)}));
    EXPECT_EQ(done.added, 1);
    EXPECT_EQ(done.unchanged, 1);
    EXPECT_EQ(count("blocks"), 1);
}

TEST_F(ChainFacts, BlocksOfABatchMayComeInAnyOrder) {
    record(blocks({block(kHeight + 2), block(kHeight), block(kHeight + 1)}));
    EXPECT_THAT(heights(), ElementsAre(kHeight, kHeight + 1, kHeight + 2));
}

/// Blocks are written many at a time: a gap, and a height that is said twice, come between.
TEST_F(ChainFacts, ALongBatchEndsAsItsBlocksOneByOne) {
    std::vector<Block> all;
    for (std::int64_t i = 0; i < 90; ++i) {
        if (i >= 40 && i < 45) continue;
        all.push_back(block(kHeight + i));
        if (i % 20 != 0) continue;
        all.back().fees.reset();
        all.push_back(block(kHeight + i));  // the same again, with its fees
    }
    all.push_back(block(kHeight + 20));
    all.back().fees = Satoshi{1};  // a contradiction

    const Recorded at_once = record(blocks(all));
    Database other = *Database::in_memory();
    Recorded one_by_one;
    for (const Block& b : all) one_by_one += *storage::record(other, blocks({b}));

    const auto facts_of = [](Database& of) {
        std::vector<Block> facts;
        const auto stored = *blocks_between(of, 0, kHeight + 1'000);
        facts.reserve(stored.size());
        for (const auto& b : stored) facts.push_back(b.fact);
        return facts;
    };
    EXPECT_EQ(count("blocks"), 85);
    EXPECT_EQ(facts_of(db), facts_of(other));
    EXPECT_EQ(at_once.added, one_by_one.added);
    EXPECT_EQ(at_once.revised, one_by_one.revised);
    EXPECT_EQ(at_once.refused, one_by_one.refused);
    EXPECT_EQ(at_once.refused, 1);
}

TEST_F(ChainFacts, ABlockIsKeptWithItsSourceAndTheTimeItWasFetched) {
    Block b = block(kHeight);
    b.hash = hash_of(7);
    record(blocks({b}, "esplora"));

    const auto stored = at(kHeight);

    EXPECT_EQ(stored.fact, b);
    EXPECT_EQ(stored.source, *source_id(db, "esplora"));
    EXPECT_EQ(stored.fetched_at, kFetched);
}

TEST_F(ChainFacts, ALaterSourceFillsInWhatAnEarlierLeftOpen) {
    Block header = block(kHeight);
    header.hash = hash_of(7);
    header.fees.reset();
    record(blocks({header}, "esplora"));
    record(blocks({block(kHeight)}, "mempool"));  // fees, but no hash

    const auto stored = at(kHeight);

    EXPECT_EQ(stored.fact.hash, hash_of(7));
    EXPECT_EQ(stored.fact.fees, block(kHeight).fees);
    EXPECT_EQ(stored.source, *source_id(db, "mempool")) << "who brought the fees answers for them";
}

TEST_F(ChainFacts, WhatContradictsAStoredBlockGoesToQuarantineWithItsReason) {
    struct Case {
        const char* reason;
        void (*change)(Block&);
    };
    const std::vector<Case> cases{
        {"hash", [](Block& b) { b.hash = hash_of(8); }},
        {"time", [](Block& b) { b.time += seconds{1}; }},
        {"bits", [](Block& b) { b.bits.value += 1; }},
        {"fees", [](Block& b) { b.fees->value += 1; }},
    };
    Block stored = block(kHeight);
    stored.hash = hash_of(7);
    record(blocks({stored}));
    std::int64_t quarantined = 0;
    for (const Case& c : cases) {
        SCOPED_TRACE(c.reason);
        Block other = stored;
        c.change(other);

        const Recorded done = record(blocks({other}, "esplora"));

        EXPECT_EQ(done.refused, 1);
        EXPECT_EQ(at(kHeight).fact, stored);
        EXPECT_EQ(count("quarantine"), ++quarantined);
        EXPECT_THAT(ask("SELECT reason FROM quarantine ORDER BY id DESC LIMIT 1"),
                    HasSubstr(c.reason));
    }
}

TEST_F(ChainFacts, TheSameRefusalTwiceIsOneRow) {
    record(blocks({block(kHeight)}));
    Block other = block(kHeight);
    other.fees->value += 1;
    record(blocks({other}));
    record(blocks({other}));
    EXPECT_EQ(count("quarantine"), 1);
}

TEST_F(ChainFacts, WhatADecoderRefusedIsKeptAsItWasSent) {
    FactBatch facts = batch();
    facts.refused.push_back({"block", "fees above the supply", R"({"fees":9e99})"});
    EXPECT_EQ(record(facts).refused, 1);
    EXPECT_EQ(ask("SELECT payload FROM quarantine"), R"({"fees":9e99})");
    EXPECT_EQ(ask("SELECT state FROM quarantine"), "pending");
}

TEST_F(ChainFacts, AReorganizationPutsTheLosersAsideAndKeepsTheBlocksBelow) {
    record(blocks({block(kHeight), block(kHeight + 1), block(kHeight + 2)}));
    Block winner = block(kHeight + 1);
    winner.time += seconds{30};
    winner.fees = Satoshi{5};

    const Recorded done = replace_branch(blocks({winner}));

    EXPECT_THAT(heights(), ElementsAre(kHeight, kHeight + 1));
    EXPECT_EQ(at(kHeight + 1).fact, winner);
    EXPECT_EQ(done.revised, 2) << "both that stood there";
    EXPECT_EQ(count("facts_aside"), 2);
    EXPECT_EQ(ask("SELECT DISTINCT reason FROM facts_aside"), "reorg");
    EXPECT_THAT(ask("SELECT body FROM facts_aside ORDER BY id LIMIT 1"),
                HasSubstr("\"height\":923801,"));
}

TEST_F(ChainFacts, AReorganizationTakesTheEpochThatBeganOnTheLosingBranch) {
    constexpr std::int64_t kRetarget = 923328;  // 458 * 2016
    record(blocks({block(kRetarget - 1), block(kRetarget)}));
    ASSERT_EQ(count("epochs"), 1);

    replace_branch(blocks({block(kRetarget - 1)}));

    EXPECT_EQ(count("epochs"), 0);
    EXPECT_EQ(ask("SELECT COUNT(*) FROM facts_aside WHERE kind = 'epoch'"), "1");
}

TEST_F(ChainFacts, ABlockAtARetargetHeightIsAnEpochAsWell) {
    constexpr std::int64_t kRetarget = 923328;
    record(blocks({block(kRetarget - 1), block(kRetarget), block(kRetarget + 1)}));
    const auto all = *storage::epochs(db);
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(all[0].fact, (Epoch{kRetarget, block(kRetarget).time, kBits}));
}

TEST_F(ChainFacts, BelowAStoredBlockBitsMayDifferOnlyWhereItIsTheFirstOfAnEpoch) {
    constexpr std::int64_t kRetarget = 923'328;  // 458 * 2016
    Block first = block(kRetarget);
    first.bits = domain::Bits{0x1701e000};
    record(blocks({first}));
    EXPECT_EQ(record(blocks({block(kRetarget - 1)})).refused, 0);

    Block other = block(kRetarget - 2);
    other.bits = first.bits;
    EXPECT_EQ(record(blocks({other})).refused, 1);
    EXPECT_EQ(record(blocks({block(kRetarget - 2)})).refused, 0);
}

TEST_F(ChainFacts, AnySourceOutranksTheStarterHistoryAndNeverTheOtherWayRound) {
    const Epoch rough{923328, kMidnight, kBits};
    const Epoch exact{923328, kMidnight + seconds{42}, kBits};
    record(epochs({rough}, "starter"));

    const Recorded outranked = record(epochs({exact}, "mempool"));
    const Recorded ignored = record(epochs({rough}, "starter"));

    EXPECT_EQ(outranked.revised, 1);
    EXPECT_EQ(ignored.unchanged, 1);
    EXPECT_EQ(storage::epochs(db)->front().fact, exact);
    EXPECT_EQ(ask("SELECT reason FROM facts_aside"), "outranked");
}

TEST_F(ChainFacts, TwoFetchedSourcesThatDisagreeAboutAnEpochAreNotResolvedBySilence) {
    const Epoch first{923328, kMidnight, kBits};
    Epoch other = first;
    other.bits.value += 1;
    record(epochs({first}, "mempool"));

    EXPECT_EQ(record(epochs({other}, "esplora")).refused, 1);

    EXPECT_EQ(storage::epochs(db)->front().fact, first);
    EXPECT_EQ(count("quarantine"), 1);
}

TEST_F(ChainFacts, MissingHeightsAreNamedAsHalfOpenStretches) {
    record(blocks({block(10), block(11), block(14), block(20)}));
    using Stretches = std::vector<std::pair<std::int64_t, std::int64_t>>;
    const auto missing = [&](std::int64_t from, std::int64_t to) {
        Stretches all;
        const auto gaps = *missing_heights(db, from, to);
        for (const HeightGap& gap : gaps) all.emplace_back(gap.from, gap.to);
        return all;
    };
    EXPECT_EQ(missing(10, 21), (Stretches{{12, 14}, {15, 20}}));
    EXPECT_EQ(missing(5, 30), (Stretches{{5, 10}, {12, 14}, {15, 20}, {21, 30}}));
    EXPECT_EQ(missing(13, 16), (Stretches{{13, 14}, {15, 16}}));
    EXPECT_EQ(missing(10, 12), Stretches{});
    EXPECT_EQ(missing(15, 20), (Stretches{{15, 20}})) << "what ends at a stored one";
    EXPECT_EQ(missing(15, 19), (Stretches{{15, 19}}));
    EXPECT_EQ(missing(11, 14), (Stretches{{12, 14}}));
    EXPECT_EQ(missing(100, 110), (Stretches{{100, 110}}));
}

TEST_F(ChainFacts, TheTipIsTheHighestBlockAndAnEmptyChainHasNone) {
    EXPECT_FALSE(*tip(db));
    record(blocks({block(kHeight + 1), block(kHeight)}));
    EXPECT_EQ((*tip(db))->fact.height, kHeight + 1);
}

TEST_F(ChainFacts, TheHeightOfATimeIsTheHighestBlockNotLaterThanIt) {
    EXPECT_EQ(*height_near(db, kMidnight), -1);
    record(blocks({block(kHeight), block(kHeight + 1), block(kHeight + 2)}));
    EXPECT_EQ(*height_near(db, kMidnight - seconds{1}), -1);
    EXPECT_EQ(*height_near(db, kMidnight), kHeight);
    EXPECT_EQ(*height_near(db, kMidnight + seconds{1199}), kHeight + 1);
    EXPECT_EQ(*height_near(db, kMidnight + seconds{9999}), kHeight + 2);
}

}  // namespace
}  // namespace hashprice::storage
