// Facts as one line of JSON, there and back: what is put aside can be put in use again.
#include "storage/bodies.hpp"

#include <fmt/format.h>

#include "domain/consensus.hpp"
#include "storage/read_bodies.hpp"
#include "tests/storage/fixture.hpp"

namespace hashprice::storage {
namespace {

using domain::Epoch;
using domain::FeeMean;
using domain::FeeWindow;
using testing::HasSubstr;

constexpr std::int64_t kRetarget = 458 * domain::kBlocksPerEpoch;
constexpr std::int64_t kYear9999 = 253'402'300'799;  // its last second
const std::string kBlock = R"({"height":1,"time_s":2,"bits":386980150,"fee_sat":3})";
const std::string kPrice = R"({"time_s":2,"span_s":3600,"price_micro_usd":4})";
const std::string kMean =
    R"({"end_s":2,"fee_window":"utc_day","fee_sat_sum":3,"blocks":4,"tip_height":5})";
const std::string kEpoch = R"({"start_height":2016,"start_time_s":2,"bits":386980150})";

class Bodies : public Stored {
protected:
    FactBatch read(std::string_view kind, const std::string& body) {
        auto fact = fact_in(db.connection(), kind, body);
        EXPECT_TRUE(fact) << body << ": " << fact.error().what;
        return fact.value_or(FactBatch{});
    }
    /// Why it is none; empty when it is one.
    std::string refusal(std::string_view kind, const std::string& body) {
        const auto fact = fact_in(db.connection(), kind, body);
        if (fact) return "";
        EXPECT_EQ(fact.error().code, Errc::out_of_range);
        return fact.error().what;
    }
    /// The field takes whole numbers of [least, most] and nothing else.
    void bounds(std::string_view kind, std::string body, const std::string& field,
                std::int64_t least, std::int64_t most) {
        SCOPED_TRACE(field);
        const auto at = body.find(':', body.find('"' + field + '"')) + 1;
        const auto end = body.find_first_of(",}", at);
        const auto with = [&](const auto& value) {
            return body.substr(0, at) + fmt::format("{}", value) + body.substr(end);
        };
        EXPECT_EQ(refusal(kind, with(least)), "");
        EXPECT_EQ(refusal(kind, with(most)), "");
        const std::string range =
            fmt::format("{} is not a whole number from {} to {}", field, least, most);
        EXPECT_EQ(refusal(kind, with(least - 1)), range);
        if (most < INT64_MAX) {
            EXPECT_EQ(refusal(kind, with(most + 1)), range);
        }
        EXPECT_EQ(refusal(kind, with("1.5")), range);
        EXPECT_EQ(refusal(kind, with("\"1\"")), range);
    }
};

TEST_F(Bodies, EveryKindOfFactIsReadBackAsItWasWritten) {
    Block whole = block(kHeight);
    whole.hash = hash_of(7);
    Block bare = block(kHeight + 1);
    bare.fees.reset();
    for (const Block& b : {whole, bare}) {
        const FactBatch back = read("block", body_of(b));
        ASSERT_EQ(back.blocks.size(), 1U);
        EXPECT_TRUE(back.blocks[0] == b) << body_of(b);
    }
    const Price candle{kMidnight, domain::kHour, MicroUsd{95'500'000'001}};
    EXPECT_TRUE(read("price", body_of(candle)).prices.at(0) == candle);
    for (const FeeWindow window : {FeeWindow::blocks_144, FeeWindow::utc_day}) {
        const FeeMean mean{kMidnight, window, Satoshi{260'128'982}, 143, kHeight};
        EXPECT_TRUE(read("fee_mean", body_of(mean)).fee_means.at(0) == mean) << body_of(mean);
    }
    const Epoch epoch{kRetarget, kMidnight, kBits};
    EXPECT_TRUE(read("epoch", body_of(epoch)).epochs.at(0) == epoch);
}

TEST_F(Bodies, EachNumberHasItsRange) {
    bounds("block", kBlock, "height", 0, 10'000'000);
    bounds("block", kBlock, "time_s", 0, kYear9999);
    bounds("block", kBlock, "fee_sat", 0, INT64_MAX);
    bounds("price", kPrice, "time_s", 0, kYear9999);
    bounds("price", kPrice, "span_s", 0, kYear9999);
    bounds("price", kPrice, "price_micro_usd", 1, INT64_MAX);
    bounds("fee_mean", kMean, "end_s", 0, kYear9999);
    bounds("fee_mean", kMean, "fee_sat_sum", 0, INT64_MAX);
    bounds("fee_mean", kMean, "blocks", 1, 1'000'000);
    bounds("fee_mean", kMean, "tip_height", 0, 10'000'000);
    bounds("epoch", kEpoch, "start_time_s", 0, kYear9999);
    EXPECT_EQ(refusal("epoch", R"({"start_height":0,"start_time_s":2,"bits":386980150})"), "");
    EXPECT_THAT(refusal("epoch", R"({"start_height":10000001,"start_time_s":2,"bits":386980150})"),
                HasSubstr("start_height is not a whole number from 0 to 10000000"));
}

TEST_F(Bodies, BitsAreThoseOfSomeDifficulty) {
    const auto with = [](const std::string& bits) {
        return R"({"height":1,"time_s":2,"bits":)" + bits + "}";
    };
    EXPECT_EQ(refusal("block", with("486604799")), "");  // 0x1d00ffff: difficulty 1
    EXPECT_NE(refusal("block", with("0")), "");
    EXPECT_THAT(refusal("block", with("4294967296")), HasSubstr("from 0 to 4294967295"));
    EXPECT_THAT(refusal("block", with("4294967295")), testing::Not(HasSubstr("whole number")));
    EXPECT_NE(refusal("block", with("4294967295")), "") << "a negative target";
    EXPECT_THAT(refusal("block", with("-1")), HasSubstr("bits is not a whole number"));
}

TEST_F(Bodies, WhatIsMissingIsNamedAndTheFirstThatIsWrongStaysTheReason) {
    EXPECT_EQ(refusal("block", R"({"time_s":2,"bits":386980150})"), "height is missing");
    EXPECT_EQ(refusal("block", R"({"height":null,"time_s":2,"bits":386980150})"),
              "height is missing");
    EXPECT_EQ(refusal("block", R"({"bits":7})"), "height is missing") << "not the last";
    EXPECT_EQ(refusal("price", R"({"time_s":2,"span_s":-1})"),
              "span_s is not a whole number from 0 to 253402300799");
    EXPECT_NE(refusal("fee_mean", R"({"end_s":2,"fee_sat_sum":3,"blocks":4,"tip_height":5})"), "");
    EXPECT_EQ(refusal("block", R"({"height":1,"time_s":2,"bits":386980150,"fee_sat":null})"), "")
        << "a source without fees";
}

TEST_F(Bodies, AHashIsSixtyFourHexDigitsOrNone) {
    const auto with = [](const std::string& hash) {
        return kBlock.substr(0, kBlock.size() - 1) + R"(,"hash":)" + hash + "}";
    };
    EXPECT_TRUE(read("block", with('"' + std::string(62, '0') + "07\"")).blocks.at(0).hash ==
                hash_of(7));
    EXPECT_FALSE(read("block", with("null")).blocks.at(0).hash);
    EXPECT_NE(refusal("block", with("\"07\"")), "");
}

TEST_F(Bodies, AnEpochBeginsAtAMultipleOf2016) {
    EXPECT_EQ(refusal("epoch", R"({"start_height":2017,"start_time_s":2,"bits":386980150})"),
              "start_height is no multiple of 2016");
}

TEST_F(Bodies, WhatIsNoFactAtAllIsRefusedInWords) {
    for (const char* body : {"", "{", "[]", "7", "null", "<html>"})
        EXPECT_EQ(refusal("block", body), "it is not the JSON of a fact") << body;
    EXPECT_EQ(refusal("body", "{}"), "it is an answer that could not be read");
    EXPECT_EQ(refusal("weather", "{}"), "there are no facts of the kind 'weather'");
}

}  // namespace
}  // namespace hashprice::storage
