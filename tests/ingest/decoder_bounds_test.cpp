#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "ingest/sources/bitcoin_core.hpp"
#include "ingest/sources/bitstamp.hpp"
#include "ingest/sources/blockchain_com.hpp"
#include "ingest/sources/candles.hpp"
#include "ingest/sources/coinbase.hpp"
#include "ingest/sources/comparison.hpp"
#include "ingest/sources/esplora.hpp"
#include "ingest/sources/fee_rows.hpp"
#include "ingest/sources/gemini.hpp"
#include "ingest/sources/kraken.hpp"
#include "ingest/sources/mempool.hpp"
#include "ingest/sources/plausible.hpp"
#include "tests/ingest/decoders.hpp"

/// Where what is taken ends and what is refused begins. Found by tests/proof/mutate.py: most of
/// these bounds could move without a test that fails.
namespace hashprice::ingest {
namespace {

using domain::Bits;
using domain::Errc;
using domain::kDay;
using domain::kHour;
using domain::Price;
using domain::Range;
using domain::seconds;
using domain::utc;
using domain::UtcSeconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

const UtcSeconds kNow = utc(1'764'547'200);  // 2025-12-01

std::string replaced(std::string text, const std::string& what, const std::string& with) {
    const std::size_t at = text.find(what);
    EXPECT_NE(at, std::string::npos) << what;
    return at == std::string::npos ? text : text.replace(at, what.size(), with);
}

std::string zeros(std::size_t rows) {
    std::string body = "[";
    for (std::size_t i = 0; i < rows; ++i) body += i == 0 ? "0" : ",0";
    return body + "]";
}

TEST(Bounds, MoreRowsThanAProviderEverSendsAreRefusedUnread) {
    struct Case {
        const char* provider;
        std::size_t most;
        std::function<std::string(const std::string&)> complaint;
    };
    const auto of = [](const auto& result) { return result ? "" : result.error().what; };
    const std::vector<Case> cases{
        {"coinbase", 1000, [&](auto& b) { return of(decode_coinbase_candles(b, kHour, kNow)); }},
        {"gemini", 5000, [&](auto& b) { return of(decode_gemini_candles(b, kHour, kNow)); }},
        {"bitstamp", 1000,
         [&](auto& b) {
             return of(decode_bitstamp_candles(R"({"data":{"pair":"BTC/USD","ohlc":)" + b + "}}",
                                               kHour, kNow));
         }},
        {"kraken", 721,
         [&](auto& b) {
             return of(decode_kraken_candles(
                 R"({"error":[],"result":{"last":0,"XXBTZUSD":)" + b + "}}", kHour, kNow));
         }},
        {"blockchain.com", 100'000,
         [&](auto& b) {
             return of(decode_blockchain_prices(R"({"status":"ok","values":)" + b + "}", kNow));
         }},
        {"luxor", 20'000, [&](auto& b) { return of(decode_luxor("{\"data\":" + b + "}", kNow)); }},
        {"esplora", 15, [&](auto& b) { return of(decode_esplora_blocks(b, kNow)); }},
        {"mempool's blocks", 100, [&](auto& b) { return of(decode_mempool_blocks(b, kNow)); }},
        {"mempool's epochs", 100'000, [&](auto& b) { return of(decode_mempool_epochs(b, kNow)); }}};
    for (const Case& c : cases) {
        SCOPED_TRACE(c.provider);
        const std::string many = fmt::format("has {} rows, {} are the most", c.most + 1, c.most);
        EXPECT_THAT(c.complaint(zeros(c.most + 1)), HasSubstr(many));
        EXPECT_THAT(c.complaint(zeros(c.most)), Not(HasSubstr("are the most")));
    }
}

using DecodeCandles = std::function<domain::Result<std::vector<Price>>(UtcSeconds now)>;

TEST(Bounds, AProvidersClockMayBeAMinuteAheadOfOurs) {
    const UtcSeconds newest = utc(1'760'169'600);  // the last row of each of the bodies
    const std::vector<DecodeCandles> all{
        [](UtcSeconds n) { return decode_coinbase_candles(payload("coinbase_candles"), kHour, n); },
        [](UtcSeconds n) { return decode_kraken_candles(payload("kraken_ohlc"), kHour, n); },
        [](UtcSeconds n) { return decode_gemini_candles(payload("gemini_candles"), kHour, n); }};
    for (const DecodeCandles& decode : all) {
        EXPECT_TRUE(decode(newest - seconds{60}));
        EXPECT_FALSE(decode(newest - seconds{61}));
    }
    const std::string days = payload("blockchain_prices");
    EXPECT_TRUE(decode_blockchain_prices(days, utc(1'282'262'400 - 60)));
    EXPECT_FALSE(decode_blockchain_prices(days, utc(1'282'262'400 - 61)));
    // what is judged of a candle alone
    const std::vector<Candle> ahead{{.start = newest}};
    EXPECT_TRUE(closes_of(ahead, kHour, RowOrder::oldest_first, newest - seconds{60}));
    EXPECT_FALSE(closes_of(ahead, kHour, RowOrder::oldest_first, newest - seconds{61}));
}

TEST(Bounds, AnOpenOutsideLowToHighIsRefusedOfEveryExchange) {
    const UtcSeconds then = utc(1'760'171'400);
    EXPECT_FALSE(decode_coinbase_candles(
        replaced(payload("coinbase_candles"), "112536.09,112199.44", "112936.09,112199.44"), kHour,
        then));
    EXPECT_FALSE(decode_kraken_candles(
        replaced(payload("kraken_ohlc"), "1760166000,\"112199.44\"", "1760166000,\"112299.44\""),
        kHour, then));
    EXPECT_FALSE(decode_gemini_candles(
        replaced(payload("gemini_candles"), "1760162400000,112536.09", "1760162400000,112936.09"),
        kHour, then));
}

TEST(Bounds, TheSmallestTradeIsOne) {
    const UtcSeconds then = utc(1'760'171'400);
    EXPECT_EQ(decode_kraken_candles(replaced(payload("kraken_ohlc"), ",1318]", ",1]"), kHour, then)
                  ->size(),
              2U);
    EXPECT_EQ(decode_gemini_candles(
                  replaced(payload("gemini_candles"), "110510.9,0]", "110510.9,0.01]"), kHour, then)
                  ->size(),
              3U);
    EXPECT_TRUE(decode_coinbase_candles(replaced(payload("coinbase_candles"), "512.3765]", "0.01]"),
                                        kHour, then));
    // ten digits and eight behind the point are what fits
    EXPECT_TRUE(decode_kraken_candles(
        replaced(payload("kraken_ohlc"), "62.86011432", "1234567890.12345678"), kHour, then));
}

TEST(Bounds, OnlyCandlesThatLieWholeInTheRangeAreKept) {
    const UtcSeconds from = utc(1'760'162'400);
    std::vector<Price> closes;
    closes.reserve(5);
    for (int h = 0; h < 5; ++h) closes.push_back({from + h * kHour, kHour, domain::MicroUsd{1}});
    const auto kept = within({from, from + 3 * kHour}, closes).value();
    EXPECT_EQ(kept, (std::vector<Price>{closes[1], closes[2], closes[3]}));
    // one that is longer than the range lies in it with neither end
    const std::vector<Price> day{{from + kHour, kDay, domain::MicroUsd{1}}};
    EXPECT_TRUE(within({from, from + 3 * kHour}, day)->empty());
}

TEST(Bounds, ZerosOfBlockchainComEndWithTheFirstMarket) {
    // 2010-08-18 is the first day with a price
    EXPECT_FALSE(decode_blockchain_prices(
        replaced(payload("blockchain_prices"), "1282089600,\"y\":0.07", "1282089600,\"y\":0"),
        kNow));
    EXPECT_FALSE(decode_blockchain_prices(
        replaced(payload("blockchain_prices"), "\"y\":0.0}", "\"y\":0.05}"), kNow));
}

TEST(Bounds, ADaysFeesAreAHundredThousandBtcAtTheMost) {
    const auto with = [](const std::string& fees) {
        return decode_blockchain_fees(replaced(payload("blockchain_fees"), "4.87625112", fees),
                                      kNow);
    };
    EXPECT_EQ(with("100000")->front().total, domain::Satoshi{10'000'000'000'000});
    EXPECT_FALSE(with("100000.05"));
}

TEST(Bounds, APublishedHashPriceIsACentAtTheLeast) {
    const auto with = [](const std::string& usd) {
        return decode_luxor(replaced(payload("luxor"), "55.97", usd), kNow);
    };
    EXPECT_TRUE(with("0.01"));
    EXPECT_FALSE(with("0.009"));
}

// the clamp: four times two weeks, and a day for the clocks
TEST(Bounds, EpochsThatEndLongAgoAreRefused) {
    const UtcSeconds newest = utc(1'764'206'208);
    const seconds longest = 57 * kDay;
    EXPECT_TRUE(decode_mempool_epochs(payload("mempool_epochs"), newest + longest));
    EXPECT_FALSE(decode_mempool_epochs(payload("mempool_epochs"), newest + longest + seconds{1}));
    EXPECT_THAT(decode_mempool_epochs("[]", kNow).error().what, HasSubstr("ends long ago"));
    // a header may be two hours ahead of the network's clock, and ours ten minutes off
    EXPECT_TRUE(decode_mempool_epochs(payload("mempool_epochs"), newest - seconds{7800}));
    EXPECT_FALSE(decode_mempool_epochs(payload("mempool_epochs"), newest - seconds{7801}));
}

TEST(Bounds, EpochsAreInOrderWhicheverPairOfThemIsNot) {
    for (const auto& [what, with] :
         {std::pair{"921312", "923328"},  // the first as the second
          std::pair{"1761732893", "1762972230"}, std::pair{"1764206208", "1762972230"}}) {
        const auto epochs =
            decode_mempool_epochs(replaced(payload("mempool_epochs"), what, with), kNow);
        ASSERT_FALSE(epochs) << what;
        EXPECT_THAT(epochs.error().what, HasSubstr("out of order"));
    }
    EXPECT_THAT(decode_mempool_epochs(replaced(payload("mempool_epochs"), "0.976268", "4.1"), kNow)
                    .error()
                    .what,
                HasSubstr("epochs[1][3]"));
}

TEST(Bounds, DifficultyIsMatureFromBlock500000On) {
    // Bitcoin chain, block 100000: METHOD section 1
    EXPECT_TRUE(
        check_block({.height = 100'000, .time = utc(1'293'623'863), .bits = Bits{453281356}}));
    EXPECT_TRUE(check_block({.height = 499'999, .time = kNow, .bits = Bits{453281356}}));
    EXPECT_FALSE(check_block({.height = 500'000, .time = kNow, .bits = Bits{453281356}}));
}

TEST(Bounds, TargetsOfEverySizeAreMetUpToThem) {
    const auto hash = [](const std::string& hex) { return domain::parse_hash(hex).value(); };
    const auto padded = [](const std::string& left) {
        return left + std::string(64 - left.size(), '0');
    };
    // Bitcoin Core, chainparams.cpp: the limit of its test network in a box, 0x7fffff at the front
    EXPECT_TRUE(meets_target(hash(padded("7fffff")), Bits{0x207fffff}));
    EXPECT_FALSE(meets_target(hash(padded("800000")), Bits{0x207fffff}));
    // a target of two bytes keeps two of the mantissa's three
    EXPECT_TRUE(meets_target(hash(std::string(60, '0') + "1234"), Bits{0x02123456}));
    EXPECT_FALSE(meets_target(hash(std::string(60, '0') + "1235"), Bits{0x02123456}));
}

TEST(Bounds, ABlockNeedNotSayWhatItsMinerClaimed) {
    for (const char* none : {R"("reward":null)", R"("prize":1)"}) {
        EXPECT_TRUE(decode_mempool_blocks(
            replaced(payload("mempool_blocks"), R"("reward":314232728)", none), kNow));
    }
}

TEST(Bounds, TheNodesBitsAreEightHexDigits) {
    std::vector<domain::BlockHash> asked;
    const auto known = decode_mempool_blocks(payload("mempool_blocks"), kNow).value();
    asked.reserve(known.size());
    for (const auto& block : known) asked.push_back(*block.hash);
    asked.erase(asked.begin());
    for (const auto& [bits, complaint] :
         {std::pair{"017023a04", "is too long"}, std::pair{"7023a04", "is no 8 hex digits"},
          std::pair{"17023a0g", "is no 8 hex digits"},
          std::pair{"0x17023a", "is no 8 hex digits"}}) {
        const auto blocks = decode_core_blocks(
            replaced(payload("core_blocks"), "\"17023a04\"", fmt::format("\"{}\"", bits)), asked,
            kNow);
        ASSERT_FALSE(blocks) << bits;
        EXPECT_THAT(blocks.error().what, HasSubstr(complaint)) << bits;
    }
}

std::vector<BlockFees> rows_of(const std::vector<std::int64_t>& heights) {
    std::vector<BlockFees> rows;
    rows.reserve(heights.size());
    for (const std::int64_t h : heights) {
        rows.push_back({h, utc(1'756'000'000 + static_cast<std::int64_t>(rows.size())), {}, true});
    }
    return rows;
}

std::vector<std::int64_t> exact_of(const std::vector<std::int64_t>& heights) {
    auto rows = rows_of(heights);
    mark_exact(rows);
    std::vector<std::int64_t> exact;
    for (const BlockFees& row : rows) {
        if (row.exact) exact.push_back(row.height);
    }
    return exact;
}

TEST(ExactRows, HaveTwoNeighboursOnEachSideWhateverWasSaidOfThemBefore) {
    EXPECT_THAT(exact_of({10, 11, 12, 13, 14, 15}), ElementsAre(12, 13));
    EXPECT_THAT(exact_of({15, 13, 11, 10, 12, 14}), ElementsAre(12, 13)) << "in any order";
    EXPECT_THAT(exact_of({10, 11, 12, 13}), ElementsAre());
    EXPECT_THAT(exact_of({10, 11, 12, 13, 15, 16, 17, 18, 19}), ElementsAre(17));
    EXPECT_THAT(exact_of({}), ElementsAre());
}

// The header promised it, but of a height two away only the nearer of its two rows was looked at.
TEST(ExactRows, AHeightThatIsDoubledTwoRowsAwayMakesARowInexact) {
    EXPECT_THAT(exact_of({10, 10, 11, 12, 13, 14}), ElementsAre());
    EXPECT_THAT(exact_of({10, 11, 12, 12, 13, 14, 15}), ElementsAre());
    EXPECT_THAT(exact_of({10, 11, 12, 13, 14, 14}), ElementsAre());
    EXPECT_THAT(exact_of({10, 11, 11, 12, 13, 14, 15, 16}), ElementsAre(14));
}

}  // namespace
}  // namespace hashprice::ingest
