#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "ingest/collector.hpp"
#include "ingest/starter/starter.hpp"
#include "storage/bars.hpp"
#include "storage/observations.hpp"
#include "tests/ingest/derive/real_facts.hpp"

// The same facts give the same rows, whichever way and however often they came.
namespace hashprice::ingest {
namespace {

using domain::kDay;
using domain::kHour;
using domain::Step;

const UtcSeconds kFrom = domain::utc(1762819200);  // 2025-11-11: a retarget lies on the next day
const UtcSeconds kTo = kFrom + 5 * kDay;
const UtcSeconds kEnd = domain::utc(1767225600);  // 2026-01-01: after everything

/// What a database has derived, without the time of recording.
struct Rows {
    std::vector<domain::Observation> observations;
    std::vector<std::vector<domain::Bar>> bars;
    friend bool operator==(const Rows&, const Rows&) = default;
};

/// Ticks of an afternoon, one of them corrected an hour later, and an exchange that lies for a
/// while.
std::vector<FactBatch> ticks() {
    std::vector<FactBatch> all;
    FactBatch coinbase{.source = "coinbase", .fetched_at = kRealFetched};
    FactBatch kraken{.source = "kraken", .fetched_at = kRealFetched};
    FactBatch bitstamp{.source = "bitstamp", .fetched_at = kRealFetched};
    for (int m = 0; m < 180; ++m) {
        const UtcSeconds t = kFrom + 12 * kHour + m * domain::kMinute;
        const std::int64_t usd = 101'000 + 7 * m % 50;
        const auto price = [](std::int64_t of) { return domain::MicroUsd{of * 1'000'000}; };
        coinbase.prices.push_back({t + domain::seconds{3}, {}, price(usd)});
        kraken.prices.push_back({t + domain::seconds{11}, {}, price(usd + 2)});
        bitstamp.prices.push_back({t, {}, price(m < 60 ? usd / 2 : usd - 3)});
    }
    FactBatch correction{.source = "kraken", .fetched_at = kRealFetched + kHour};
    correction.prices = {kraken.prices[90]};
    correction.prices[0].price += domain::MicroUsd{40'000'000};
    return {coinbase, kraken, bitstamp, correction};
}

/// Real blocks and hours, made-up ticks, and the starter history they outrank.
const std::vector<FactBatch>& facts() {
    static const std::vector<FactBatch> all = [] {
        std::vector<FactBatch> batches{starter_facts(), real_blocks(922'900, 923'901),
                                       real_closes({kFrom, kTo})};
        std::int64_t more = 0;
        for (const char* exchange : {"coinbase", "kraken", "gemini"})
            batches.push_back(real_hours({kFrom, kTo}, exchange, more += 5));
        for (FactBatch& b : ticks()) batches.push_back(std::move(b));
        return batches;
    }();
    return all;
}

/// Cut into batches of at most `size` facts.
std::vector<FactBatch> pieces(const std::vector<FactBatch>& whole, std::size_t size) {
    std::vector<FactBatch> cut;
    const auto chop = [&](const FactBatch& from, auto member) {
        const auto& all = from.*member;
        for (std::size_t at = 0; at < all.size(); at += size) {
            FactBatch piece{.source = from.source, .fetched_at = from.fetched_at};
            const auto first = all.begin() + static_cast<std::ptrdiff_t>(at);
            const auto last =
                all.begin() + static_cast<std::ptrdiff_t>(std::min(at + size, all.size()));
            (piece.*member).assign(first, last);
            cut.push_back(std::move(piece));
        }
    };
    for (const FactBatch& b : whole) {
        chop(b, &FactBatch::blocks);
        chop(b, &FactBatch::prices);
        chop(b, &FactBatch::fee_means);
        chop(b, &FactBatch::epochs);
    }
    return cut;
}

class Order : public ::testing::Test {
protected:
    Order() : db(*storage::Database::in_memory()), collector(db, *derive_options(db, {})) {}

