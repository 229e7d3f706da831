// Writing, syncing and room fail at every single call, one after the other, and the power too.
#include <filesystem>

#include "tests/storage/faulty_vfs.hpp"
#include "tests/storage/fixture.hpp"
#include "tests/support/process.hpp"

namespace hashprice::storage {
namespace {

using test::DiskFault;
using test::FaultyDisk;
namespace fs = std::filesystem;

constexpr int kTransactions = 6;

/// One transaction: two kinds of facts that belong together.
Status write_pair(Database& db, int n) {
    FactBatch both = blocks({block(kHeight + n)});
    both.prices = {tick(kMidnight + n * seconds{60}, 95'000 + n)};
    return in_transaction(db, [&]() -> Status {
        const auto recorded = record(db, both);
        return recorded ? Status{} : tl::unexpected(recorded.error());
    });
}

/// What a program does: opens (and migrates), writes, closes; goes on after a failure, as a daemon
/// does. Returns how many transactions were confirmed.
int work(const fs::path& file) {
    int confirmed = 0;
    for (int n = 0; n < kTransactions; ++n) {
        auto db = Database::open(file, Access::write);  // anew each time: checkpoints are hit too
        if (!db) {
            EXPECT_FALSE(db.error().what.empty());
            break;
        }
        const Status done = write_pair(*db, n);
        if (!done) {
            EXPECT_EQ(done.error().code, Errc::database);
            break;
        }
        ++confirmed;
    }
    return confirmed;
}

/// How many pairs are there; -1: something that no sequence of whole transactions gives.
int pairs_in(const fs::path& file) {
    auto db = Database::open(file, Access::write);
    EXPECT_TRUE(db) << db.error().what;
    if (!db) return -1;
    const Status whole = db->integrity();
    EXPECT_TRUE(whole) << whole.error().what;
    SQLite::Database& raw = db->connection().db;
    const int blocks = raw.execAndGet("SELECT COUNT(*) FROM blocks").getInt();
    const int prices = raw.execAndGet("SELECT COUNT(*) FROM prices").getInt();
    const int last = raw.execAndGet("SELECT COALESCE(MAX(height), " + std::to_string(kHeight - 1) +
                                    ") FROM blocks")
                         .getInt();
    return blocks == prices && last == kHeight - 1 + blocks ? blocks : -1;
}

std::string name_of(const testing::TestParamInfo<DiskFault>& fault) {
    static const std::vector<std::string> kNames{"write", "full", "sync", "power_cut"};
    return kNames.at(static_cast<std::size_t>(fault.param));
}
class Disk : public testing::TestWithParam<DiskFault> {};
INSTANTIATE_TEST_SUITE_P(Fails, Disk,
                         testing::Values(DiskFault::write, DiskFault::full, DiskFault::sync,
                                         DiskFault::power_cut),
                         name_of);

TEST_P(Disk, AtWhicheverCallItFailsWholeTransactionsAreKeptAndConfirmedOnesStay) {
    FaultyDisk disk;
    int at = 1;
    for (bool failed = true; failed; ++at) {
        SCOPED_TRACE(at);
        const hashprice::test::TempDir dir;
        const fs::path file = dir.path() / "h.db";
        disk.fail(GetParam(), at, static_cast<std::uint64_t>(at));

        const int confirmed = work(file);
        failed = disk.failed();
        disk.restart();
        fs::remove(file.string() + "-shm");  // memory does not outlive the power

        const int kept = pairs_in(file);
        ASSERT_GE(kept, confirmed) << "a confirmed transaction is gone";
        // one whose commit failed at the very end may be there after all, whole
        ASSERT_LE(kept, confirmed + 1);
        EXPECT_EQ(failed || confirmed == kTransactions, true);
    }
    EXPECT_GT(at, 20) << "the faults were hardly reached";
}

TEST(DiskThatWorksAgain, TheSameConnectionGoesOnAfterAFailedWrite) {
    FaultyDisk disk;
    const hashprice::test::TempDir dir;
    disk.fail(DiskFault::write, 0, 1);
    auto db = Database::open(dir.path() / "h.db", Access::write);
    ASSERT_TRUE(db);
    ASSERT_TRUE(write_pair(*db, 0));
    for (const DiskFault fault : {DiskFault::write, DiskFault::sync, DiskFault::full}) {
        disk.fail(fault, 1, 1);
        EXPECT_FALSE(write_pair(*db, 1));
        disk.restart();
    }

    EXPECT_TRUE(write_pair(*db, 1));
    EXPECT_TRUE(db->integrity());
}

}  // namespace
}  // namespace hashprice::storage
