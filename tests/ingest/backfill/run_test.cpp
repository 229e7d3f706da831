#include <gmock/gmock.h>

#include "tests/ingest/backfill/fixture.hpp"
#include "tests/support/fake_world.hpp"

namespace hashprice::ingest {
namespace {

using domain::kDay;
using domain::kHour;
using domain::Range;
using domain::utc;
using domain::UtcSeconds;
using testing::HasSubstr;

constexpr Range kAutumn{utc(1'756'684'800), utc(1'764'547'200)};  // 2025-09-01 to 12-01

TEST_F(BackfillTest, TheNewestMonthComesFirst) {
    Store store;

    const auto sum = run(store, kAutumn);

    ASSERT_EQ(progress_.size(), 4U);  // 91 days
    EXPECT_EQ(progress_.front().range.to, kAutumn.to);
    for (std::size_t i = 1; i < progress_.size(); ++i) {
        EXPECT_EQ(progress_[i].range.to, progress_[i - 1].range.from);
    }
    EXPECT_EQ(progress_.back().range.from, kAutumn.from);
    EXPECT_TRUE(sum.complete()) << sum.missing.front().what << sum.missing.front().why;
}

TEST_F(BackfillTest, EveryHourHasItsObservationWithAWholeFeeWindow) {
    Store store;
    const auto sum = run(store, kNovember);

    const Rows rows = store.rows();

    // 30 days; of three of their hours no exchange tells (one in 241)
    EXPECT_EQ(static_cast<std::int64_t>(rows.observations.size()), 720 - sum.quiet_spans);
    EXPECT_EQ(sum.quiet_spans, 2);
    EXPECT_EQ(rows.observations.front().time, kNovember.from + kHour);
    EXPECT_EQ(rows.observations.back().time, kNovember.to);
    for (const auto& o : rows.observations) {
        EXPECT_EQ(o.fee_blocks, 144);
        EXPECT_EQ(o.flags, 0U) << domain::format_time(o.time);
        EXPECT_EQ(o.span, kHour);
    }
}

TEST_F(BackfillTest, TheSecondRunAsksNearlyNothingAndWritesNothing) {
    Store store;
    run(store, kAutumn);
    const Rows before = store.rows();

    const auto again = run(store, kAutumn);

    EXPECT_LE(urls().size(), 1U) << "the page with the newest block";
    EXPECT_EQ(again.fetched + again.added + again.revised + again.observations, 0);
    EXPECT_EQ(store.rows(), before);
    EXPECT_TRUE(again.complete());
}

TEST_F(BackfillTest, ForceAsksAgainAndFindsTheSame) {
    Store store;
    run(store, kNovember);
    const auto asked_first = urls().size();

    const auto again = run(store, BackfillOptions{.range = kNovember, .force = true});

    EXPECT_GE(urls().size() + 3, asked_first);
    EXPECT_EQ(again.unchanged + again.revised, again.fetched);
    EXPECT_LE(again.revised, 30) << "a hash for blocks that came without";
    EXPECT_EQ(again.added + again.refused + again.observations, 0);
}

TEST_F(BackfillTest, StoppedAnywhereAndTakenUpAgainItEndsWithTheSameRows) {
    Store undisturbed;
    run(undisturbed, kAutumn);
    const Rows expected = undisturbed.rows();
    const auto whole = urls().size();

    for (const std::size_t n : {0U, 1U, 4U, 11U, 14U, 19U, 25U, 31U, 40U}) {
        SCOPED_TRACE(n);
        Store store;
        stop_after_ = n;
        const auto first = run(store, kAutumn);
        const auto asked_first = urls();
        stop_after_ = SIZE_MAX;
        const auto second = run(store, kAutumn);

        EXPECT_TRUE(first.stopped);
        EXPECT_FALSE(first.complete());
        EXPECT_TRUE(second.complete());
        for (const std::string& url : asked_first) {
            const bool anew = url.find("difficulty-adjustments") != std::string::npos ||
                              url.ends_with("/blocks/925954");  // the page with the newest block
            if (anew) continue;
            EXPECT_THAT(urls(), testing::Not(testing::Contains(url))) << "answered before";
        }
        // a window cut in two, or an edge from a page
        EXPECT_LE(asked_first.size() + urls().size(), whole + 6);
        const Rows rows = store.rows();
        EXPECT_EQ(rows.observations, expected.observations);
        EXPECT_EQ(rows.prices, expected.prices);
        ASSERT_EQ(rows.blocks.size(), expected.blocks.size());
        for (std::size_t i = 0; i < rows.blocks.size(); ++i) {
            EXPECT_EQ(rows.blocks[i].height, expected.blocks[i].height);
            EXPECT_EQ(rows.blocks[i].time, expected.blocks[i].time);
            EXPECT_EQ(rows.blocks[i].fees, expected.blocks[i].fees);
            EXPECT_EQ(rows.blocks[i].bits, expected.blocks[i].bits);
        }
    }
}

TEST_F(BackfillTest, BlocksOfOneSecondAreToldApart) {
    // all of them but two pairs share their second with a neighbour in the served figures
    Store store;
    run(store, kAutumn);
    const fake::World world(HP_FAKE_DATA);

    const Rows rows = store.rows();

    std::int64_t height = rows.blocks.front().height;
    int of_one_second = 0;
    for (const domain::Block& block : rows.blocks) {
        ASSERT_EQ(block.height, height++);
        const auto truth = world.block(block.height, kNow);
        ASSERT_TRUE(truth);
        EXPECT_EQ(block.time, truth->block.time);
        EXPECT_EQ(block.fees, truth->block.fees);
        EXPECT_EQ(block.bits, truth->block.bits);
        const auto above = world.block(block.height + 1, kNow);
        if (above && above->block.time == block.time) ++of_one_second;
    }
    EXPECT_GT(of_one_second, 0) << "or this test shows nothing";
}

TEST_F(BackfillTest, ACandleThatIsNotClosedIsNotStored) {
    const UtcSeconds half_past = kNovember.to - kHour / 2;
    upstream_.set_now(half_past);
    fake::SimClock clock(half_past);
    Store store;
    const auto roster = Roster::make(plans(kinds_), clock).value();
    const auto derive = derive_options(store.db, {}).value();

    Backfill backfill({store.db, *roster, transport_, clock, derive, {}},
                      {.range = {half_past - kDay, half_past}, .price_sources = {"coinbase"}});
    ASSERT_TRUE(backfill.run([](const auto&) {}));

    EXPECT_EQ(store.rows().prices.back().time, kNovember.to - kHour);
}

TEST_F(BackfillTest, OnesOwnNodeIsAskedInsteadOfFeeWindows) {
    const Range week{kNovember.to - 7 * kDay, kNovember.to};
    Store by_windows;
    run(by_windows, week);
    upstream_.set_rpc_login("user:pass");
    kinds_ = {"mempool", "bitcoin_core", "coinbase", "kraken", "bitstamp"};
    Store by_node;

    const auto sum = run(by_node, week);

    EXPECT_EQ(asked("/mempool"), 0U);
    EXPECT_TRUE(sum.complete());
    const Rows a = by_windows.rows();
    const Rows b = by_node.rows();
    ASSERT_EQ(a.observations.size(), b.observations.size());
    for (std::size_t i = 0; i < a.observations.size(); ++i) {
        EXPECT_EQ(a.observations[i].usd_per_ph_day, b.observations[i].usd_per_ph_day);
        EXPECT_EQ(a.observations[i].height, b.observations[i].height);
    }
}

TEST_F(BackfillTest, TheDryRunNamesTheRequestsAndSendsNone) {
    Store store;
    const auto roster = Roster::make(plans(kinds_), clock_).value();
    roster->budgets().set_share(0.5);
    const auto derive = derive_options(store.db, {}).value();
    Backfill backfill({store.db, *roster, transport_, clock_, derive, {}},
                      {.range = {kNow - 400 * kDay, kNow}, .price_sources = {"coinbase"}});

    const auto hosts = backfill.plan().value();

    EXPECT_EQ(upstream_.requests(), 0U);
    ASSERT_EQ(hosts.size(), 1U);
    // 134 fee windows, the epochs, a page for each... and 400 * 24 hours in 300s, a month at a time
    EXPECT_GE(hosts[0].requests, 134 + 1 + 32);
    EXPECT_LE(hosts[0].requests, 134 + 1 + 14 * 3);
    EXPECT_TRUE(hosts[0].at_least);
    EXPECT_EQ(hosts[0].requests_per_minute, 30'000);
}

TEST_F(BackfillTest, WhoIsAskedAloneIsAskedForNothingElse) {
    Store store;

    const auto chain = run(store, BackfillOptions{.range = kNovember, .only = {"mempool"}});
    EXPECT_EQ(asked("/mempool"), urls().size());
    const auto prices = run(store, BackfillOptions{.range = kNovember, .only = {"bitstamp"}});
    EXPECT_EQ(asked("/bitstamp"), urls().size());

    EXPECT_TRUE(chain.complete());
    EXPECT_TRUE(prices.complete());
    EXPECT_GT(store.rows().observations.size(), 700U) << "of one exchange, and degraded";
}

TEST_F(BackfillTest, AnUnknownSourceIsRefused) {
    Store store;
    const auto roster = Roster::make(plans(kinds_), clock_).value();
    const auto derive = derive_options(store.db, {}).value();
    Backfill backfill({store.db, *roster, transport_, clock_, derive, {}},
                      {.range = kNovember, .only = {"mtgox"}});

    const auto sum = backfill.run([](const auto&) {});

    ASSERT_FALSE(sum);
    EXPECT_EQ(sum.error().code, domain::Errc::usage);
    EXPECT_THAT(sum.error().what, HasSubstr("mtgox"));
}

}  // namespace
}  // namespace hashprice::ingest
