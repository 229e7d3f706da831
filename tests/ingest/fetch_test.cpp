#include "tests/ingest/fetch_test.hpp"

#include <gmock/gmock.h>

#include <fstream>

#include "ingest/sources/fee_rows.hpp"

namespace hashprice::ingest {
namespace {

using domain::Block;
using domain::Errc;
using domain::kDay;
using domain::kHour;
using domain::kMinute;
using domain::MicroUsd;
using domain::Price;
using domain::Range;
using domain::utc;
using testing::HasSubstr;

class FetchChain : public Fetch {
protected:
    FetchChain() { upstream_.set_rpc_login("user:pass:word/ü"); }
    static std::vector<Block> without_fees(std::vector<Block> blocks) {
        for (Block& block : blocks) block.fees.reset();
        return blocks;
    }
};

TEST_F(FetchChain, AllChainSourcesTellOfTheSameBlocks) {
    auto v = visit();
    const auto tip = make("mempool")->chain()->tip_height(v);
    ASSERT_TRUE(tip) << tip.error().what;
    const auto mempool = make("mempool")->chain()->blocks_to(v, *tip);
    const auto core = make("bitcoin_core")->chain()->blocks_to(v, *tip);
    const auto esplora = make("esplora")->chain()->blocks_to(v, *tip);

    ASSERT_TRUE(mempool) << mempool.error().what;
    ASSERT_TRUE(core) << core.error().what;
    ASSERT_TRUE(esplora) << esplora.error().what;
    ASSERT_EQ(mempool->size(), 15U);
    ASSERT_EQ(core->size(), 50U);
    ASSERT_EQ(esplora->size(), 10U);
    EXPECT_EQ(mempool->back().height, *tip);
    EXPECT_EQ(*mempool, std::vector<Block>(core->end() - 15, core->end()));
    EXPECT_EQ(*esplora, without_fees({core->end() - 10, core->end()}));
}

TEST_F(FetchChain, BlocksAboveTheTipAreLeftOut) {
    auto v = visit();
    const auto tip = make("mempool")->chain()->tip_height(v).value();
    for (const char* kind : {"mempool", "bitcoin_core"}) {
        const auto page = make(kind)->chain()->blocks_to(v, tip + 4);
        ASSERT_TRUE(page) << page.error().what;
        EXPECT_EQ(page->back().height, tip) << kind;
    }
    for (const char* kind : {"mempool", "esplora", "bitcoin_core"}) {
        const auto page = make(kind)->chain()->blocks_to(v, tip + 4000);
        ASSERT_TRUE(page) << page.error().what;
        EXPECT_TRUE(page->empty()) << kind;
    }
}

TEST_F(FetchChain, AllChainSourcesTellOfTheSameEpochs) {
    auto v = visit();
    const auto mempool = make("mempool")->chain()->epochs_from(v, 890'000);
    const auto core = make("bitcoin_core")->chain()->epochs_from(v, 890'000);
    const auto esplora = make("esplora")->chain()->epochs_from(v, 890'000);

    ASSERT_TRUE(mempool) << mempool.error().what;
    ASSERT_EQ(mempool->size(), 8U);                             // 891072 to 905184
    EXPECT_EQ(mempool->back().bits, domain::Bits{0x17023aa6});  // the chain, block 905184
    EXPECT_EQ(core.value(), *mempool);
    EXPECT_EQ(esplora.value(), *mempool);
    for (const char* kind : {"mempool", "bitcoin_core", "esplora"}) {  // 891072 = 442 * 2016
        for (const std::int64_t from : {891'071, 891'072, 891'073}) {
            const auto some = make(kind)->chain()->epochs_from(v, from).value();
            EXPECT_EQ(some.front().start_height, from <= 891'072 ? 891'072 : 893'088) << kind;
        }
    }
}

TEST_F(FetchChain, EveryDifficultyOfTheChainsHistoryIsUnderstood) {
    auto v = visit();
    const auto epochs = make("mempool")->chain()->epochs_from(v, 0);

    ASSERT_TRUE(epochs) << epochs.error().what;
    EXPECT_EQ(epochs->front(), (domain::Epoch{0, domain::kGenesisTime, domain::Bits{0x1d00ffff}}));
    EXPECT_EQ((*epochs)[1].start_height, 32'256);  // the first retarget that changed anything
    EXPECT_EQ(epochs->back().start_height, 905'184);
}

TEST_F(FetchChain, AReorgShowsOnceTheOtherBranchIsLonger) {
    const auto mempool = make("mempool");
    auto v = visit();
    const auto tip = mempool->chain()->tip_height(v).value();
    const auto before = mempool->chain()->blocks_to(v, tip).value();
    upstream_.reorg(3);
    EXPECT_EQ(mempool->chain()->blocks_to(v, tip).value(), before);

    upstream_.set_now(now_ + kHour);
    v.now = upstream_.now();
    const auto after = mempool->chain()->blocks_to(v, tip).value();

    EXPECT_EQ(after[11], before[11]);
    for (std::size_t i = 12; i < 15; ++i) EXPECT_NE(after[i].hash, before[i].hash);
}

TEST_F(FetchChain, TheHoleOfAugustIsThereUntilItIsFilled) {
    upstream_.set_now(utc(1'755'000'000));
    auto v = visit();
    const auto mempool = make("mempool");
    EXPECT_TRUE(mempool->chain()->blocks_to(v, 909'457).value().empty());
    EXPECT_EQ(mempool->chain()->blocks_to(v, 909'460).value().size(), 3U);

    upstream_.fill_hole();

    for (const std::int64_t top : {909'460, 909'223, 908'800}) {
        const auto page = mempool->chain()->blocks_to(v, top);
        ASSERT_TRUE(page) << page.error().what;
        EXPECT_EQ(page->size(), 15U);
    }
}

TEST_F(FetchChain, FeesByRangeAreTheFeesOfTheBlocks) {
    auto v = visit();
    const auto mempool = make("mempool");
    const Range range{utc(1'752'100'000), utc(1'752'250'000)};
    const auto rows = mempool->fees()->block_fees(v, range);
    const auto epochs = mempool->chain()->epochs_from(v, 900'000);
    ASSERT_TRUE(rows) << rows.error().what;

    const auto blocks = blocks_of(*rows, *epochs);

    ASSERT_GT(blocks.size(), 200U);
    const std::int64_t top = blocks.back().height;
    const auto page = mempool->chain()->blocks_to(v, top).value();
    for (Block expected : page) {
        const auto& row =
            blocks.at(blocks.size() - 1 - static_cast<std::size_t>(top - expected.height));
        expected.hash.reset();
        expected.parent.reset();
        EXPECT_EQ(row, expected);
    }
}

TEST_F(FetchChain, TheNewestHourIsMissingFromFeesByRange) {
    auto v = visit();
    const auto rows = make("mempool")->fees()->block_fees(v, {now_ - 6 * kHour, now_});
    ASSERT_TRUE(rows) << rows.error().what;
    EXPECT_LT(rows->back().time, utc(1'752'314'400));
    EXPECT_EQ(make("mempool")->fees()->block_fees(v, {now_ - 4 * kDay, now_}).error().code,
              Errc::usage);
}

TEST_F(FetchChain, FeesByDayReachBackThroughAllYears) {
    auto v = visit();
    const auto days = make("mempool")->fees()->day_fees(v, {utc(0), now_});
    ASSERT_TRUE(days) << days.error().what;
    EXPECT_GT(days->size(), 5000U);
    EXPECT_EQ(days->back().end, utc(1'752'278'400));  // 2025-07-12T00:00Z
    // METHOD's source: daily fee totals of the chain; 2025-07-11: 157 blocks in all
    EXPECT_NEAR(static_cast<double>(days->back().mean->value), 3.7e6, 0.5e6);
}

TEST_F(FetchChain, TheNodesCookieIsReadAgainWhenItChanges) {
    const std::string file = testing::TempDir() + "hashprice_cookie_test";
    const auto source = make_source({.name = "node",
                                     .kind = "bitcoin_core",
                                     .base_url = upstream_.url("/bitcoin_core"),
                                     .cookie_file = file})
                            .value();
    auto v = visit();
    std::ofstream(file) << "__cookie__:aaaa\n";
    upstream_.set_rpc_login("__cookie__:aaaa");
    EXPECT_TRUE(source->chain()->tip_height(v));

    upstream_.set_rpc_login("__cookie__:bbbb");  // the node was started again
    const auto refused = source->chain()->tip_height(v);
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().what, HasSubstr("HTTP 401"));
    EXPECT_EQ(refused.error().what.find("aaaa"), std::string::npos);
    std::ofstream(file) << "__cookie__:bbbb\n";
    EXPECT_TRUE(source->chain()->tip_height(v));

    std::remove(file.c_str());
    const auto gone = source->chain()->tip_height(v);
    ASSERT_FALSE(gone);
    EXPECT_EQ(gone.error().code, Errc::config);
}

class FetchPrice : public Fetch {};

// CryptoCompare, close of 2025-07-11: METHOD's golden observation of that day
const Price kDayClose{utc(1'752'278'400), kDay, MicroUsd{117'573'920'000}};
const Price kHourClose{utc(1'752'278'400), kHour, MicroUsd{117'573'920'000}};

TEST_F(FetchPrice, TheDaysCloseIsTheSameEverywhere) {
    auto v = visit();
    const Range day{utc(1'752'192'000), utc(1'752'278'400)};
    for (const char* kind : {"coinbase", "kraken", "bitstamp", "blockchain_com"}) {
        const auto closes = make(kind)->price()->candles(v, day, kDay);
        ASSERT_TRUE(closes) << closes.error().what;
        EXPECT_EQ(*closes, std::vector{kDayClose}) << kind;
    }
    for (const char* kind : {"coinbase", "kraken", "bitstamp", "gemini"}) {
        const auto closes = make(kind)->price()->candles(v, day, kHour);
        ASSERT_TRUE(closes) << closes.error().what;
        EXPECT_GE(closes->size(), 23U) << kind;
        EXPECT_EQ(closes->back(), kHourClose) << kind;
    }
}

TEST_F(FetchPrice, AFullRequestIsAnswered) {
    auto v = visit();
    for (const char* kind : {"coinbase", "kraken", "bitstamp", "gemini"}) {
        SCOPED_TRACE(kind);
        const auto source = make(kind);
        const auto offer = source->price()->candle_offer(kHour).value();
        const auto to = std::chrono::floor<std::chrono::hours>(now_);
        const Range whole{to - offer.per_request * kHour, to};

        const auto closes = source->price()->candles(v, whole, kHour);

        ASSERT_TRUE(closes) << closes.error().what;
        EXPECT_EQ(closes->back().time, to);
        EXPECT_LE(closes->front().time, whole.from + 2 * kHour);
        EXPECT_GE(closes->size(), static_cast<std::size_t>(offer.per_request) * 98 / 100);
        const auto more = source->price()->candles(v, {whole.from - kHour, whole.to}, kHour);
        ASSERT_FALSE(more);
        EXPECT_EQ(more.error().code, Errc::usage);
    }
}

TEST_F(FetchPrice, BitstampReachesBackTo2011) {
    auto v = visit();
    const auto closes =
        make("bitstamp")
            ->price()
            ->candles(v, {utc(1'315'872'000), utc(1'315'872'000) + 1000 * kHour}, kHour);
    ASSERT_TRUE(closes) << closes.error().what;
    EXPECT_GT(closes->size(), 990U);
}

TEST_F(FetchPrice, TicksAreOfTheLastMinutes) {
    auto v = visit();
    for (const char* kind : {"coinbase", "kraken", "bitstamp", "gemini", "mempool"}) {
        const auto tick = make(kind)->price()->tick(v);
        ASSERT_TRUE(tick) << tick.error().what;
        EXPECT_LE(tick->time, now_) << kind;
        EXPECT_GE(tick->time, now_ - 5 * kMinute) << kind;
        EXPECT_NEAR(static_cast<double>(tick->price.value), 117.5e9, 0.5e9) << kind;
    }
}

TEST_F(FetchPrice, AFrozenFeedIsKnownByTheAgeOfItsTick) {
    for (const char* kind : {"coinbase", "kraken", "bitstamp", "gemini", "mempool"}) {
        upstream_.order({.prefix = std::string("/") + kind, .kind = fake::FaultKind::frozen});
    }
    upstream_.set_now(now_ + 2 * kHour);
    auto v = visit();
    for (const char* kind : {"coinbase", "bitstamp", "gemini", "mempool"}) {
        const auto tick = make(kind)->price()->tick(v);
        ASSERT_TRUE(tick) << tick.error().what;
        EXPECT_LE(tick->time, now_) << kind;
    }
    // Kraken's newest candle is the frozen one, now closed, or nothing at all
    const auto kraken = make("kraken")->price()->tick(v);
    EXPECT_TRUE(!kraken || kraken->time <= now_ + kMinute);
}

TEST_F(FetchPrice, ThePublishersFiguresAreRead) {
    auto v = visit();
    for (const char* kind : {"braiins", "luxor"}) {
        const auto figures = make(kind)->comparison()->published(v);
        ASSERT_TRUE(figures) << figures.error().what;
        EXPECT_NEAR(figures->back().usd_per_ph_day, 60.0, 10.0) << kind;
    }
}

TEST(MakeSource, UnknownKindsAndUrlsAreRefused) {
    EXPECT_EQ(make_source({.name = "x", .kind = "nobody", .base_url = "https://a"}).error().code,
              Errc::config);
    for (const char* url : {"", "ftp://a", "https://", "a.example"}) {
        const auto source = make_source({.name = "x", .kind = "kraken", .base_url = url});
        ASSERT_FALSE(source) << url;
        EXPECT_EQ(source.error().code, Errc::config);
    }
    EXPECT_EQ(source_kinds().size(), 10U);
}

}  // namespace
}  // namespace hashprice::ingest