    void take(const FactBatch& batch) {
        const auto taken = collector.take(batch, kEnd, kEnd);
        ASSERT_TRUE(taken) << taken.error().what;
        ASSERT_EQ(taken->recorded.refused, 0);
    }
    void take_all(const std::vector<FactBatch>& batches) {
        for (const FactBatch& b : batches) take(b);
    }
    Rows rows() {
        Rows all;
        const auto kept = *storage::observations_between(db, {}, kEnd);
        for (const auto& k : kept) all.observations.push_back(k.observation);
        for (const Step step : {Step::hour, Step::six_hours, Step::day, Step::week, Step::month})
            all.bars.push_back(*storage::bars_between(db, step, {{}, kEnd}));
        return all;
    }
    /// Everything in one transaction, in the order of the list.
    static const Rows& in_one_go() {
        static const Rows rows = [] {
            Order one;
            const auto taken = one.collector.take_all(
                [](const Collector::Sink& sink) {
                    domain::Status done;
                    for (const FactBatch& b : facts()) {
                        if (done) done = sink(b);
                    }
                    return done;
                },
                kEnd, kEnd);
            EXPECT_TRUE(taken) << taken.error().what;
            return one.rows();
        }();
        return rows;
    }
    void expect_the_same_rows() {
        const Rows mine = rows();
        EXPECT_TRUE(mine.observations == in_one_go().observations);
        EXPECT_TRUE(mine.bars == in_one_go().bars);
    }

    storage::Database db;
    Collector collector;

private:
    void TestBody() override {}
};

TEST_F(Order, OneGoIsNoEmptyComparison) {
    const Rows& rows = in_one_go();
    // 329 days of the starter history, five days of hours, 180 minutes of ticks and four after them
    EXPECT_GT(rows.observations.size(), 329U + 100U + 180U);
    for (const auto& bars : rows.bars) EXPECT_FALSE(bars.empty());
    const auto flagged = [&](std::uint32_t flag) {
        return std::ranges::count_if(rows.observations,
                                     [&](const auto& o) { return (o.flags & flag) != 0; });
    };
    EXPECT_GT(flagged(domain::kFewPrices), 0);
}

TEST_F(Order, BatchAfterBatch) {
    take_all(facts());
    expect_the_same_rows();
}

TEST_F(Order, Twice) {
    take_all(facts());
    take_all(facts());
    expect_the_same_rows();
}

TEST_F(Order, Backwards) {
    auto reversed = facts();
    std::ranges::reverse(reversed);
    for (FactBatch& b : reversed) {
        std::ranges::reverse(b.blocks);
        std::ranges::reverse(b.prices);
    }
    take_all(reversed);
    expect_the_same_rows();
}

TEST_F(Order, TheSecondHalfFirst) {
    auto cut = pieces(facts(), 500);
    std::rotate(cut.begin(), cut.begin() + static_cast<std::ptrdiff_t>(cut.size() / 2), cut.end());
    take_all(cut);
    expect_the_same_rows();
}

TEST_F(Order, ByThePage) {
    take_all(pieces(facts(), 100));
    expect_the_same_rows();
}

class Shuffled : public Order, public ::testing::WithParamInterface<unsigned> {};

TEST_P(Shuffled, GivesTheSameRows) {
    std::mt19937 random(GetParam());
    auto cut = pieces(facts(), 40);
    std::ranges::shuffle(cut, random);
    for (FactBatch& b : cut) {
        std::ranges::shuffle(b.blocks, random);
        std::ranges::shuffle(b.prices, random);
    }
    take_all(cut);
    expect_the_same_rows();
}

INSTANTIATE_TEST_SUITE_P(Seeds, Shuffled, ::testing::Values(1U, 2U, 3U));

TEST_F(Order, RecomputingChangesNothing) {
    take_all(facts());
    const auto done = collector.recompute({}, kEnd, kEnd + kDay);
    ASSERT_TRUE(done);
    EXPECT_EQ(done->changed, 0);
    expect_the_same_rows();
}

TEST_F(Order, WhatWasDerivedWithOtherSettingsIsRecomputedToTheSame) {
    PriceRules others;
    others.method = IndexMethod::median;
    others.max_deviation = 0.6;
    Collector other(db, *derive_options(db, others));
    for (const FactBatch& b : facts()) ASSERT_TRUE(other.take(b, kEnd, kEnd));
    ASSERT_FALSE(rows() == in_one_go());

    ASSERT_GT(collector.recompute({}, kEnd, kEnd)->changed, 0);

    expect_the_same_rows();
}

}  // namespace
}  // namespace hashprice::ingest
