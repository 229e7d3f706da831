#include "ingest/derive/price_index.hpp"

#include <array>

#include "tests/ingest/derive/fixture.hpp"

// METHOD section 2: price as of t.
namespace hashprice::ingest {
namespace {

using domain::kFewPrices;
using domain::kPricesDisagree;
using enum QuoteVerdict;
using ::testing::ElementsAreArray;

constexpr std::array kExchanges{kCoinbase, kKraken, kBitstamp, kGemini};

std::vector<Quote> quotes(const std::vector<double>& usd) {
    std::vector<Quote> all;
    for (std::size_t n = 0; n < usd.size(); ++n)
        all.push_back({price(kExchanges.at(n), kMidnight, usd[n])});
    return all;
}

DeriveOptions of_four() {
    DeriveOptions o = options();
    o.preferred |= bit(kGemini);
    return o;
}

TEST(PriceIndex, LeavesOutWhoIsFurtherThanTheDeviationFromTheMedianUpOrDown) {
    struct Case {
        const char* given;
        std::vector<double> usd;
        double index;
        std::uint32_t flags;
        std::vector<QuoteVerdict> verdicts;
    };
    // max_deviation is 3 % of the median
    const std::vector<Case> cases{
        {"three that agree", {100, 101, 102}, 101, 0, {counted, counted, counted}},
        {"one too high", {100, 101, 130}, 100.5, 0, {counted, counted, outlier}},
        {"one too low", {70, 100, 101}, 100.5, 0, {outlier, counted, counted}},
        {"one at exactly 3 %", {100, 100, 103}, 101, 0, {counted, counted, counted}},
        {"one a little above 3 %", {100, 100, 103.000001}, 100, 0, {counted, counted, outlier}},
        {"one a little below 3 %", {100, 100, 96.999999}, 100, 0, {counted, counted, outlier}},
        {"four, one of them out",
         {100, 101, 102, 50},
         101,
         0,
         {counted, counted, counted, outlier}},
        {"four, two of them out in either direction",
         {100, 101, 150, 50},
         100.5,
         0,
         {counted, counted, outlier, outlier}},
        {"four in two camps: nobody can say who is right",
         {100, 100, 120, 120},
         110,
         kPricesDisagree,
         {counted, counted, counted, counted}},
        {"three of which no two agree",
         {70, 100, 130},
         100,
         kPricesDisagree,
         {counted, counted, counted}},
        {"two that agree", {100, 102}, 101, 0, {counted, counted}},
        {"two that disagree", {100, 104}, 102, kPricesDisagree, {counted, counted}},
        {"one alone", {100}, 100, kFewPrices, {counted}},
    };
    for (const Case& c : cases) {
        SCOPED_TRACE(c.given);
        auto all = quotes(c.usd);

        const auto index = price_index(all, of_four());

        ASSERT_TRUE(index);
        EXPECT_DOUBLE_EQ(index->usd, c.index);
        EXPECT_EQ(index->flags, c.flags);
        std::vector<QuoteVerdict> verdicts;
        verdicts.reserve(all.size());
        for (const Quote& q : all) verdicts.push_back(q.verdict);
        EXPECT_THAT(verdicts, ElementsAreArray(c.verdicts));
    }
}

TEST(PriceIndex, TwoThatDisagreeAreSaidToInBothDirectionsAlike) {
    for (const auto& usd : {std::vector{100.0, 103.0}, std::vector{103.0, 100.0}}) {
        auto all = quotes(usd);  // 3 of a median of 101.5: 2.96 %
        EXPECT_EQ(price_index(all, options())->flags, 0U);
    }
    for (const auto& usd : {std::vector{100.0, 103.1}, std::vector{103.1, 100.0}}) {
        auto all = quotes(usd);  // 3.1 of 101.55: 3.05 %
        EXPECT_EQ(price_index(all, options())->flags, kPricesDisagree);
    }
}

TEST(PriceIndex, FewerThanMinSourcesIsRecordedAndMarked) {
    DeriveOptions strict = options();
    strict.min_sources = 3;
    auto two = quotes({100, 101});
    auto three = quotes({100, 101, 102});
    auto two_and_an_outlier = quotes({100, 101, 200});
    EXPECT_EQ(price_index(two, strict)->flags, kFewPrices);
    EXPECT_EQ(price_index(three, strict)->flags, 0U);
    EXPECT_EQ(price_index(two_and_an_outlier, strict)->flags, kFewPrices);
}

TEST(PriceIndex, OfNothingIsNone) {
    std::vector<Quote> none;
    EXPECT_FALSE(price_index(none, options()));
}

TEST(PriceIndex, MembersComeBeforeOtherSourcesAndThoseBeforeTheStarterHistory) {
    const Quote member{price(kKraken, kMidnight, 100)};
    const Quote other{price(kMempool, kMidnight, 101)};
    const Quote starter{price(kStarter, kMidnight, 102)};
    struct Case {
        const char* given;
        std::vector<Quote> quotes;
        double index;
        std::uint64_t sources;
    };
    const std::vector<Case> cases{{"all three", {starter, other, member}, 100, bit(kKraken)},
                                  {"no member", {starter, other}, 101, bit(kMempool)},
                                  {"the starter history alone", {starter}, 102, bit(kStarter)}};
    for (const Case& c : cases) {
        SCOPED_TRACE(c.given);
        auto all = c.quotes;
        const auto index = price_index(all, options());
        EXPECT_DOUBLE_EQ(index->usd, c.index);
        EXPECT_EQ(index->sources, c.sources);
        for (const Quote& q : all) {
            const bool in = (c.sources & bit(q.price.source)) != 0;
            EXPECT_EQ(q.verdict, in ? counted : outranked);
        }
    }
}

TEST(PriceIndex, MayBeTheMedian) {
    DeriveOptions median = of_four();
    median.method = IndexMethod::median;
    auto three = quotes({100, 100.5, 102});
    auto four = quotes({100, 101, 102, 102.5});
    EXPECT_DOUBLE_EQ(price_index(three, median)->usd, 100.5);
    EXPECT_DOUBLE_EQ(price_index(four, median)->usd, 101.5);
}

TEST(PriceIndex, SpeaksForTheFinestSpanOfWhatCounted) {
    std::vector<Quote> candles{{price(kCoinbase, kMidnight, 100, kDay)},
                               {price(kKraken, kMidnight, 100, kHour)},
                               {price(kBitstamp, kMidnight, 200)}};
    EXPECT_EQ(price_index(candles, options())->span, kHour) << "the outlier's does not count";
    auto ticks = quotes({100, 101});
    EXPECT_EQ(price_index(ticks, options())->span, options().grid);
}

}  // namespace
}  // namespace hashprice::ingest
