#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "ingest/sources/bitstamp.hpp"
#include "ingest/sources/blockchain_com.hpp"
#include "ingest/sources/coinbase.hpp"
#include "ingest/sources/comparison.hpp"
#include "ingest/sources/decimal.hpp"
#include "ingest/sources/gemini.hpp"
#include "ingest/sources/kraken.hpp"
#include "ingest/sources/mempool.hpp"
#include "tests/ingest/decoders.hpp"

namespace hashprice::ingest {
namespace {

using domain::Errc;
using domain::kDay;
using domain::kHour;
using domain::MicroUsd;
using domain::Price;
using domain::seconds;
using domain::utc;
using testing::HasSubstr;

const domain::UtcSeconds kNow = utc(1'764'547'200);  // 2025-12-01
// CryptoCompare, closes of 05:00, 06:00 and 07:00 UTC on 2025-10-11; the fourth is still open
const domain::UtcSeconds kThen = utc(1'760'171'400);
const std::vector<Price> kThreeHours{{utc(1'760'162'400), kHour, MicroUsd{112'536'090'000}},
                                     {utc(1'760'166'000), kHour, MicroUsd{112'199'440'000}},
                                     {utc(1'760'169'600), kHour, MicroUsd{110'510'900'000}}};

std::string replaced(std::string text, const std::string& what, const std::string& with) {
    const std::size_t at = text.find(what);
    EXPECT_NE(at, std::string::npos) << what;
    return at == std::string::npos ? text : text.replace(at, what.size(), with);
}

TEST(Decimal, IsExactAndRoundsHalfToEven) {
    EXPECT_EQ(parse_decimal("6268.48", 6), 6'268'480'000);
    EXPECT_EQ(parse_decimal("85054", 6), 85'054'000'000);
    EXPECT_EQ(parse_decimal("0.0000005", 6), 0);
    EXPECT_EQ(parse_decimal("0.0000015", 6), 2);
    EXPECT_EQ(parse_decimal("0.0000025", 6), 2);
    EXPECT_EQ(parse_decimal("0.00000250000000000001", 6), 3);
    EXPECT_EQ(parse_decimal("30243.40000", 6), 30'243'400'000);
    EXPECT_EQ(parse_decimal("0000000000000000000000001.5", 1), 15);
    EXPECT_EQ(parse_decimal("999999999999.999999", 6), 999'999'999'999'999'999);
}

TEST(Decimal, AnythingButPlainDigitsIsNone) {
    for (const char* text : {"", ".", "1.", ".5", "-1", "+1", " 1", "1 ", "1e3", "NaN", "Infinity",
                             "1,000", "1.2.3", "0x10", "1000000000000000000"}) {
        EXPECT_EQ(parse_decimal(text, 6), std::nullopt) << text;
    }
}

TEST(Decimal, OfADoubleItIsTheDigitsThatWereWritten) {
    EXPECT_EQ(decimal_of(110'298.6, 6), 110'298'600'000);
    EXPECT_EQ(decimal_of(0.07, 6), 70'000);
    EXPECT_EQ(decimal_of(1.46277e7, 6), 14'627'700'000'000);
    EXPECT_EQ(decimal_of(4.5387921500000002, 8), 453'879'215);
    EXPECT_EQ(decimal_of(1e-300, 6), 0);
    EXPECT_EQ(decimal_of(-1.0, 6), std::nullopt);
    EXPECT_EQ(decimal_of(std::numeric_limits<double>::quiet_NaN(), 6), std::nullopt);
    EXPECT_EQ(decimal_of(std::numeric_limits<double>::infinity(), 6), std::nullopt);
    EXPECT_EQ(decimal_of(1e30, 6), std::nullopt);
}

TEST(Ticks, CarryTheProvidersOwnTime) {
    // the examples of the providers' documentation
    EXPECT_EQ(decode_coinbase_ticker(payload("coinbase_ticker"), kNow),
              (Price{utc(1'584'663'777), seconds{0}, MicroUsd{6'268'480'000}}));
    EXPECT_EQ(decode_bitstamp_ticker(payload("bitstamp_ticker"), kNow),
              (Price{utc(1'763'854'710), seconds{0}, MicroUsd{84'921'000'000}}));
    EXPECT_EQ(decode_gemini_ticker(payload("gemini_ticker"), kNow),
              (Price{utc(1'483'018'200), seconds{0}, MicroUsd{977'650'000}}));
    EXPECT_EQ(decode_mempool_price(payload("mempool_prices"), kNow),
              (Price{utc(1'703'252'411), seconds{0}, MicroUsd{43'753'000'000}}));
}

TEST(Ticks, ATimeThatHasTheShapeButIsNoneIsRefused) {
    const std::string body = payload("coinbase_ticker");
    const std::string good = "2020-03-20T00:22:57.833897Z";
    // no thirteenth month, no 30 February, no hour 25; and no time without seconds or a zone
    for (const char* none : {"2020-13-20T00:22:57.833897Z", "2020-02-30T00:22:57Z",
                             "2020-03-20T25:22:57Z", "2020-03-20T00:22Z", "2020-03-20T00:22:57",
                             "2020-03-20 00:22:57Z", "2020-03-20", "1584663777", "now"}) {
        const auto refused = decode_coinbase_ticker(replaced(body, good, none), kNow);
        ASSERT_FALSE(refused) << none;
        EXPECT_EQ(refused.error().code, Errc::bad_payload) << none;
    }
}

TEST(Ticks, AnyPriceAboveNothingIsOneUpToAHundredMillion) {
    const auto said = [](const std::string& usd) {
        return decode_coinbase_ticker(replaced(payload("coinbase_ticker"), "6268.48", usd), kNow);
    };
    EXPECT_EQ(said("0.000001").value().price, MicroUsd{1});
    EXPECT_EQ(said("100000000").value().price, MicroUsd{100'000'000'000'000});
    for (const char* none : {"0", "0.0000005", "100000000.000001"}) {
        const auto refused = said(none);
        ASSERT_FALSE(refused) << none;
        EXPECT_EQ(refused.error().code, Errc::out_of_range) << none;
    }
}

TEST(Candles, TheOpenOneIsDroppedAndClosesAreAsOfTheEnd) {
    EXPECT_EQ(decode_coinbase_candles(payload("coinbase_candles"), kHour, kThen), kThreeHours);
}

TEST(Candles, HoursWithoutATradeHaveNoClose) {
    const std::vector<Price> two_of_kraken{kThreeHours[0], kThreeHours[2]};
    const std::vector<Price> two_of_gemini{kThreeHours[0], kThreeHours[1]};
    EXPECT_EQ(decode_kraken_candles(payload("kraken_ohlc"), kHour, kThen), two_of_kraken);
    EXPECT_EQ(decode_gemini_candles(payload("gemini_candles"), kHour, kThen), two_of_gemini);
}

TEST(Candles, BitstampsPlaceholdersAreLeftOut) {
    const std::vector<Price> expected{{utc(1'315'958'400), kDay, MicroUsd{5'970'000}},
                                      {utc(1'316'131'200), kDay, MicroUsd{5'130'000}}};
    EXPECT_EQ(decode_bitstamp_candles(payload("bitstamp_ohlc"), kDay, kNow), expected);
}

TEST(Candles, APriceOfZeroWithVolumeIsNoPlaceholder) {
    const auto closes = decode_bitstamp_candles(
        replaced(payload("bitstamp_ohlc"), "0.00000000", "1.00000000"), kDay, kNow);
    ASSERT_FALSE(closes);
    EXPECT_THAT(closes.error().what, HasSubstr("ohlc[1].open"));
}

TEST(Candles, ADayThatBeginsInNewYorkIsRefused) {
    // developer.gemini.com: a daily candle of 2021-12-04 that starts at 04:00 UTC
    const auto closes = decode_gemini_candles(payload("gemini_days"), kDay, kNow);
    ASSERT_FALSE(closes);
    EXPECT_EQ(closes.error().code, Errc::out_of_range);
    EXPECT_THAT(closes.error().what, HasSubstr("2021-12-04T04:00:00Z"));
}

struct Refusal {
    std::string given;
    std::string what;
    std::string with;
    std::string complaint;
};

TEST(Candles, WhatCannotBeIsRefusedByName) {
    const std::vector<Refusal> cases{
        {"close above high", "110298.6,111646.69,110510.9,111451.08",
         "110298.6,111646.69,110510.9,111746.69", "low to high"},
        {"open and high exchanged", "110231.89,112237.41,112199.44",
         "110231.89,112199.44,112237.41", "low to high"},
        {"off the hour", "1760158800", "1760158860", "no multiple"},
        {"twice the same hour", "1760162400", "1760158800", "out of order"},
        {"price as text", "110510.9,512", "\"110510.9\",512", "candles[1][4] is no number"},
        {"price absurd", "110510.9,512", "110510900000,512", "candles[1][4]"},
        {"a row cut short", ",512.3765]", "]", "candles[0][5] is missing"}};
    for (const Refusal& c : cases) {
        SCOPED_TRACE(c.given);
        const auto closes = decode_coinbase_candles(
            replaced(payload("coinbase_candles"), c.what, c.with), kHour, kThen);
        ASSERT_FALSE(closes);
        EXPECT_THAT(closes.error().what, HasSubstr(c.complaint));
    }
}

TEST(Candles, OfAnotherPairAreRefused) {
    EXPECT_FALSE(decode_bitstamp_candles(replaced(payload("bitstamp_ohlc"), "BTC/USD", "BTC/EUR"),
                                         kDay, kNow));
}

TEST(Kraken, ErrorsThatComeWithStatus200AreErrors) {
    const auto closes = decode_kraken_candles(payload("kraken_error"), kHour, kNow);
    ASSERT_FALSE(closes);
    EXPECT_EQ(closes.error().code, Errc::http_status);
    EXPECT_THAT(closes.error().what, HasSubstr("EGeneral:Too many requests"));
}

TEST(Kraken, AnErrorThatIsTooLongOrUnprintableIsNotRepeated) {
    const auto told = [](const std::string& error) {
        const auto closes = decode_kraken_candles("{\"error\":[\"" + error + "\"]}", kHour, kNow);
        EXPECT_FALSE(closes);
        return closes.error().code;
    };
    EXPECT_EQ(told("E" + std::string(199, 'x')), Errc::http_status);
    EXPECT_EQ(told("E" + std::string(200, 'x')), Errc::bad_payload) << "longer than 200";
    EXPECT_EQ(told("E ~"), Errc::http_status) << "the first and last of printable ASCII";
    for (const char* strange : {"E\\n", "E\\u001f", "E\\u007f", "E\\u001b[2J", "Eü"}) {
        EXPECT_EQ(told(strange), Errc::bad_payload) << strange;
    }
}

TEST(BlockchainPrices, ThePointAtMidnightIsTheCloseOfTheDayBefore) {
    const auto closes = decode_blockchain_prices(payload("blockchain_prices"), kNow);

    ASSERT_TRUE(closes) << closes.error().what;
    const std::vector<Price> expected{{utc(1'282'089'600), kDay, MicroUsd{70'000}},
                                      {utc(1'282'176'000), kDay, MicroUsd{68'000}},
                                      {utc(1'282'262'400), kDay, MicroUsd{66'700}}};
    EXPECT_EQ(*closes, expected);
}

TEST(BlockchainPrices, AZeroAfterTheFirstMarketIsNoPlaceholder) {
    EXPECT_FALSE(decode_blockchain_prices(
        replaced(payload("blockchain_prices"), "\"y\":0.068", "\"y\":0.0"), kNow));
    EXPECT_FALSE(decode_blockchain_prices(
        replaced(payload("blockchain_prices"), "\"y\":0.0}", "\"y\":0.1}"), kNow));
}

TEST(BlockchainFees, AreSumsPerDayInSatoshi) {
    const auto days = decode_blockchain_fees(payload("blockchain_fees"), kNow);

    ASSERT_TRUE(days) << days.error().what;
    ASSERT_EQ(days->size(), 3U);
    EXPECT_EQ(days->front().end, utc(1'751'414'400));
    EXPECT_EQ(days->front().total, domain::Satoshi{487'625'112});
    EXPECT_EQ((*days)[1].total, domain::Satoshi{453'879'215});
    EXPECT_EQ(days->front().mean, std::nullopt);
}

TEST(Comparison, FiguresComeInUsdPerPetahashAndDay) {
    const auto braiins = decode_braiins(payload("braiins"), kNow);
    const auto luxor = decode_luxor(payload("luxor"), kNow);

    ASSERT_TRUE(braiins && luxor);
    EXPECT_EQ(*braiins, (std::vector<PublishedHashprice>{{kNow, 38.0}}));
    // hashrateindex.com, 2024-11-12
    ASSERT_EQ(luxor->size(), 2U);
    EXPECT_EQ(luxor->back(), (PublishedHashprice{utc(1'731'420'900), 55.97}));
    EXPECT_FALSE(decode_luxor(R"({"data":[]})", kNow));
}

TEST(Comparison, TwoFiguresOfOneTimeAreRefusedWhereverTheyStand) {
    const std::string first = "2024-11-12T14:10:00Z";
    const std::string second = "2024-11-12T14:15:00Z";
    for (const std::string& twice : {first, second}) {
        const auto luxor =
            decode_luxor(replaced(payload("luxor"), "\"data\":[",
                                  "\"data\":[{\"price\":55.9,\"timestamp\":\"" + twice + "\"},"),
                         kNow);
        ASSERT_FALSE(luxor) << twice;
        EXPECT_EQ(luxor.error().code, Errc::out_of_range);
        EXPECT_THAT(luxor.error().what, HasSubstr("two figures of the same time"));
    }
}

}  // namespace
}  // namespace hashprice::ingest
