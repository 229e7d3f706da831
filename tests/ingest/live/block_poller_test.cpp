#include "ingest/live/block_poller.hpp"

#include "tests/ingest/live/stage.hpp"

namespace hashprice::ingest {
namespace {

using domain::Errc;
using namespace std::chrono_literals;

constexpr std::int64_t kTip = 923'600;

class BlockPolling : public Stage {
protected:
    BlockPolling() { chain.lay(kTip - 400, kTip); }

    ScriptedChain chain;
};

TEST_F(BlockPolling, TheFirstRoundBringsAWholeFeeWindow) {
    auto blocks = poller({&chain});

    blocks->round({});

    EXPECT_EQ(stored_tip(), kTip);
    EXPECT_GE(counts().blocks, 144);
    EXPECT_EQ(chain.pages, 10) << "150 blocks, 15 a page: the far past is left to backfill";
}

TEST_F(BlockPolling, ATipThatIsKnownCostsNoPage) {
    auto blocks = poller({&chain});
    blocks->round({});
    const int before = chain.pages;

    play(*blocks, 5min);

    EXPECT_EQ(chain.pages, before);
}

TEST_F(BlockPolling, ANewBlockCostsOnePage) {
    auto blocks = poller({&chain});
    blocks->round({});
    const int before = chain.pages;

    chain.lay(kTip + 1, kTip + 3);
    blocks->round({});

    EXPECT_EQ(stored_tip(), kTip + 3);
    EXPECT_EQ(chain.pages, before + 1);
}

TEST_F(BlockPolling, AfterALongPauseItFollowsTheTip) {
    auto blocks = poller({&chain});
    blocks->round({});

    chain.lay(kTip + 1, kTip + 1000);
    blocks->round({});

    EXPECT_EQ(stored_tip(), kTip + 1000);
    EXPECT_TRUE(stored_hash(kTip + 1000 - 143));
    EXPECT_FALSE(stored_hash(kTip + 500)) << "left to backfill";
}

TEST_F(BlockPolling, AReorganizationOfAnyBelievableDepthIsFollowed) {
    for (const std::int64_t depth : {1, 3, 14, 15, 16, 40, 100}) {
        SCOPED_TRACE(depth);
        auto blocks = poller({&chain});
        blocks->round({});
        const std::int64_t top = stored_tip();
        const auto aside = counts().aside;
        const auto branch = static_cast<char>('a' + depth);

        chain.lay(top - depth + 1, top + 1, branch);
        clock.advance(30s);
        blocks->round({});

        EXPECT_EQ(stored_tip(), top + 1);
        for (std::int64_t height = top - depth - 3; height <= top + 1; ++height) {
            EXPECT_EQ(stored_hash(height), chain.blocks.at(height).hash) << height;
        }
        EXPECT_EQ(counts().aside - aside, depth) << "the branch that lost is kept aside";
        EXPECT_EQ(counts().quarantined, 0);
    }
}

TEST_F(BlockPolling, ADeeperBranchIsNotBelieved) {
    auto blocks = poller({&chain});
    blocks->round({});

    chain.lay(kTip - 300, kTip + 1, 'x');
    play(*blocks, 10min);

    EXPECT_EQ(stored_tip(), kTip);
    EXPECT_EQ(stored_hash(kTip), hash_of(kTip, 'a'));
    ASSERT_EQ(changes.size(), 1U) << "the source is out of order, said once";
    EXPECT_NE(changes[0].what.find("another branch"), std::string::npos);
}

TEST_F(BlockPolling, AnotherBlockAtTheSameHeightIsFoundWithinTenMinutes) {
    auto blocks = poller({&chain});
    blocks->round({});

    chain.lay(kTip, kTip, 'b');
    play(*blocks, 11min);

    EXPECT_EQ(stored_tip(), kTip);
    EXPECT_EQ(stored_hash(kTip), hash_of(kTip, 'b'));
}

TEST_F(BlockPolling, ATipThatGoesBackwardsTakesNothingAway) {
    auto blocks = poller({&chain});
    blocks->round({});
    const int before = chain.pages;

    chain.told_tip = kTip - 5;
    play(*blocks, 3h);

    EXPECT_EQ(stored_tip(), kTip);
    EXPECT_EQ(counts().aside, 0);
    EXPECT_LE(chain.pages - before, 13) << "a look every ten minutes, once it has lasted an hour";
    EXPECT_TRUE(changes.empty());
}

TEST_F(BlockPolling, AShorterBranchIsFollowedOnlyOnceItHasStoodForAnHour) {
    auto blocks = poller({&chain});
    blocks->round({});

    chain.lay(kTip - 4, kTip - 2, 'b');
    play(*blocks, 55min);
    EXPECT_EQ(stored_hash(kTip), hash_of(kTip, 'a'));
    play(*blocks, 15min);

    EXPECT_EQ(stored_tip(), kTip - 2);
    EXPECT_EQ(stored_hash(kTip - 3), hash_of(kTip - 3, 'b'));
    EXPECT_EQ(counts().aside, 5);
}

TEST_F(BlockPolling, WhatWasReadBeforeAFailureCounts) {
    auto blocks = poller({&chain});

    chain.pages_until_error = 4;
    blocks->round({});
    EXPECT_EQ(counts().blocks, 60);
    EXPECT_EQ(stored_tip(), kTip);
    chain.pages_until_error.reset();
    play(*blocks, 1min);

    EXPECT_EQ(counts().blocks, 150);
}

TEST_F(BlockPolling, ABranchThatWasReadHalfIsNotTaken) {
    auto blocks = poller({&chain});
    blocks->round({});

    chain.lay(kTip - 39, kTip + 1, 'b');
    chain.pages_until_error = chain.pages + 2;
    clock.advance(30s);
    blocks->round({});
    EXPECT_EQ(stored_tip(), kTip);
    EXPECT_EQ(stored_hash(kTip), hash_of(kTip, 'a'));
    chain.pages_until_error.reset();
    play(*blocks, 1min);

    EXPECT_EQ(stored_hash(kTip - 39), hash_of(kTip - 39, 'b'));
    EXPECT_EQ(stored_tip(), kTip + 1);
}

TEST_F(BlockPolling, BitsThatChangeWithinAnEpochAreRefused) {
    auto blocks = poller({&chain});
    blocks->round({});

    chain.bits = {0x1701ffff};
    chain.lay(kTip + 1, kTip + 15);  // a page of its own: within itself it is consistent
    clock.advance(30s);
    blocks->round({});

    EXPECT_EQ(stored_tip(), kTip);
}

TEST_F(BlockPolling, ASourceThatFailsTwiceIsPassedOverAndComesBack) {
    ScriptedChain second("esplora");
    second.with_fees = false;
    second.lay(kTip - 400, kTip);
    auto blocks = poller({&chain, &second});
    blocks->round({});

    chain.error = domain::Error{Errc::timeout, "no answer within the deadline"};
    second.lay(kTip + 1, kTip + 2);
    play(*blocks, 2min);
    EXPECT_EQ(stored_tip(), kTip + 2) << "of the second, without fees";
    chain.error.reset();
    chain.lay(kTip + 1, kTip + 3);
    play(*blocks, 10min);

    EXPECT_EQ(stored_tip(), kTip + 3);
    const auto filled =
        db([](storage::Database& d) { return storage::block_at(d, kTip + 1); }).value();
    EXPECT_EQ(filled->fact.fees, domain::Satoshi{1'000'000}) << "the first fills them in";
    ASSERT_EQ(changes.size(), 2U);
    EXPECT_FALSE(changes[0].up);
    EXPECT_TRUE(changes[1].up);
}

TEST_F(BlockPolling, OneHiccupIsNoOutage) {
    auto blocks = poller({&chain});
    blocks->round({});

    for (int n = 0; n < 20; ++n) {
        chain.error = domain::Error{Errc::timeout, "no answer within the deadline"};
        clock.advance(blocks->round({}));
        chain.error.reset();
        clock.advance(blocks->round({}));
    }

    EXPECT_TRUE(changes.empty());
}

TEST_F(BlockPolling, ARetargetBlockBeginsAnEpoch) {
    constexpr std::int64_t kRetarget = 923'328;
    ScriptedChain young;
    young.bits = {0x1701cdfb};
    young.lay(kRetarget - 200, kRetarget - 1);
    auto blocks = poller({&young});
    blocks->round({});

    young.bits = {0x1701d936};
    young.lay(kRetarget, kRetarget + 1);
    clock.advance(30s);
    blocks->round({});

    const auto epochs = db([](storage::Database& d) { return storage::epochs(d); }).value();
    ASSERT_EQ(epochs.size(), 1U);
    EXPECT_EQ(epochs[0].fact.start_height, kRetarget);
    EXPECT_EQ(epochs[0].fact.bits.value, 0x1701d936U);
}

}  // namespace
}  // namespace hashprice::ingest
