#include <gmock/gmock.h>

#include "storage/cool_downs.hpp"
#include "tests/ingest/backfill/fixture.hpp"

namespace hashprice::ingest {
namespace {

using ::testing::HasSubstr;
using namespace std::chrono_literals;

class CooledBackfill : public BackfillTest {
protected:
    [[nodiscard]] std::string host() const {
        return "127.0.0.1:" + std::to_string(upstream_.port());
    }
    const domain::Range week_{kNovember.to - 7 * domain::kDay, kNovember.to};
};

TEST_F(CooledBackfill, AHostThatAskedSomebodyElseForAnHourIsNotAskedAndWhatItOwesIsListed) {
    Store store;
    ASSERT_TRUE(storage::note_cool_down(store.db, {host(), kNow + 1h, "HTTP 429"}, kNow));

    const BackfillSummary sum = run(store, week_);

    EXPECT_TRUE(urls().empty());
    EXPECT_FALSE(sum.complete());
    ASSERT_FALSE(sum.missing.empty());
    EXPECT_THAT(sum.missing[0].why, HasSubstr("is left alone until 2025-12-01T01:10:00Z"));
}

TEST_F(CooledBackfill, AShortCoolDownIsWaitedFor) {
    Store store;
    ASSERT_TRUE(storage::note_cool_down(store.db, {host(), kNow + 2min, "HTTP 429"}, kNow));

    const BackfillSummary sum = run(store, week_);

    EXPECT_TRUE(sum.complete());
    EXPECT_GE(clock_.now(), kNow + 2min);
}

TEST_F(CooledBackfill, WhatAHostAsksForIsNotedForOthers) {
    Store store;
    upstream_.order({.prefix = "/mempool",
                     .kind = fake::FaultKind::status,
                     .amount = 429,
                     .retry_after = "7200"});

    run(store, week_);

    const auto kept = storage::cool_down_of(store.db, host(), kNow + 1min);
    ASSERT_TRUE(kept && *kept);
    EXPECT_GE((*kept)->until, kNow + 2h);
    EXPECT_THAT((*kept)->reason, HasSubstr("429"));
    EXPECT_EQ(urls().size(), 1U) << "one request, and the host was left alone";
}

}  // namespace
}  // namespace hashprice::ingest
