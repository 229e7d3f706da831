#include <algorithm>
#include <cmath>

#include "tests/ingest/derive/fixture.hpp"

// METHOD section 2: tip and fees as of t.
namespace hashprice::ingest {
namespace {

using domain::FeeWindow;
using std::chrono::minutes;

constexpr std::int64_t kTip = 923800;

Evidence at(const FactsWindow& facts, UtcSeconds t) { return evidence_at(facts, t, options()); }

/// -1: none
std::int64_t tip_at(const FactsWindow& facts, UtcSeconds t) {
    const auto tip = at(facts, t).tip;
    return tip ? tip->height : -1;
}

TEST(EffectiveBlockTime, IsTheLaterOfABlocksOwnAndItsParents) {
    // header times as they come: the third stands before the second, the fourth far ahead
    const FactsWindow facts{.blocks = {block(10, kMidnight), block(11, kMidnight + minutes{20}),
                                       block(12, kMidnight + minutes{15}),
                                       block(13, kMidnight + minutes{120}),
                                       block(14, kMidnight + minutes{40})}};
    struct Case {
        const char* when;
        minutes after;
        std::int64_t tip;
    };
    const std::vector<Case> cases{
        {"before the first", minutes{-1}, -1},
        {"with the first", minutes{0}, 10},
        {"the third's header time, but its parent is not there yet", minutes{15}, 10},
        {"the second brings its child along", minutes{20}, 12},
        {"the fifth's header time, but its parent is ahead", minutes{40}, 12},
        {"a minute before the fourth", minutes{119}, 12},
        {"the fourth brings its child along", minutes{120}, 14}};
    for (const Case& c : cases) {
        SCOPED_TRACE(c.when);
        EXPECT_EQ(tip_at(facts, kMidnight + c.after), c.tip);
    }
    EXPECT_EQ(at(facts, kMidnight + minutes{130}).tip->known_at, kMidnight + minutes{120});
}

TEST(Tip, IsStaleWhenItIsMoreThanThreeHoursOld) {
    const auto flags = [](seconds age) {
        FactsWindow facts{.blocks = chain(kTip, 144, kMidnight - age)};
        facts.prices = {price(kCoinbase, kMidnight, 95'000), price(kKraken, kMidnight, 95'000)};
        return observation_of(at(facts, kMidnight), kMidnight, options())->flags;
    };
    EXPECT_EQ(flags(3 * kHour), 0U);
    EXPECT_EQ(flags(3 * kHour + seconds{1}), domain::kTipStale);
}

TEST(Tip, SubsidyAndBitsAreItsOwn) {
    FactsWindow facts{.blocks = chain(839'999, 144, kMidnight)};
    facts.blocks.push_back(block(840'000, kMidnight + minutes{10}));
    facts.blocks.back().fact.bits = domain::Bits{0x17034219};
    facts.prices = {price(kCoinbase, kMidnight, 64'000),
                    price(kCoinbase, kMidnight + minutes{10}, 64'000)};
    const auto sat = [&](UtcSeconds t) {
        return observation_of(at(facts, t), t, options())->sat_per_ph_day;
    };
    // METHOD section 1 by hand: with exponent 0x17, difficulty * 2^48 / 65535 is 2^96 / mantissa;
    // 625 and 312.5 million satoshi are what consensus grants below 840000 and from there on
    const auto by_hand = [](double subsidy_sat, double mantissa) {
        return 86400e15 * (subsidy_sat + 1e6) * mantissa / std::ldexp(1.0, 96);
    };
    EXPECT_NEAR(sat(kMidnight) / by_hand(625e6, 0x01d936), 1, 1e-12);
    EXPECT_NEAR(sat(kMidnight + minutes{10}) / by_hand(312.5e6, 0x034219), 1, 1e-12);
}

TEST(Tip, WithoutAFreshBlockIsWhateverFactNamesTheHighestHeight) {
    FactsWindow facts{.blocks = {block(kTip, kMidnight)}};
    facts.epochs = {
        {{921'312, kMidnight - 10 * kDay, kBits}, kStarter, kMidnight},
        {{925'344, kMidnight + 2 * kDay, domain::Bits{0x1701dade}}, kStarter, kMidnight}};
    facts.fee_means = {fee_mean(kMidnight + kDay, 144'000'000, kTip + 140, FeeWindow::blocks_144),
                       fee_mean(kMidnight + 3 * kDay, 144'000'000, 925'400, FeeWindow::blocks_144)};
    // the block's own epoch is missing, so a fee mean within it has no bits to go with
    EXPECT_EQ(tip_at(facts, kMidnight + kHour), kTip);
    EXPECT_EQ(tip_at(facts, kMidnight + kDay), kTip);
    EXPECT_EQ(tip_at(facts, kMidnight + 2 * kDay), 925'344);
    EXPECT_EQ(tip_at(facts, kMidnight + 3 * kDay), 925'400);
    EXPECT_EQ(at(facts, kMidnight + 3 * kDay).tip->bits, domain::Bits{0x1701dade});
}

TEST(FeeWindow, IsTheSumOfThe144BlocksUpToTheTip) {
    FactsWindow facts{.blocks = chain(kTip, 150, kMidnight)};
    for (std::size_t n = 0; n < facts.blocks.size(); ++n)
        facts.blocks[n].fact.fees = domain::Satoshi{static_cast<std::int64_t>(1 << (n % 20))};
    std::int64_t expected = 0;
    for (std::size_t n = 6; n < 150; ++n) expected += 1 << (n % 20);

    const auto fees = at(facts, kMidnight).fees;

    ASSERT_TRUE(fees);
    EXPECT_EQ(fees->sum.value, expected);
    EXPECT_EQ(fees->blocks, 144);
    EXPECT_EQ(fees->window, FeeWindow::blocks_144);
    EXPECT_EQ(fees->last_height, kTip);
}

TEST(FeeWindow, Of143BlocksIsNone) {
    EXPECT_FALSE(at({.blocks = chain(kTip, 143, kMidnight)}, kMidnight).fees);
    EXPECT_TRUE(at({.blocks = chain(kTip, 144, kMidnight)}, kMidnight).fees);
}

TEST(FeeWindow, WhenIncompleteIsTheNewestCompleteOneLessThanADayOldAndDegraded) {
    struct Case {
        const char* given;
        void (*break_it)(FactsWindow&);
    };
    const std::vector<Case> cases{
        {"a block whose fees are not known",
         [](FactsWindow& f) { f.blocks.push_back(block(kTip + 1, kMidnight + minutes{1}, {})); }},
        {"a block whose parent is missing",
         [](FactsWindow& f) { f.blocks.push_back(block(kTip + 2, kMidnight + minutes{1})); }}};
    for (const Case& c : cases) {
        SCOPED_TRACE(c.given);
        FactsWindow facts{.blocks = chain(kTip, 144, kMidnight)};
        c.break_it(facts);
        // the tip goes on without fees, so that it is never stale itself
        for (int h = 1; h <= 25; ++h)
            facts.blocks.push_back(block(kTip + 2 + h, kMidnight + h * kHour, {}));
        const auto flags = [&](UtcSeconds t) -> std::optional<std::uint32_t> {
            FactsWindow priced = facts;
            priced.prices = {price(kCoinbase, t, 95'000), price(kKraken, t, 95'000)};
            const auto o = observation_of(at(priced, t), t, options());
            return o ? std::optional(o->flags) : std::nullopt;
        };
        EXPECT_EQ(flags(kMidnight), 0U) << "complete until then";
        EXPECT_EQ(flags(kMidnight + minutes{1}), domain::kFeeWindowOld);
        EXPECT_EQ(flags(kMidnight + kDay - seconds{1}), domain::kFeeWindowOld);
        // exclusive: yesterday's close must not stand in for a whole day without fees
        EXPECT_EQ(flags(kMidnight + kDay), std::nullopt);
        EXPECT_EQ(at(facts, kMidnight + kHour).fees->last_height, kTip);
    }
}

TEST(FeeWindow, IsWholeAgainAfter144BlocksMore) {
    FactsWindow facts{.blocks = chain(kTip, 200, kMidnight)};
    facts.blocks[55].fact.fees.reset();
    EXPECT_EQ(at(facts, kMidnight).fees->last_height, kTip);
    facts.blocks[56].fact.fees.reset();
    const auto fees = at(facts, kMidnight).fees;
    EXPECT_FALSE(fees) << "only 143 since the hole, and 56 before it";
}

TEST(FeeWindow, OfTheUtcDayIsUsedWhereOnlyThatExists) {
    FactsWindow facts;
    facts.epochs = {{{923'328, kMidnight - 3 * kDay, kBits}, kStarter, kMidnight}};
    facts.fee_means = {fee_mean(kMidnight, 288'000'000, kTip, FeeWindow::utc_day)};
    facts.prices = {price(kStarter, kMidnight, 95'000, kDay)};

    const auto o = observation_of(at(facts, kMidnight), kMidnight, options());

    ASSERT_TRUE(o);
    EXPECT_EQ(o->fee_window, FeeWindow::utc_day);
    EXPECT_EQ(o->fee_sat_mean(), 2'000'000);
    EXPECT_EQ(o->flags & domain::kFeeWindowOld, 0U);
    EXPECT_EQ(o->height, kTip);
}

TEST(FeeWindow, OfTwoMeansThatEndTogetherTheOneOverBlocksCountsThenTheFetchedOne) {
    FactsWindow facts;
    facts.epochs = {{{923'328, kMidnight - 3 * kDay, kBits}, kStarter, kMidnight}};
    const auto day = fee_mean(kMidnight, 1, kTip, FeeWindow::utc_day);
    const auto starter = fee_mean(kMidnight, 2, kTip, FeeWindow::blocks_144);
    auto fetched = fee_mean(kMidnight, 3, kTip, FeeWindow::blocks_144);
    fetched.source = kMempool;
    std::vector<storage::Sourced<domain::FeeMean>> means{day, starter, fetched};
    const auto by_sum = [](const auto& a, const auto& b) {
        return a.fact.fee_sum < b.fact.fee_sum;
    };
    do {  // whichever comes first
        facts.fee_means = means;
        EXPECT_EQ(at(facts, kMidnight).fees->sum.value, 3);
    } while (std::ranges::next_permutation(means, by_sum).found);
    facts.fee_means = {day, starter};
    EXPECT_EQ(at(facts, kMidnight).fees->sum.value, 2);
}

TEST(FeeWindow, OfBlocksUpToTheTipComesBeforeAnyMean) {
    FactsWindow facts{.blocks = chain(kTip, 144, kMidnight - minutes{5})};
    facts.fee_means = {fee_mean(kMidnight, 1, kTip, FeeWindow::blocks_144)};
    EXPECT_EQ(at(facts, kMidnight).fees->sum.value, 144'000'000);
}

}  // namespace
}  // namespace hashprice::ingest
