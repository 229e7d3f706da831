// What is noted about sources and files: polls, cool-downs, comparisons, locks.
#include <sys/stat.h>

#include "domain/consensus.hpp"
#include "storage/comparisons.hpp"
#include "storage/cool_downs.hpp"
#include "storage/lock_file.hpp"
#include "storage/observations.hpp"
#include "storage/polls.hpp"
#include "tests/storage/fixture.hpp"
#include "tests/support/process.hpp"

namespace hashprice::storage {
namespace {

using domain::kHour;
using testing::HasSubstr;

class CoolDowns : public Stored {
protected:
    void note(const std::string& host, UtcSeconds until, UtcSeconds now,
              const std::string& reason = "it answered 429") {
        ASSERT_TRUE(note_cool_down(db, {host, until, reason}, now));
    }
};

TEST_F(CoolDowns, AreReadBackAsTheyWereNotedUntilTheyAreOver) {
    note("b.example", kFetched + kHour, kFetched);
    note("a.example", kFetched + 2 * kHour, kFetched, "it asked for two hours");

    const auto one = cool_down_of(db, "b.example", kFetched).value();
    ASSERT_TRUE(one);
    EXPECT_EQ(one->host, "b.example");
    EXPECT_EQ(one->until, kFetched + kHour);
    EXPECT_EQ(one->reason, "it answered 429");
    EXPECT_TRUE(cool_down_of(db, "b.example", kFetched + kHour - seconds{1}).value());
    EXPECT_FALSE(cool_down_of(db, "b.example", kFetched + kHour).value());
    EXPECT_FALSE(cool_down_of(db, "c.example", kFetched).value());
    const auto all = cool_downs(db, kFetched).value();
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[0].host, "a.example");
    EXPECT_EQ(all[0].reason, "it asked for two hours");
    EXPECT_EQ(cool_downs(db, kFetched + kHour)->size(), 1U);
}

TEST_F(CoolDowns, TheLaterEndCountsAndOneFromTheFutureDoesNot) {
    note("a.example", kFetched + 2 * kHour, kFetched);
    note("a.example", kFetched + kHour, kFetched + seconds{1}, "shorter");
    EXPECT_EQ(cool_down_of(db, "a.example", kFetched).value()->until, kFetched + 2 * kHour);
    EXPECT_EQ(cool_down_of(db, "a.example", kFetched).value()->reason, "it answered 429");
    EXPECT_FALSE(cool_down_of(db, "a.example", kFetched - seconds{1}).value())
        << "noted later than now: by a clock that was wrong";
}

class Comparisons : public Stored {};

TEST_F(Comparisons, AreReadBackAsTheyWereNotedAndTheFirstWordStays) {
    const Comparison first{"luxor", kMidnight, 40.5, 40, kMidnight - seconds{60}};
    Comparison other = first;
    other.usd_per_ph_day = 50;
    ASSERT_TRUE(note_comparison(db, first, kFetched));
    ASSERT_TRUE(note_comparison(db, other, kFetched + kHour));
    ASSERT_TRUE(note_comparison(db, {"luxor", kMidnight + kHour, 41, 42, kMidnight}, kFetched));

    const auto all = comparisons_between(db, kMidnight, kMidnight + kHour).value();
    ASSERT_EQ(all.size(), 1U) << "the start is in, the end is not";
    EXPECT_EQ(all[0].source, "luxor");
    EXPECT_EQ(all[0].time, kMidnight);
    EXPECT_EQ(all[0].usd_per_ph_day, 40.5);
    EXPECT_EQ(all[0].ours_usd_per_ph_day, 40);
    EXPECT_EQ(all[0].ours_time, kMidnight - seconds{60});
    const auto newest = newest_comparisons(db).value();
    ASSERT_EQ(newest.size(), 1U);
    EXPECT_EQ(newest[0].time, kMidnight + kHour);
    EXPECT_EQ(newest[0].usd_per_ph_day, 41);
    EXPECT_EQ(newest[0].ours_usd_per_ph_day, 42);
}

class Polls : public Stored {};

TEST_F(Polls, ASourcesHealthIsThatOfItsPolls) {
    ASSERT_TRUE(log_poll(db, {"kraken", kMidnight, 12, "ok", "", 3}));
    ASSERT_TRUE(log_poll(db, {"kraken", kMidnight + kHour, 13, "ok", "", 0}));
    ASSERT_TRUE(log_poll(db, {"kraken", kMidnight + 2 * kHour, 9000, "timeout", "no answer", 0}));
    ASSERT_TRUE(log_poll(db, {"gemini", kMidnight, 7, "http_status", "it answered 500", 0}));
    FactBatch refused = batch("gemini");
    refused.refused = {{"price", "because", "{}"}, {"price", "because", "[]"}};
    record(refused);

    const auto health = source_health(db).value();
    ASSERT_EQ(health.size(), 2U);
    EXPECT_EQ(health[0].name, "gemini");
    EXPECT_EQ(health[0].last_success, std::nullopt);
    EXPECT_EQ(health[0].last_failure, kMidnight);
    EXPECT_EQ(health[0].last_error, "it answered 500");
    EXPECT_EQ(health[0].last_duration_ms, 7);
    EXPECT_EQ(health[0].polls_ok, 0);
    EXPECT_EQ(health[0].polls_failed, 1);
    EXPECT_EQ(health[0].quarantined, 2);
    EXPECT_EQ(health[1].name, "kraken");
    EXPECT_EQ(health[1].last_success, kMidnight + kHour);
    EXPECT_EQ(health[1].last_failure, kMidnight + 2 * kHour);
    EXPECT_EQ(health[1].last_error, "no answer");
    EXPECT_EQ(health[1].last_duration_ms, 9000);
    EXPECT_EQ(health[1].polls_ok, 2);
    EXPECT_EQ(health[1].polls_failed, 1);
    EXPECT_EQ(health[1].quarantined, 0);
    EXPECT_EQ(ask("SELECT SUM(facts_new) FROM polls"), "3");
}

TEST_F(Polls, WhatIsCountedIsWhatIsThere) {
    FactBatch b = blocks({block(kHeight), block(kHeight + 1)});
    b.prices = {tick(kMidnight, 1), tick(kMidnight + kHour, 2), tick(kMidnight + 2 * kHour, 3)};
    b.fee_means = {
        {kMidnight, domain::FeeWindow::blocks_144, Satoshi{1}, 144, kHeight},
        {kMidnight + kHour, domain::FeeWindow::blocks_144, Satoshi{1}, 144, kHeight},
        {kMidnight + 2 * kHour, domain::FeeWindow::blocks_144, Satoshi{1}, 144, kHeight},
        {kMidnight + 3 * kHour, domain::FeeWindow::blocks_144, Satoshi{1}, 144, kHeight}};
    b.epochs = {{457 * domain::kBlocksPerEpoch, kMidnight, kBits}};
    b.refused = {{"block", "because", "1"},
                 {"block", "because", "2"},
                 {"block", "because", "3"},
                 {"block", "because", "4"},
                 {"block", "because", "5"}};
    record(b);
    FactBatch corrected = prices(
        {tick(kMidnight, 4), tick(kMidnight + kHour, 5), tick(kMidnight + 2 * kHour, 6)}, b.source);
    corrected.fee_means = b.fee_means;
    for (auto& mean : corrected.fee_means) mean.blocks = 143;
    record(corrected);
    std::vector<domain::Observation> observed(9);
    for (std::size_t n = 0; n < observed.size(); ++n) {
        observed[n].time = kMidnight + static_cast<int>(n) * kHour;
        observed[n].span = kHour;
    }
    ASSERT_TRUE(
        replace_observations(db, kMidnight - kHour, observed.back().time, observed, kFetched));
    ASSERT_TRUE(replace_observations(db, kMidnight, observed.back().time, {}, kFetched));

    const Counts all = counts(db).value();
    EXPECT_EQ(all.blocks, 2);
    EXPECT_EQ(all.prices, 3);
    EXPECT_EQ(all.fee_means, 4);
    EXPECT_EQ(all.epochs, 1);
    EXPECT_EQ(all.aside, 7) << "three prices and four means corrected";
    EXPECT_EQ(all.quarantined, 5);
    EXPECT_EQ(all.observations, 1);
    EXPECT_EQ(all.superseded, 8);
}

class LockedFile : public ::testing::Test {
protected:
    test::TempDir dir;
    std::filesystem::path file = dir.path() / "h.db";
};

TEST_F(LockedFile, IsHeldByOneOfAKindUntilThatOneIsGone) {
    EXPECT_FALSE(LockFile::held(file, "daemon"));
    {
        const auto one = LockFile::take(file, "daemon");
        ASSERT_TRUE(one);
        EXPECT_TRUE(LockFile::held(file, "daemon"));
        EXPECT_FALSE(LockFile::held(file, "backfill"));
        const auto two = LockFile::take(file, "daemon");
        ASSERT_FALSE(two);
        EXPECT_EQ(two.error().code, domain::Errc::locked);
        EXPECT_THAT(two.error().what, HasSubstr("another daemon works on"));
        EXPECT_TRUE(LockFile::take(file, "backfill"));
    }
    EXPECT_FALSE(LockFile::held(file, "daemon")) << "the file is there, nobody holds it";
    EXPECT_TRUE(LockFile::take(file, "daemon"));
}

TEST_F(LockedFile, StaysHeldWhenItsHolderIsMoved) {
    auto one = LockFile::take(file, "daemon");
    ASSERT_TRUE(one);
    const LockFile moved = std::move(*one);
    { const LockFile gone = std::move(*one); }  // NOLINT: what was moved from holds nothing
    EXPECT_TRUE(LockFile::held(file, "daemon"));
}

TEST_F(LockedFile, IsReadableByAllAndWrittenByItsOwnerAlone) {
    const mode_t before = ::umask(0);
    const auto one = LockFile::take(file, "daemon");
    ::umask(before);
    ASSERT_TRUE(one);
    using std::filesystem::perms;
    EXPECT_EQ(std::filesystem::status(file.string() + ".daemon.lock").permissions(),
              perms::owner_read | perms::owner_write | perms::group_read | perms::others_read);
}

TEST_F(LockedFile, ThatCannotBeMadeIsNamed) {
    const auto one = LockFile::take(dir.path() / "none" / "h.db", "daemon");
    ASSERT_FALSE(one);
    EXPECT_EQ(one.error().code, domain::Errc::database);
    EXPECT_THAT(one.error().what, HasSubstr("h.db.daemon.lock"));
    EXPECT_FALSE(LockFile::held(dir.path() / "none" / "h.db", "daemon"));
}

}  // namespace
}  // namespace hashprice::storage
