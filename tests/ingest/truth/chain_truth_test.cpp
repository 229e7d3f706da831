#include "domain/consensus.hpp"
#include "tests/ingest/truth/fixture.hpp"

namespace hashprice::ingest {
namespace {

using ::testing::HasSubstr;

constexpr std::int64_t kRetarget = 923328;            // 458 * 2016
constexpr domain::Bits kFourTimesEasier{0x170764d8};  // the mantissa of kBits times 4

/// Twenty blocks up to kHeight, linked by hash.
std::vector<Block> chain() {
    std::vector<Block> all;
    for (std::int64_t h = kHeight - 19; h <= kHeight; ++h) all.push_back(linked(h));
    return all;
}

TEST(ChainTruth, AChainThatKeepsTheRulesIsStoredWhole) {
    House house;
    EXPECT_EQ(house.take_blocks(chain()).recorded.added, 20);
    EXPECT_EQ(house.take_blocks({linked(kHeight + 1), linked(kHeight + 2)}).recorded.added, 2);
    EXPECT_TRUE(house.pending().empty());
}

TEST(ChainTruth, WhatBreaksARuleAgainstTheStoredChainIsRefusedWithItsReason) {
    struct Case {
        const char* given;
        const char* reason;
        std::function<void(Block&)> change;
    };
    // the median of the eleven blocks below kHeight + 1 is the time of kHeight - 5
    const UtcSeconds median = block(kHeight - 5).time;
    const std::vector<Case> cases{
        {"another parent", "previousblockhash", [](Block& b) { b.parent = hash_of(7); }},
        {"harder within an epoch", "bits", [](Block& b) { b.bits.value -= 1; }},
        {"easier within an epoch", "bits", [](Block& b) { b.bits = kFourTimesEasier; }},
        {"at the median time", "median", [&](Block& b) { b.time = median; }},
        {"years before", "median", [](Block& b) { b.time -= 1000 * domain::kDay; }},
        {"in the future", "future", [](Block& b) { b.time = kNow + 3 * domain::kHour; }},
    };
    for (const Case& c : cases) {
        SCOPED_TRACE(c.given);
        House house;
        house.take_blocks(chain());
        Block next = linked(kHeight + 1);
        c.change(next);

        EXPECT_EQ(house.take_blocks({next}).recorded.refused, 1);

        EXPECT_FALSE(house.at(kHeight + 1));
        ASSERT_EQ(house.pending().size(), 1U);
        EXPECT_THAT(house.pending()[0].reason, HasSubstr(c.reason));
        EXPECT_EQ(house.pending()[0].height, kHeight + 1);
    }
}

TEST(ChainTruth, ATimeOneSecondAfterTheMedianIsRight) {
    House house;
    house.take_blocks(chain());
    Block next = linked(kHeight + 1);
    next.time = block(kHeight - 5).time + seconds{1};
    EXPECT_EQ(house.take_blocks({next}).recorded.added, 1);
}

TEST(ChainTruth, AHeaderMayRunTwoHoursAhead) {
    House house;
    house.take_blocks(chain());
    const UtcSeconds heard = block(kHeight + 1).time - 2 * domain::kHour;
    EXPECT_EQ(house.take_blocks({linked(kHeight + 1)}, "mempool", heard).recorded.added, 1);
}

TEST(ChainTruth, BitsChangeAtMultiplesOf2016ByAFactorOfFourAtMost) {
    struct Case {
        const char* given;
        domain::Bits bits;
        bool allowed;
    };
    // 0x1701d936: mantissa 0x01d936 = 121142; a quarter of the difficulty is 484568 = 0x0764d8
    const std::vector<Case> cases{{"unchanged", kBits, true},
                                  {"a quarter", kFourTimesEasier, true},
                                  {"less than a quarter", {0x17076600}, false},
                                  {"four times", {0x16764d80}, true},
                                  {"five times", {0x165e8cce}, false}};
    for (const Case& c : cases) {
        SCOPED_TRACE(c.given);
        House house;
        house.take_blocks(blocks(kRetarget - 12, kRetarget));
        Block first = block(kRetarget);
        first.bits = c.bits;

        const bool stored = house.take_blocks({first}).recorded.added == 1;

        EXPECT_EQ(stored, c.allowed);
        EXPECT_EQ(storage::epochs(house.db)->size(), c.allowed ? 1U : 0U);
    }
}

TEST(ChainTruth, APageBelowWhatIsStoredIsHeldAgainstTheBlockAboveIt) {
    House house;
    house.take_blocks({block(kHeight)});
    Block below = block(kHeight - 1);
    below.bits = kFourTimesEasier;
    EXPECT_EQ(house.take_blocks({below}).recorded.refused, 1);
    EXPECT_THAT(house.pending()[0].reason, HasSubstr("cannot stand below"));
    EXPECT_EQ(house.take_blocks({block(kHeight - 1)}).recorded.added, 1);
}

TEST(ChainTruth, ABlockAnywhereInAnEpochIsHeldAgainstTheFetchedEpochButNotTheStarters) {
    FactBatch epoch{.source = "mempool", .fetched_at = kNow};
    epoch.epochs.push_back({kRetarget, block(kRetarget).time, kFourTimesEasier});
    House house;
    house.take(epoch);
    EXPECT_EQ(house.take_blocks({block(kHeight)}, "esplora").recorded.refused, 1);
    EXPECT_THAT(house.pending()[0].reason, HasSubstr("of its epoch"));

    House shipped;
    epoch.source = "starter";
    shipped.take(epoch);
    EXPECT_EQ(shipped.take_blocks({block(kHeight)}, "esplora").recorded.added, 1);
}

TEST(ChainTruth, OneBadBlockOfAPageDoesNotTakeTheOthersWithIt) {
    House house;
    std::vector<Block> page = chain();
    page[10].bits = kFourTimesEasier;
    const auto done = house.take_blocks(page).recorded;
    EXPECT_EQ(done.refused, 1);
    EXPECT_EQ(done.added, 19);
    EXPECT_FALSE(house.at(kHeight - 9));
}

TEST(ChainTruth, AnEpochStandsWithinAFactorOfFourOfItsNeighbours) {
    FactBatch first{.source = "mempool", .fetched_at = kNow};
    first.epochs.push_back({kRetarget, kMidnight - 20 * domain::kDay, kBits});
    FactBatch second = first;
    second.epochs[0] = {kRetarget + 2016, kMidnight - 6 * domain::kDay, {0x165e8cce}};
    House house;
    house.take(first);
    EXPECT_EQ(house.take(second).recorded.refused, 1);
    EXPECT_THAT(house.pending()[0].reason, HasSubstr("factor of 4"));
    second.epochs[0].bits = {0x1701d000};
    EXPECT_EQ(house.take(second).recorded.added, 1);
    second.epochs[0] = {kRetarget + 4032, kNow + domain::kDay, kBits};
    EXPECT_EQ(house.take(second).recorded.refused, 1) << "its start is in the future";
}

TEST(ChainTruth, AReleasedBlockStandsAgainstTheRules) {
    House house;
    house.take_blocks(chain());
    Block next = linked(kHeight + 1);
    next.parent = hash_of(7);
    house.take_blocks({next});
    ASSERT_TRUE(house.release(house.pending().at(0).id));
    EXPECT_TRUE(house.at(kHeight + 1));
}

}  // namespace
}  // namespace hashprice::ingest
