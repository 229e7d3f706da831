#include "ingest/derive/prices_as_of.hpp"

#include "tests/ingest/derive/fixture.hpp"

// METHOD section 2: price as of t, per exchange.
namespace hashprice::ingest {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Prices = std::vector<storage::Sourced<domain::Price>>;

std::vector<double> usd_at(const Prices& prices, UtcSeconds t) {
    const DeriveOptions o = options();
    PricesAsOf as_of(prices, o);
    std::vector<double> usd;
    for (const Quote& q : as_of.quotes_at(t))
        usd.push_back(static_cast<double>(q.price.fact.price.value) / 1e6);
    return usd;
}

std::vector<seconds> instants(const Prices& prices) {
    const DeriveOptions o = options();
    PricesAsOf as_of(prices, o);
    std::vector<seconds> after;
    for (auto t = as_of.next_after(kMidnight - kDay); t; t = as_of.next_after(*t))
        after.push_back(*t - kMidnight);
    return after;
}

TEST(PriceAsOf, ATickCountsInAHalfOpenWindowOfMaxAge) {
    struct Case {
        const char* given;
        seconds tick;  ///< from midnight
        bool counts;
    };
    const std::vector<Case> cases{{"at the instant itself", seconds{0}, true},
                                  {"a second later", seconds{1}, false},
                                  {"a second younger than max_age", seconds{-299}, true},
                                  {"exactly max_age old", seconds{-300}, false}};
    for (const Case& c : cases) {
        SCOPED_TRACE(c.given);
        EXPECT_EQ(usd_at({price(kCoinbase, kMidnight + c.tick, 100)}, kMidnight).size(),
                  c.counts ? 1U : 0U);
    }
}

TEST(PriceAsOf, TheNewestTickOfEachSourceCounts) {
    EXPECT_THAT(usd_at({price(kCoinbase, kMidnight - seconds{120}, 1),
                        price(kKraken, kMidnight - seconds{90}, 2),
                        price(kCoinbase, kMidnight - seconds{60}, 3)},
                       kMidnight),
                ElementsAre(3, 2));
}

TEST(PriceAsOf, ACandleCountsOnlyWhereItsSourceHasNoTick) {
    EXPECT_THAT(
        usd_at({price(kCoinbase, kMidnight - seconds{299}, 1),
                price(kCoinbase, kMidnight, 2, kMinute), price(kKraken, kMidnight, 3, kHour)},
               kMidnight),
        ElementsAre(1, 3));
}

TEST(PriceAsOf, TheFinestCandleThatEndsThenCounts) {
    EXPECT_THAT(
        usd_at({price(kCoinbase, kMidnight, 1, kMinute), price(kCoinbase, kMidnight, 2, kHour),
                price(kCoinbase, kMidnight, 3, kDay)},
               kMidnight),
        ElementsAre(1));
}

TEST(PriceAsOf, ACandleSaysNothingAboutAnyOtherInstant) {
    const Prices candle{price(kCoinbase, kMidnight, 1, kHour)};
    EXPECT_THAT(usd_at(candle, kMidnight - seconds{1}), IsEmpty());
    EXPECT_THAT(usd_at(candle, kMidnight + seconds{1}), IsEmpty());
}

TEST(Instants, OfATickAreThoseOfTheGridThatItIsYoungEnoughFor) {
    // 30 s after midnight; on the grid of 60 s it counts in (t - 300 s, t]
    EXPECT_THAT(instants({price(kCoinbase, kMidnight + seconds{30}, 1)}),
                ElementsAre(seconds{60}, seconds{120}, seconds{180}, seconds{240}, seconds{300}));
}

TEST(Instants, OfATickOnTheGridBeginWithItself) {
    EXPECT_THAT(instants({price(kCoinbase, kMidnight, 1)}),
                ElementsAre(seconds{0}, seconds{60}, seconds{120}, seconds{180}, seconds{240}));
}

TEST(Instants, OfACandleAreItsEndAlone) {
    EXPECT_THAT(instants({price(kCoinbase, kMidnight, 1, kHour),
                          price(kKraken, kMidnight + kHour, 1, kHour)}),
                ElementsAre(seconds{0}, kHour));
}

TEST(Instants, ADayWithoutPricesIsSkippedNotWalkedThrough) {
    const auto all =
        instants({price(kCoinbase, kMidnight, 1), price(kCoinbase, kMidnight + kDay, 1)});
    ASSERT_EQ(all.size(), 10U);
    EXPECT_EQ(all[4], seconds{240});
    EXPECT_EQ(all[5], kDay);
}

}  // namespace
}  // namespace hashprice::ingest
