#include "ingest/derive/observe.hpp"

#include "tests/ingest/derive/fixture.hpp"

namespace hashprice::ingest {
namespace {

constexpr std::int64_t kTip = 923800;

FactsWindow with_chain() { return {.blocks = chain(kTip, 300, kMidnight + kDay)}; }

TEST(Observation, CarriesEveryInputItWasComputedFrom) {
    FactsWindow facts{.blocks = chain(kTip, 144, kMidnight, 1'806'451)};
    facts.prices = {price(kCoinbase, kMidnight, 95'555.27), price(kKraken, kMidnight, 95'555.29)};

    const auto all = observe(facts, kMidnight - seconds{1}, kMidnight, options());

    ASSERT_EQ(all.size(), 1U);
    const Observation& o = all.front();
    EXPECT_EQ(o.time, kMidnight);
    EXPECT_EQ(o.span, kMinute);
    EXPECT_EQ(o.height, kTip);
    EXPECT_EQ(o.bits, kBits);
    EXPECT_EQ(o.fee_sum.value, 144 * 1'806'451);
    EXPECT_EQ(o.fee_blocks, 144);
    EXPECT_DOUBLE_EQ(o.price_usd, 95'555.28);
    EXPECT_EQ(o.price_sources, bit(kCoinbase) | bit(kKraken));
    EXPECT_EQ(o.chain_source, kMempool);
    EXPECT_EQ(o.fee_source, kMempool);
    EXPECT_EQ(o.flags, 0U);
    // METHOD's golden row of 2025-11-15; its mean fee is 0.26 sat higher
    EXPECT_NEAR(o.usd_per_ph_day, 39.676822, 5e-7);
}

TEST(Observation, NeedsAPriceATipAndFees) {
    const auto facts = [] {
        FactsWindow all{.blocks = chain(kTip, 144, kMidnight)};
        all.prices = {price(kCoinbase, kMidnight, 95'000)};
        return all;
    };
    const auto observed = [](const FactsWindow& f) {
        return observe(f, kMidnight - seconds{1}, kMidnight, options()).size();
    };
    EXPECT_EQ(observed(facts()), 1U);
    FactsWindow no_price = facts();
    no_price.prices.clear();
    EXPECT_EQ(observed(no_price), 0U);
    FactsWindow no_fees = facts();
    no_fees.blocks.erase(no_fees.blocks.begin());
    EXPECT_EQ(observed(no_fees), 0U);
    FactsWindow no_tip = facts();
    no_tip.blocks.clear();
    no_tip.fee_means = {fee_mean(kMidnight, 144, kTip, domain::FeeWindow::blocks_144)};
    EXPECT_EQ(observed(no_tip), 0U);
}

TEST(Observation, IsDerivedFromNothingThatCameLater) {
    FactsWindow facts = with_chain();
    for (int m = 0; m < 60; ++m)
        facts.prices.push_back(price(kCoinbase, kMidnight + m * kMinute, 95'000 + m));
    const auto all = observe(facts, kMidnight - seconds{1}, kMidnight + kHour, options());
    ASSERT_GE(all.size(), 60U);
    for (const Observation& o : all) {
        FactsWindow past = facts;
        std::erase_if(past.blocks, [&](const auto& b) { return b.fact.time > o.time; });
        std::erase_if(past.prices, [&](const auto& p) { return p.fact.time > o.time; });
        EXPECT_EQ(observation_of(evidence_at(past, o.time, options()), o.time, options()), o);
    }
}

TEST(Observation, IsTheSameFromAWindowOfFactsOrOneInstantAtATime) {
    FactsWindow facts = with_chain();
    for (int h = 0; h < 24; ++h) {
        facts.prices.push_back(price(kCoinbase, kMidnight + h * kHour, 95'000 + h, kHour));
        facts.prices.push_back(price(kKraken, kMidnight + h * kHour + seconds{17}, 95'000 + 2 * h));
    }
    const auto all = observe(facts, kMidnight - seconds{1}, kMidnight + kDay, options());
    ASSERT_EQ(all.size(), 24U * (1 + 5)) << "a candle each hour, and five minutes of each tick";
    for (const Observation& o : all)
        EXPECT_EQ(observation_of(evidence_at(facts, o.time, options()), o.time, options()), o);
}

TEST(Observation, OfTwoCandlesAndATickSpeaksForItsFinest) {
    FactsWindow facts = with_chain();
    facts.prices = {price(kCoinbase, kMidnight, 95'000, kDay),
                    price(kKraken, kMidnight, 95'000, kHour)};
    const auto candles = observe(facts, kMidnight - seconds{1}, kMidnight, options());
    ASSERT_EQ(candles.size(), 1U);
    EXPECT_EQ(candles[0].span, kHour);
}

TEST(Observation, AnEvidenceNamesOutliersWithTheirVerdict) {
    FactsWindow facts = with_chain();
    facts.prices = {price(kCoinbase, kMidnight, 95'000), price(kKraken, kMidnight, 95'100),
                    price(kBitstamp, kMidnight, 120'000)};
    const Evidence evidence = evidence_at(facts, kMidnight, options());
    ASSERT_EQ(evidence.quotes.size(), 3U);
    EXPECT_EQ(evidence.quotes[2].price.source, kBitstamp);
    EXPECT_EQ(evidence.quotes[2].verdict, QuoteVerdict::outlier);
    EXPECT_DOUBLE_EQ(evidence.price->usd, 95'050);
}

}  // namespace
}  // namespace hashprice::ingest
