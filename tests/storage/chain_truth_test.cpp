// Bitcoin Core's rules for a header, as far as the chain below it is stored.
#include "storage/chain_truth.hpp"

#include <algorithm>
#include <random>

#include "domain/consensus.hpp"
#include "tests/storage/fixture.hpp"

namespace hashprice::storage {
namespace {

using domain::Bits;
using domain::Epoch;
using domain::kHour;
using testing::HasSubstr;

constexpr std::int64_t kRetarget = 458 * domain::kBlocksPerEpoch;
// kBits is 0x1701d936: the target is 0x01d936 * 256^20
constexpr Bits kFourfold{0x170764d8};  // 4 * 0x01d936
constexpr Bits kFivefold{0x17093e0e};  // 5 * 0x01d936
constexpr Bits kQuarter{0x16764d80};   // 64 * 0x01d936, one byte less
constexpr Bits kFifth{0x165ea466};     // 256 * 0x01d936 / 5, cut, one byte less
constexpr seconds kLead{7200 + 600};   // MAX_FUTURE_BLOCK_TIME, and ten minutes for our clock

class ChainRules : public Stored {
protected:
    /// Why this block is not taken; empty when it is.
    std::string refusal(const Block& b) {
        const Recorded done = record(blocks({b}));
        EXPECT_EQ(done.added + done.refused, 1);
        if (done.refused == 0) return "";
        return ask("SELECT reason FROM quarantine ORDER BY id DESC LIMIT 1");
    }
    std::string refusal(const Epoch& e) {
        FactBatch facts = batch();
        facts.epochs = {e};
        const Recorded done = record(facts);
        if (done.refused == 0) return "";
        return ask("SELECT reason FROM quarantine ORDER BY id DESC LIMIT 1");
    }
    static std::vector<std::int64_t> heights_in(Database& of) {
        std::vector<std::int64_t> heights;
        const auto all = blocks_between(of, 0, kHeight + 1'000).value();
        heights.reserve(all.size());
        for (const auto& b : all) heights.push_back(b.fact.height);
        return heights;
    }
    void store(std::int64_t from, std::int64_t to) {
        std::vector<Block> all;
        all.reserve(static_cast<std::size_t>(to - from));
        for (std::int64_t h = from; h < to; ++h) all.push_back(block(h));
        ASSERT_EQ(record(blocks(all)).added, to - from);
    }
    static Block with_bits(std::int64_t height, Bits bits) {
        Block b = block(height);
        b.bits = bits;
        return b;
    }
};

// validation.cpp, ContextualCheckBlockHeader: nTime > pindexPrev->GetMedianTimePast(), which is the
// sixth of the last eleven in order of time
TEST_F(ChainRules, ABlockIsLaterThanTheMedianOfTheElevenBelowIt) {
    store(kHeight, kHeight + 11);
    Block b = block(kHeight + 11);
    b.time = block(kHeight + 5).time;
    EXPECT_THAT(refusal(b), HasSubstr("is not after " + domain::format_time(b.time)));
    b.time += seconds{1};
    EXPECT_EQ(refusal(b), "");
}

TEST_F(ChainRules, TheMedianIsThatOfTheTimesNotTheSixthBlock) {
    store(kHeight, kHeight + 10);
    Block early = block(kHeight + 10);  // the eleventh is as old as the third and a half
    early.time = block(kHeight + 2).time + seconds{300};
    ASSERT_EQ(refusal(early), "") << "ten below it: no median of eleven is known";
    // in order: 0 1 2 early 3 4 ...: the sixth is block 4
    Block b = block(kHeight + 11);
    b.time = block(kHeight + 4).time;
    EXPECT_THAT(refusal(b), HasSubstr("is not after"));
    b.time += seconds{1};
    EXPECT_EQ(refusal(b), "");
}

TEST_F(ChainRules, TenBlocksBelowHaveNoMedianOfElevenNorDoElevenWithAGap) {
    store(kHeight, kHeight + 10);
    Block b = block(kHeight + 10);
    b.time = block(kHeight).time;
    EXPECT_EQ(refusal(b), "");

    db = *Database::in_memory();
    store(kHeight, kHeight + 5);
    store(kHeight + 6, kHeight + 12);
    b = block(kHeight + 12);
    b.time = block(kHeight).time;
    EXPECT_EQ(refusal(b), "");
}

// validation.cpp: MAX_FUTURE_BLOCK_TIME is two hours
TEST_F(ChainRules, ABlockOrEpochFromTheFutureIsRefused) {
    Block b = block(kHeight);
    b.time = kFetched + kLead + seconds{1};
    EXPECT_THAT(refusal(b), HasSubstr("is in the future"));
    b.time -= seconds{1};
    EXPECT_EQ(refusal(b), "");

    Epoch e{kRetarget, kFetched + kLead + seconds{1}, kBits};
    EXPECT_THAT(refusal(e), HasSubstr("is in the future"));
    e.start_time -= seconds{1};
    EXPECT_EQ(refusal(e), "");
}

// pow.cpp, PermittedDifficultyTransition
TEST_F(ChainRules, BitsChangeOnlyAtARetargetAndByAFactorOfFourAtMost) {
    store(kRetarget - 2, kRetarget - 1);
    EXPECT_THAT(refusal(with_bits(kRetarget - 1, Bits{kBits.value + 1})),
                HasSubstr("cannot follow the 0x1701d936 of block 923326"));
    EXPECT_EQ(refusal(block(kRetarget - 1)), "");
    EXPECT_THAT(refusal(with_bits(kRetarget, kFivefold)), HasSubstr("cannot follow"));
    EXPECT_THAT(refusal(with_bits(kRetarget, kFifth)), HasSubstr("cannot follow"));
    EXPECT_EQ(refusal(with_bits(kRetarget, kFourfold)), "");

    db = *Database::in_memory();
    store(kRetarget - 1, kRetarget);
    EXPECT_EQ(refusal(with_bits(kRetarget, kQuarter)), "");
}

TEST_F(ChainRules, WhatIsNotStoredIsNotHeldAgainstABlock) {
    store(kHeight, kHeight + 1);
    EXPECT_EQ(refusal(with_bits(kRetarget - 1, kFifth)), "") << "of the epoch before";
    EXPECT_THAT(refusal(with_bits(kHeight - 1, kFifth)), HasSubstr("cannot stand below"));
    EXPECT_EQ(refusal(with_bits(kHeight + 2, kFourfold)), "") << "a height between is not known";
}

TEST_F(ChainRules, BelowAStoredBlockTheRulesAreTheSame) {
    record(blocks({block(kRetarget)}));
    EXPECT_THAT(refusal(with_bits(kRetarget - 1, kFivefold)),
                HasSubstr("cannot stand below the 0x1701d936 of block 923328"));
    EXPECT_EQ(refusal(with_bits(kRetarget - 1, kQuarter)), "");
    EXPECT_THAT(refusal(with_bits(kRetarget - 2, kBits)), HasSubstr("cannot stand below"));
}

/// It used to be looked at only by the next one of the batch, which is not looked at when it is
/// stored.
TEST_F(ChainRules, ABlockIsHeldAgainstTheStoredOneAboveItThoughTheBatchRepeatsThatOne) {
    store(kHeight + 1, kHeight + 2);
    const Recorded done =
        record(blocks({with_bits(kHeight, kFourfold), block(kHeight + 1)}, "esplora"));
    EXPECT_EQ(done.refused, 1);
    EXPECT_EQ(done.unchanged, 1);
    EXPECT_FALSE(block_at(db, kHeight).value());
}

TEST_F(ChainRules, ABlockStandsOnTheOneItNames) {
    Block parent = block(kHeight);
    parent.hash = hash_of(7);
    record(blocks({parent}));
    Block child = block(kHeight + 1);
    child.parent = hash_of(8);
    EXPECT_THAT(refusal(child), HasSubstr("is not the stored block 923800"));
    child.parent = hash_of(7);
    EXPECT_EQ(refusal(child), "");
    Block grandchild = block(kHeight + 2);
    grandchild.parent = hash_of(9);  // nobody knows its parent's hash
    EXPECT_EQ(refusal(grandchild), "");
}

TEST_F(ChainRules, ABlockHasTheBitsOfItsEpochUnlessOnlyTheStarterHistoryKnowsThem) {
    FactBatch facts = batch("starter");
    facts.epochs = {{kRetarget, block(kRetarget).time, kFourfold}};
    record(facts);
    EXPECT_EQ(refusal(block(kRetarget + 10)), "");

    facts.source = "mempool";
    facts.epochs = {{kRetarget - 2016, block(kRetarget - 2016).time, kFourfold}};
    record(facts);
    EXPECT_THAT(refusal(block(kRetarget - 2)), HasSubstr("are not the 0x170764d8 of its epoch"));
    EXPECT_EQ(refusal(with_bits(kRetarget - 2, kFourfold)), "");
}

TEST_F(ChainRules, AnEpochIsWithinAFactorOfFourOfItsStoredNeighboursOnBothSides) {
    ASSERT_EQ(refusal(Epoch{kRetarget, kMidnight, kBits}), "");
    for (const std::int64_t side : {std::int64_t{-2016}, std::int64_t{2016}}) {
        SCOPED_TRACE(side);
        const std::int64_t height = kRetarget + side;
        EXPECT_THAT(refusal(Epoch{height, kMidnight, kFivefold}),
                    HasSubstr("more than a factor of 4 from the 0x1701d936 of epoch 923328"));
        EXPECT_THAT(refusal(Epoch{height, kMidnight, kFifth}), HasSubstr("a factor of 4"));
        EXPECT_EQ(refusal(Epoch{height, kMidnight, side < 0 ? kFourfold : kQuarter}), "");
    }
    EXPECT_EQ(refusal(Epoch{kRetarget + 3 * domain::kBlocksPerEpoch, kMidnight, kFivefold}), "")
        << "the one between is not known";
}

TEST_F(ChainRules, TheSameEpochFromAnotherSourceIsKnown) {
    FactBatch facts = batch();
    facts.epochs = {{kRetarget, kMidnight, kBits}};
    EXPECT_EQ(record(facts).added, 1);
    facts.source = "esplora";
    const Recorded again = record(facts);
    EXPECT_EQ(again.unchanged, 1);
    EXPECT_EQ(again.added + again.revised + again.refused, 0);
}

/// Some are stored already, some of those are said again: it ends as if each had come alone.
TEST_F(ChainRules, ABatchAmongStoredBlocksEndsAsItsBlocksOneByOne) {
    std::mt19937 chance(9);
    std::int64_t refused = 0;
    for (int round = 0; round < 20; ++round) {
        SCOPED_TRACE(round);
        db = *Database::in_memory();
        Database one_by_one = *Database::in_memory();
        const auto store_in_both = [&](const Block& b) {
            ASSERT_TRUE(storage::record(db, blocks({b})));
            ASSERT_TRUE(storage::record(one_by_one, blocks({b})));
        };
        std::vector<Block> batch_of;
        for (std::int64_t h = kHeight; h < kHeight + 60; ++h) {
            Block b = block(h);
            b.time += seconds{static_cast<int>(chance() % 9000) - 4500};
            const bool stored = chance() % 3 == 0;
            if (stored) store_in_both(b);
            if (!stored || chance() % 2 == 0) batch_of.push_back(b);
        }
        record(blocks(batch_of));
        for (const Block& b : batch_of)
            refused += storage::record(one_by_one, blocks({b}))->refused;
        EXPECT_TRUE(heights_in(db) == heights_in(one_by_one));
    }
    EXPECT_GT(refused, 10) << "the rule was hardly met";
}

/// Blocks in random order of time, some of them too early: which are taken is worked out here from
/// the plain words of the rule, block by block.
TEST_F(ChainRules, OfALongBatchThoseAreTakenThatAreLaterThanTheirMedian) {
    std::mt19937 chance(3);
    std::vector<Block> said;
    std::vector<Block> taken;
    for (std::int64_t h = kHeight; h < kHeight + 400; ++h) {
        if (chance() % 40 == 0) continue;  // a gap
        Block b = block(h);
        b.time += seconds{static_cast<int>(chance() % 9000) - 4500};
        said.push_back(b);
        std::vector<UtcSeconds> below;
        for (const Block& other : taken)
            if (other.height >= h - 11) below.push_back(other.time);
        std::ranges::sort(below);
        if (below.size() < 11 || b.time > below[5]) taken.push_back(b);
    }
    Database one_by_one = *Database::in_memory();
    const auto heard = [](std::vector<Block> all) {
        FactBatch facts = blocks(std::move(all));
        facts.fetched_at += 30 * domain::kDay;  // none is from the future
        return facts;
    };
    for (const Block& b : said) ASSERT_TRUE(storage::record(one_by_one, heard({b})));

    const Recorded done = record(heard(said));

    EXPECT_GT(done.refused, 5) << "the rule was hardly met";
    EXPECT_EQ(done.refused, std::ssize(said) - std::ssize(taken));
    for (Database* const each : {&db, &one_by_one}) {
        std::vector<Block> stored;
        const auto all = blocks_between(*each, 0, kHeight + 1'000).value();
        stored.reserve(all.size());
        for (const auto& b : all) stored.push_back(b.fact);
        EXPECT_TRUE(stored == taken);
    }
}

}  // namespace
}  // namespace hashprice::storage
