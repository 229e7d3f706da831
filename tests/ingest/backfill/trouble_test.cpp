#include <gmock/gmock.h>

#include "storage/polls.hpp"
#include "tests/ingest/backfill/fixture.hpp"

/// What sources lack or do wrong, and what a backfill makes of it.
namespace hashprice::ingest {
namespace {

using domain::kDay;
using domain::kHour;
using domain::Range;
using domain::utc;
using domain::UtcSeconds;
using fake::FaultKind;
using testing::HasSubstr;

constexpr Range kAutumn{utc(1'756'684'800), utc(1'764'547'200)};  // 2025-09-01 to 12-01
constexpr Range kAugust{utc(1'754'006'400), utc(1'756'684'800)};  // with the hole

TEST_F(BackfillTest, AHoleOfTheSourceStaysAGapIsToldAndHealsOnceItHasTheBlocks) {
    Store store;

    const auto holed = run(store, kAugust);
    const auto gaps = storage::gaps_between(store.db, kAugust.from, kAugust.to).value();
    upstream_.fill_hole();
    const auto healed = run(store, kAugust);

    // blocks 908795 to 909457 are missing: 2025-08-06T01:34 to 08-10T20:08 (their neighbours'
    // times)
    ASSERT_EQ(holed.missing.size(), 1U);
    EXPECT_EQ(holed.missing[0].what, "blocks");
    EXPECT_EQ(domain::format_date(holed.missing[0].range.from), "2025-08-06");
    EXPECT_EQ(domain::format_date(holed.missing[0].range.to), "2025-08-10");
    EXPECT_TRUE(std::ranges::any_of(gaps, [](const auto& g) { return g.to - g.from > 4 * kDay; }));
    EXPECT_EQ(healed.added, 909'457 - 908'795 + 1);
    EXPECT_TRUE(healed.complete());
    EXPECT_EQ(asked("/blocks/fees"), 2U) << "five days, and nothing else";
    const auto left = storage::gaps_between(store.db, kAugust.from, kAugust.to).value();
    for (const auto& gap : left) {
        EXPECT_EQ(gap.to - gap.from, kHour) << "an hour without a trade";
    }
}

TEST_F(BackfillTest, ABranchThatLostIsReplacedByTheOneThatWon) {
    const UtcSeconds before = kNovember.to - 3 * kHour;
    const Range range{kNovember.to - 3 * kDay, kNovember.to};
    upstream_.set_now(before);
    upstream_.reorg(3);  // shows as soon as the next block is there
    Store store;
    fake::SimClock earlier(before);
    run(store, BackfillOptions{.range = range}, earlier);
    upstream_.set_now(kNow);

    const auto sum = run(store, range);

    Store undisturbed;
    run(undisturbed, range);
    EXPECT_GE(sum.revised, 3);
    EXPECT_EQ(sum.refused, 0);
    EXPECT_EQ(store.rows().observations, undisturbed.rows().observations);
    EXPECT_EQ(storage::counts(store.db).value().aside, 3);
}

TEST_F(BackfillTest, AnExchangeThatDoesNotReachBackSaysSoAndTheOthersGoOn) {
    Store store;

    const auto sum = run(store, kAutumn);

    EXPECT_TRUE(sum.complete());
    EXPECT_THAT(sum.notes, testing::ElementsAre(HasSubstr("kraken has candles of 1h only since")));
    EXPECT_EQ(asked("/kraken"), 2U);
    const auto first_day =
        storage::observations_between(store.db, kAutumn.from, kAutumn.from + kDay).value();
    for (const auto& kept : first_day) EXPECT_EQ(kept.observation.flags, 0U) << "two are enough";
}

TEST_F(BackfillTest, ADeadExchangeIsLeftAloneAfterAWhile) {
    upstream_.order({.prefix = "/coinbase", .kind = FaultKind::status, .amount = 503});
    Store store;

    const auto sum = run(store, kAutumn);

    EXPECT_EQ(asked("/coinbase"), 8U) << "two questions, four times each";
    ASSERT_EQ(sum.missing.size(), 1U);
    EXPECT_EQ(sum.missing[0].what, "prices of coinbase");
    EXPECT_THAT(sum.missing[0].why, HasSubstr("503"));
    EXPECT_EQ(sum.missing[0].range.from, kAutumn.from);
    const auto health = storage::source_health(store.db).value();
    const auto it = std::ranges::find(health, "coinbase", &storage::SourceHealth::name);
    ASSERT_NE(it, health.end());
    EXPECT_EQ(it->polls_failed, 8);
    upstream_.heal();
    EXPECT_TRUE(run(store, kAutumn).complete()) << "a later run brings what was missing";
    EXPECT_EQ(asked("/mempool/api/v1/mining"), 0U);
}

TEST_F(BackfillTest, WhereNobodyAnsweredNothingIsSaidOfWhatTheyHave) {
    upstream_.order({.kind = FaultKind::status, .amount = 503});  // whoever is asked
    Store store;

    const auto sum = run(store, kNovember);

    EXPECT_FALSE(sum.complete());
    EXPECT_EQ(sum.quiet_spans, 0);
    const auto of = [&](std::string_view what) {
        return std::ranges::count(sum.missing, what, &MissingPart::what);
    };
    EXPECT_EQ(of("prices"), 0) << "as if no exchange had them";
    for (const char* exchange : {"coinbase", "kraken", "bitstamp"})
        EXPECT_GE(of(std::string("prices of ") + exchange), 1) << exchange;
}

TEST_F(BackfillTest, WhatPassesIsTriedAgain) {
    upstream_.order({.prefix = "/mempool", .kind = FaultKind::close, .times = 3});
    upstream_.order({.prefix = "/bitstamp",
                     .kind = FaultKind::status,
                     .amount = 429,
                     .retry_after = "20",
                     .times = 1});
    Store store;

    const auto sum = run(store, kNovember);

    EXPECT_TRUE(sum.complete());
    EXPECT_GE(clock_.now(), kNow + domain::seconds{20}) << "it waited as long as it was asked to";
}

TEST_F(BackfillTest, ADamagedAnswerIsQuarantinedAndItsWindowIsMissing) {
    upstream_.order({.prefix = "/mempool/api/v1/mining/blocks/fees",
                     .kind = FaultKind::numbers_as_text,
                     .times = 2});
    Store store;

    const auto sum = run(store, kNovember);

    EXPECT_FALSE(sum.complete());
    EXPECT_GE(sum.refused, 1);
    EXPECT_EQ(storage::counts(store.db).value().quarantined, 1) << "the same twice is one";
    ASSERT_FALSE(sum.missing.empty());
    EXPECT_EQ(sum.missing[0].what, "blocks");
    EXPECT_TRUE(run(store, kNovember).complete());
}

}  // namespace
}  // namespace hashprice::ingest
