#include "ingest/sources/json.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ingest/sources/decimal.hpp"
#include "ingest/sources/heights.hpp"

/// How a single value is read, and what is said of one that cannot be. Found by
/// tests/proof/mutate.py: the limits of texts and times, and what a missing field does.
namespace hashprice::ingest {
namespace {

using domain::Errc;
using domain::utc;
using testing::HasSubstr;
using testing::StartsWith;

const domain::UtcSeconds kNow = utc(1'764'547'200);  // 2025-12-01

/// What is said of the field "x"; "" if nothing is.
template <class Read>
std::string said(const std::string& body, const Read& read) {
    const auto value = decode_json(body, [&](const Node& root, Verdict&) {
        (void)read(root["x"]);
        return 0;
    });
    return value ? "" : value.error().what;
}

std::string of_text(const std::string& x) { return "{\"x\":\"" + x + "\"}"; }

TEST(Json, ATimeInTextIsDigitsAndNothingElse) {
    const auto read = [](const std::string& x) {
        return decode_json(of_text(x),
                           [](const Node& root, Verdict&) { return root["x"].time_text(kNow); });
    };
    EXPECT_EQ(read("1763854710"), utc(1'763'854'710));  // Bitstamp's own example
    EXPECT_EQ(read("00000000001763854710"), utc(1'763'854'710)) << "twenty digits";
    for (const char* none :
         {"", "x", "1763854710x", "17638.54710", "99999999999999999999", "000000000001763854710"}) {
        const auto refused = read(none);
        ASSERT_FALSE(refused) << none;
        EXPECT_EQ(refused.error().code, Errc::bad_payload) << none;
    }
}

TEST(Json, TextsAreReadUpToTheirLongest) {
    const auto price = [](const Node& x) { return x.price_text(); };
    EXPECT_EQ(said(of_text("6268." + std::string(35, '0')), price), "");
    EXPECT_THAT(said(of_text("6268." + std::string(36, '0')), price), StartsWith("x is too long"));

    const auto decimal = [](const Node& x) { return x.decimal_text(8); };
    EXPECT_EQ(said(of_text("1." + std::string(38, '0')), decimal), "");
    EXPECT_THAT(said(of_text("1." + std::string(39, '0')), decimal), StartsWith("x is too long"));

    const auto time = [](const Node& x) { return x.time_iso(kNow); };
    const std::string second = "2020-03-20T00:22:57.";
    EXPECT_EQ(said(of_text(second + std::string(19, '8') + "Z"), time), "");
    EXPECT_THAT(said(of_text(second + std::string(20, '8') + "Z"), time),
                StartsWith("x is too long"));

    const auto hash = [](const Node& x) { return x.hash(); };
    EXPECT_EQ(said(of_text(std::string(64, '0')), hash), "");
    EXPECT_THAT(said(of_text(std::string(65, '0')), hash), StartsWith("x is too long"));
    EXPECT_THAT(said(of_text(std::string(63, '0')), hash), StartsWith("x is no hash of 64"));
    EXPECT_EQ(said("{\"x\":0}", hash), "x is no string");
}

TEST(Json, NumbersAreNumbers) {
    const auto number = [](const Node& x) { return x.number(-1, 3); };
    for (const char* good : {"-1", "0", "2.5", "3"}) {
        EXPECT_EQ(said("{\"x\":" + std::string(good) + "}", number), "") << good;
    }
    for (const char* none : {"\"1\"", "true", "null", "[1]", "{}"}) {
        EXPECT_EQ(said("{\"x\":" + std::string(none) + "}", number), "x is no number") << none;
    }
    EXPECT_THAT(said(R"({"x":-1.1})", number), HasSubstr("not within -1 to 3"));
    EXPECT_THAT(said(R"({"x":3.1})", number), HasSubstr("not within -1 to 3"));
    const auto boolean = [](const Node& x) { return x.boolean(); };
    EXPECT_EQ(said(R"({"x":true})", boolean), "");
    EXPECT_EQ(said(R"({"x":0})", boolean), "x is neither true nor false");
}

TEST(Json, NestingEndsAtThirtyTwo) {
    const auto nested = [](std::size_t n) {
        return decode_json(std::string(n, '[') + std::string(n, ']'),
                           [](const Node&, Verdict&) { return 0; });
    };
    EXPECT_TRUE(nested(32));
    EXPECT_FALSE(nested(33));
}

TEST(Json, TheFirstThingThatIsWrongIsTheOneThatIsTold) {
    const auto value = decode_json(R"({"a":[1,2],"b":"text"})", [](const Node& root, Verdict&) {
        const Node beyond = root["a"][2];
        return beyond["c"].integer(0, 1) + root["b"].integer(0, 1);
    });
    ASSERT_FALSE(value);
    EXPECT_EQ(value.error().what, "a[2] is missing");
}

TEST(Json, WhatIsNoObjectHasNoFieldsAndNothingIsThere) {
    const auto fields = [](const std::string& body) {
        return decode_json(body, [](const Node& root, Verdict&) {
            const Fields f(root, {"a"});
            return f["a"].integer(0, 9);
        });
    };
    EXPECT_EQ(fields(R"({"a":7})"), 7);
    for (const char* none : {"[]", "7", "null", "\"a\""}) {
        const auto refused = fields(none);
        ASSERT_FALSE(refused) << none;
        EXPECT_EQ(refused.error().what, "the body is no object") << none;
    }
    EXPECT_EQ(fields(R"({"b":7})").error().what, "a is missing");
    EXPECT_EQ(fields(R"({"a":7,"a":7})").error().what, "a is there twice");

    const auto has = [](const std::string& body) {
        return decode_json(body,
                           [](const Node& root, Verdict&) {
                               const Fields f(root, {"a"});
                               EXPECT_EQ(root.has("a"), f.has("a"));
                               return f.has("a");
                           })
            .value();
    };
    EXPECT_TRUE(has(R"({"a":0})"));
    EXPECT_FALSE(has(R"({"a":null})"));
    EXPECT_FALSE(has(R"({"b":0})"));
    EXPECT_FALSE(
        decode_json("[0]", [](const Node& root, Verdict&) { return root.has("a"); }).value());
}

TEST(HeightText, IsPlainDigitsOfAHeightThatCanBe) {
    EXPECT_EQ(decode_height_text("925939"), 925'939);
    EXPECT_EQ(decode_height_text("925939\n"), 925'939);
    EXPECT_EQ(decode_height_text("1"), 1);
    EXPECT_EQ(decode_height_text("10000000"), 10'000'000);
    for (const char* none :
         {"", "\n", "x", "925939x", "-1", "9.2", "99999999999999999999", "0000000925939"}) {
        const auto refused = decode_height_text(none);
        ASSERT_FALSE(refused) << none;
        EXPECT_EQ(refused.error().code, Errc::bad_payload) << none;
    }
    for (const char* absurd : {"0", "10000001"}) {
        const auto refused = decode_height_text(absurd);
        ASSERT_FALSE(refused) << absurd;
        EXPECT_EQ(refused.error().code, Errc::out_of_range) << absurd;
    }
}

TEST(Decimal, HasEighteenDigitsAndSixtyFourCharactersAtTheMost) {
    EXPECT_EQ(parse_decimal("999999999999", 6), 999'999'999'999'000'000);
    EXPECT_EQ(parse_decimal("1000000000000", 6), std::nullopt) << "nineteen digits";
    EXPECT_EQ(parse_decimal("1." + std::string(62, '0'), 6), 1'000'000);
    EXPECT_EQ(parse_decimal("1." + std::string(63, '0'), 6), std::nullopt);
    EXPECT_EQ(parse_decimal("0.00000251", 6), 3) << "more than half, by the digit after the five";
    EXPECT_EQ(decimal_of(1e70, 6), std::nullopt);
    EXPECT_EQ(decimal_of(-1e-300, 6), std::nullopt);
}

}  // namespace
}  // namespace hashprice::ingest
