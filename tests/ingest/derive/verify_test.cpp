#include "ingest/derive/verify.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <gtest/gtest.h>

#include "ingest/collector.hpp"
#include "tests/support/process.hpp"

namespace hashprice::ingest {
namespace {

const UtcSeconds kNow = domain::utc(1'764'547'200);  // 2025-12-01, the end of the starter history

/// The starter history in a file, and somebody who writes into it behind our back.
class Verify : public testing::Test {
protected:
    Verify() {
        options_ = derive_options(db_, {}).value();
        Collector collector(db_, options_);
        EXPECT_TRUE(import_starter(db_, collector, kNow));
    }
    Verdict after(const std::string& damage) {
        SQLite::Database(file_, SQLite::OPEN_READWRITE).exec(damage);
        return verdict();
    }
    Verdict verdict() {
        const auto verdict = verify(db_, options_);
        EXPECT_TRUE(verdict) << verdict.error().what;
        return verdict.value_or(Verdict{});
    }

    test::TempDir dir_;
    std::string file_ = dir_.path() / "h.db";
    storage::Database db_ = *storage::Database::open(file_, storage::Access::write);
    DeriveOptions options_;
};

TEST_F(Verify, FindsNothingInWhatWasJustDerivedNorInAnEmptyDatabase) {
    EXPECT_TRUE(verdict().good());
    auto empty = *storage::Database::in_memory();
    EXPECT_TRUE(verify(empty, options_)->good());
}

TEST_F(Verify, NamesTheFirstObservationThatTheFactsDoNotGive) {
    const Verdict changed = after(
        "UPDATE observations SET usd_per_ph_day = usd_per_ph_day * (1 + 1e-15) WHERE time_s = "
        "1763251200");  // by the last bit or two
    EXPECT_EQ(changed.observations, 1);
    EXPECT_EQ(changed.first, domain::utc(1'763'251'200));
    EXPECT_FALSE(changed.good());
    EXPECT_EQ(after("DELETE FROM observations WHERE time_s = 1763164800").observations, 2);
    EXPECT_EQ(verdict().first, domain::utc(1'763'164'800));
}

TEST_F(Verify, FindsAnObservationThatNoFactSupports) {
    EXPECT_EQ(after("INSERT INTO observations SELECT time_s - 7, span_s, height, bits, "
                    "fee_sat_sum, fee_blocks, fee_window, price_usd, price_sources, "
                    "chain_source_id, fee_source_id, flags, usd_per_ph_day, sat_per_ph_day, "
                    "recorded_at_s FROM observations WHERE time_s = 1763164800")
                  .observations,
              1);
}

TEST_F(Verify, FindsAFactThatChangedByItself) {
    EXPECT_EQ(after("UPDATE prices SET price_micro_usd = price_micro_usd + 1 WHERE time_s = "
                    "1763164800")
                  .observations,
              1);
}

TEST_F(Verify, FindsABarThatItsObservationsDoNotGive) {
    const Verdict lone = after(
        "UPDATE bars_1mo SET sat_mean = sat_mean + 1 WHERE start_s = "
        "(SELECT MAX(start_s) FROM bars_1mo)");
    EXPECT_EQ(lone.bars, 1);
    EXPECT_EQ(lone.observations, 0);
    // the month is made of days
    EXPECT_EQ(after("DELETE FROM bars_1d WHERE start_s = 1735689600").bars, 4)
        << "the day, its week, its month, and the one from before";
}

}  // namespace
}  // namespace hashprice::ingest
