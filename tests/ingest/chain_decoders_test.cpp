#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ingest/sources/bitcoin_core.hpp"
#include "ingest/sources/esplora.hpp"
#include "ingest/sources/fee_rows.hpp"
#include "ingest/sources/mempool.hpp"
#include "ingest/sources/plausible.hpp"
#include "tests/ingest/decoders.hpp"

namespace hashprice::ingest {
namespace {

using domain::Bits;
using domain::Block;
using domain::Errc;
using domain::Satoshi;
using domain::utc;
using testing::HasSubstr;

const domain::Bits kPowLimit{0x1d00ffff};
const domain::UtcSeconds kNow = utc(1'764'547'200);  // 2025-12-01

std::string replaced(std::string text, const std::string& what, const std::string& with) {
    const std::size_t at = text.find(what);
    EXPECT_NE(at, std::string::npos) << what;
    return at == std::string::npos ? text : text.replace(at, what.size(), with);
}

// Bitcoin chain, blocks 903166 to 903169; difficulty changes at 903168 = 448 * 2016
TEST(MempoolBlocks, APageComesOutAscendingWithFeesAndParents) {
    const auto blocks = decode_mempool_blocks(payload("mempool_blocks"), kNow);

    ASSERT_TRUE(blocks) << blocks.error().what;
    ASSERT_EQ(blocks->size(), 4U);
    const Block& first = blocks->front();
    EXPECT_EQ(first.height, 903166);
    EXPECT_EQ(domain::format_hash(*first.hash),
              "000000000000000000000628300b37c92e3844de74c09e3af8f17ccbc6110aaf");
    EXPECT_EQ(first.time, utc(1'751'171'310));
    EXPECT_EQ(first.bits, Bits{0x17023a04});
    EXPECT_EQ(first.fees, Satoshi{1'088'378});
    EXPECT_EQ(blocks->back().bits, Bits{0x17026816});
    EXPECT_EQ(blocks->back().parent, (*blocks)[2].hash);
}

struct Refusal {
    std::string given;
    std::string what;
    std::string with;
    std::string complaint;
};

TEST(MempoolBlocks, WhatCannotBeIsRefusedByName) {
    const std::vector<Refusal> cases{
        {"fees as text", R"("totalFees":1732728)", R"("totalFees":"1732728")",
         "totalFees is no in"},
        {"fees missing", R"("totalFees":1732728)", R"("total":1732728)", "totalFees is missing"},
        {"fees null", R"("totalFees":1732728)", R"("totalFees":null)", "totalFees is no integer"},
        {"sentinel", R"("totalFees":1732728)", R"("totalFees":-1)", "blocks[0].totalFees is -1"},
        {"a reward above subsidy and fees", R"("reward":314232728)", R"("reward":314232729)",
         "reward"},
        {"time in ms", R"("timestamp":1751174954)", R"("timestamp":1751174954000)", "milliseconds"},
        {"time far ahead", R"("timestamp":1751174954)", R"("timestamp":1764560000)", "future"},
        {"height off by one", R"("height":903169)", R"("height":903170)", "followed by"},
        {"bits changed in mid-epoch", R"("bits":386033686)", R"("bits":386033687)", "bits change"},
        {"bits of a test network", R"("bits":386033686)", R"("bits":486604799)", "too easy"},
        {"no such target", R"("bits":386033686)", R"("bits":0)", "no valid target"},
        {"a hash without work", "\"00000000000000000002359ec27a", "\"00000000010000000002359ec27a",
         "does not meet the target"},
        {"another parent", R"("previousblockhash":"0000000000000000000146)",
         R"("previousblockhash":"0000000000000000000246)", "previousblockhash of block 903169"}};
    for (const Refusal& c : cases) {
        SCOPED_TRACE(c.given);
        const auto blocks =
            decode_mempool_blocks(replaced(payload("mempool_blocks"), c.what, c.with), kNow);
        ASSERT_FALSE(blocks);
        EXPECT_THAT(blocks.error().what, HasSubstr(c.complaint));
    }
}

TEST(MempoolBlocks, AMinerMayClaimLessThanItsDue) {
    // Bitcoin chain, block 501726: the miner claimed nothing at all
    EXPECT_TRUE(decode_mempool_blocks(
        replaced(payload("mempool_blocks"), R"("reward":314232728)", R"("reward":0)"), kNow));
}

TEST(MempoolBlocks, TheFirstBlockHasNoParent) {
    // Bitcoin Core, kernel/chainparams.cpp
    const std::string genesis =
        R"([{"id":"000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f","height":0,)"
        R"("timestamp":1231006505,"bits":486604799,"previousblockhash":null,)"
        R"("extras":{"totalFees":0,"reward":5000000000}}])";

    const auto blocks = decode_mempool_blocks(genesis, kNow);

    ASSERT_TRUE(blocks) << blocks.error().what;
    EXPECT_EQ(blocks->front().parent, std::nullopt);
    EXPECT_FALSE(decode_mempool_blocks(replaced(genesis, "1231006505", "1296688602"), kNow))
        << "testnet's first block";
}

TEST(MempoolBlocks, AnEmptyPageIsAnAnswer) {
    const auto blocks = decode_mempool_blocks("[]", kNow);
    ASSERT_TRUE(blocks);
    EXPECT_TRUE(blocks->empty());
}

TEST(EsploraBlocks, HaveNoFees) {
    const auto blocks = decode_esplora_blocks(payload("esplora_blocks"), kNow);

    ASSERT_TRUE(blocks) << blocks.error().what;
    auto with_fees = decode_mempool_blocks(payload("mempool_blocks"), kNow).value();
    for (Block& block : with_fees) block.fees.reset();
    EXPECT_EQ(*blocks, with_fees);
}

TEST(MempoolEpochs, BitsComeFromThePrintedDifficulty) {
    // the example of mempool.space's documentation; bits: Electrum's checkpoints
    const auto epochs = decode_mempool_epochs(
        "[[1703311464,822528,72006146478567.1,1.06983],[1702180644,820512,67305906902031.39,"
        "0.990408]]",
        utc(1'703'400'000));

    ASSERT_TRUE(epochs) << epochs.error().what;
    ASSERT_EQ(epochs->size(), 2U);
    EXPECT_EQ((*epochs)[0], (domain::Epoch{820512, utc(1'702'180'644), Bits{0x17042e95}}));
    EXPECT_EQ((*epochs)[1], (domain::Epoch{822528, utc(1'703'311'464), Bits{0x1703e8b3}}));
}

TEST(MempoolEpochs, WhatCannotBeIsRefusedByName) {
    const std::vector<Refusal> cases{
        {"not at a retarget", "925344", "925345", "epochs[0][1] is no multiple of 2016"},
        {"a difficulty between two bits", "149301205959699.9", "149301305959699.9", "epochs[0][2]"},
        {"a fall below a quarter", "149301205959699.9", "1", "factor of 4"},
        {"the same epoch twice", "925344", "923328", "out of order"},
        {"in the future", "1764206208", "1765206208000", "milliseconds"}};
    for (const Refusal& c : cases) {
        SCOPED_TRACE(c.given);
        const auto epochs =
            decode_mempool_epochs(replaced(payload("mempool_epochs"), c.what, c.with), kNow);
        ASSERT_FALSE(epochs);
        EXPECT_THAT(epochs.error().what, HasSubstr(c.complaint));
    }
    EXPECT_FALSE(decode_mempool_epochs(payload("mempool_epochs"), kNow + 90 * domain::kDay))
        << "no retarget for three months";
}

TEST(MempoolFees, ARowThatMayBeTwoBlocksIsNotExact) {
    // Bitcoin chain: blocks 911531 and 911532 have the same header time
    const auto rows = decode_mempool_block_fees(payload("mempool_fees"),
                                                {utc(1'756'062'000), utc(1'756'069'200)});

    ASSERT_TRUE(rows) << rows.error().what;
    std::vector<std::int64_t> exact;
    for (const BlockFees& row : *rows) {
        if (row.exact) exact.push_back(row.height);
    }
    // 911524 to 911539 without 911531: not exact are two at each end and two beside the hole
    EXPECT_EQ(exact,
              (std::vector<std::int64_t>{911526, 911527, 911528, 911534, 911535, 911536, 911537}));
}

TEST(MempoolFees, ExactRowsBecomeBlocksWithTheBitsOfTheirEpoch) {
    const auto rows = decode_mempool_block_fees(payload("mempool_fees"),
                                                {utc(1'756'062'000), utc(1'756'069'200)});
    const std::vector<domain::Epoch> epochs{{909216, utc(1'754'686'386), Bits{0x17022cb3}},
                                            {911232, utc(1'755'895'678), Bits{0x17022b91}}};

    const auto blocks = blocks_of(*rows, epochs);

    ASSERT_EQ(blocks.size(), 7U);
    EXPECT_EQ(blocks.front().height, 911526);
    EXPECT_EQ(blocks.front().hash, std::nullopt);
    EXPECT_EQ(blocks.front().time, utc(1'756'064'431));
    EXPECT_EQ(blocks.front().bits, Bits{0x17022b91});
    EXPECT_EQ(blocks.front().fees, Satoshi{1'375'805});
    EXPECT_TRUE(blocks_of(*rows, std::span(epochs).first(1)).empty()) << "epoch not yet known";
}

TEST(MempoolFees, RowsOutsideTheRangeAreRefused) {
    const auto rows = decode_mempool_block_fees(payload("mempool_fees"),
                                                {utc(1'756'064'000), utc(1'756'069'200)});
    ASSERT_FALSE(rows);
    EXPECT_THAT(rows.error().what, HasSubstr("timestamp lies outside"));
}

TEST(MempoolDayFees, ADayThatIsNotCompleteIsLeftOut) {
    const auto both = decode_mempool_day_fees(payload("mempool_day_fees"), utc(1'652'313'600));
    const auto one = decode_mempool_day_fees(payload("mempool_day_fees"), utc(1'652'227'199));

    ASSERT_TRUE(both && one);
    ASSERT_EQ(both->size(), 2U);
    ASSERT_EQ(one->size(), 1U);
    EXPECT_EQ(one->front().end, utc(1'652'140'800));  // 2022-05-10T00:00Z
    EXPECT_EQ(one->front().mean, Satoshi{24'212'890});
    EXPECT_EQ(one->front().mean_height, 735'644);
}

TEST(CoreBlocks, APrunedBlockHasAHeaderAndNoFees) {
    const auto expected = decode_mempool_blocks(payload("mempool_blocks"), kNow).value();
    const std::vector<domain::BlockHash> hashes{*expected[1].hash, *expected[2].hash,
                                                *expected[3].hash};

    const auto blocks = decode_core_blocks(payload("core_blocks"), hashes, kNow);

    ASSERT_TRUE(blocks) << blocks.error().what;
    ASSERT_EQ(blocks->size(), 3U);
    EXPECT_EQ((*blocks)[0].fees, std::nullopt);
    EXPECT_EQ((*blocks)[0].hash, expected[1].hash);
    EXPECT_EQ((*blocks)[1], expected[2]);
    EXPECT_EQ((*blocks)[2], expected[3]);
}

TEST(CoreBlocks, OtherErrorsOfTheNodeAreNamed) {
    const auto expected = decode_mempool_blocks(payload("mempool_blocks"), kNow).value();
    const std::vector<domain::BlockHash> hashes{*expected[1].hash, *expected[2].hash,
                                                *expected[3].hash};
    const auto blocks =
        decode_core_blocks(replaced(replaced(payload("core_blocks"), "-1,", "-28,"),
                                    "Block not available (pruned data)", "Loading block index..."),
                           hashes, kNow);

    ASSERT_FALSE(blocks);
    EXPECT_EQ(blocks.error().code, Errc::http_status);
    EXPECT_THAT(blocks.error().what, HasSubstr("Loading block index"));
}

TEST(CoreTip, AnotherChainOrAnUnfinishedDownloadIsRefused) {
    const std::string good = payload("core_info");
    EXPECT_EQ(decode_core_tip(good), 925'939);

    const auto test = decode_core_tip(replaced(good, R"("main")", R"("test")"));
    ASSERT_FALSE(test);
    EXPECT_EQ(test.error().code, Errc::out_of_range);
    EXPECT_THAT(test.error().what, HasSubstr("'test'"));

    const auto early = decode_core_tip(
        replaced(good, R"("initialblockdownload":false)", R"("initialblockdownload":true)"));
    ASSERT_FALSE(early);
    EXPECT_EQ(early.error().code, Errc::not_found);

    const auto behind = decode_core_tip(replaced(good, R"("blocks":925939)", R"("blocks":925000)"));
    ASSERT_FALSE(behind);
    EXPECT_EQ(behind.error().code, Errc::not_found);
}

TEST(CoreHashes, HeightsAboveTheTipAreLeftOut) {
    const auto hashes = decode_core_hashes(payload("core_hashes"), 4);

    ASSERT_TRUE(hashes) << hashes.error().what;
    EXPECT_EQ(hashes->size(), 3U);
    EXPECT_FALSE(decode_core_hashes(payload("core_hashes"), 5)) << "one answer is missing";
}

TEST(Target, AHashMeetsItUpToAndIncludingIt) {
    // 0x1d00ffff: 0x00000000ffff followed by zeros (Bitcoin Core, chainparams.cpp)
    const std::string zeros(52, '0');
    const auto at = domain::parse_hash("00000000ffff" + zeros).value();
    const auto above = domain::parse_hash("00000000ffff" + zeros.substr(1) + "1").value();

    EXPECT_TRUE(meets_target(at, kPowLimit));
    EXPECT_FALSE(meets_target(above, kPowLimit));
}

/// Found by tests/proof/mutate.py: no test broke the first pair alone.
TEST(Chain, EveryPairOfNeighboursIsLookedAt) {
    std::vector<domain::Block> chain;
    for (std::int64_t n = 0; n < 3; ++n)
        chain.push_back({.height = 903'170 + n,
                         .time = utc(1'751'152'000 + 600 * n),
                         .bits = domain::Bits{0x17023a04}});
    EXPECT_TRUE(check_chain(chain));
    for (std::size_t from = 1; from < chain.size(); ++from) {
        auto torn = chain;
        for (std::size_t i = from; i < torn.size(); ++i) ++torn[i].height;
        EXPECT_FALSE(check_chain(torn)) << "before block " << from;
        auto other = chain;
        for (std::size_t i = from; i < other.size(); ++i) other[i].bits = domain::Bits{0x1701e2a0};
        EXPECT_FALSE(check_chain(other)) << "before block " << from;
    }
}

}  // namespace
}  // namespace hashprice::ingest
