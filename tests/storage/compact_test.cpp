// When a file is written anew, and whether its disk has room.
#include <limits>

#include "storage/upkeep.hpp"
#include "tests/storage/fixture.hpp"
#include "tests/support/process.hpp"

namespace hashprice::storage {
namespace {

namespace fs = std::filesystem;

class Compacting : public ::testing::Test {
protected:
    /// Fills so much and gives `unused` of it back to SQLite.
    void fill(int kept_mib, int unused_mib) {
        const auto add = [&](const std::string& table, int mib) {
            sql("CREATE TABLE " + table + "(bytes BLOB)");
            for (int n = 0; n < mib; ++n)
                sql("INSERT INTO " + table + " VALUES(zeroblob(1048576))");
        };
        sql("BEGIN");
        add("kept", kept_mib);
        add("unused", unused_mib);
        sql("DROP TABLE unused");
        sql("COMMIT");
        sql("PRAGMA wal_checkpoint(TRUNCATE)");
    }
    void sql(const std::string& text) { db.connection().db.exec(text); }
    std::int64_t bytes() { return static_cast<std::int64_t>(fs::file_size(file)); }

    test::TempDir dir;
    fs::path file = dir.path() / "h.db";
    Database db = *Database::open(file, Access::write);
};

TEST_F(Compacting, IsWorthItFromFourMebibytesAndAQuarterOfTheFile) {
    fill(1, 5);
    const std::int64_t before = bytes();

    const auto freed = compact_if_worth(db).value();

    EXPECT_GE(freed, 5 << 20);
    EXPECT_EQ(bytes(), before - freed) << "what it says is what the disk got back";
    EXPECT_LT(fs::file_size(file.string() + "-wal"), 1U) << "and not in the log either";
    EXPECT_EQ(compact_if_worth(db).value(), 0) << "nothing is left to give back";
    EXPECT_EQ(db.connection().db.execAndGet("SELECT COUNT(*) FROM kept").getInt(), 1);
}

TEST_F(Compacting, ThreeMebibytesAreNotWorthIt) {
    fill(1, 3);
    const std::int64_t before = bytes();
    EXPECT_EQ(compact_if_worth(db).value(), 0);
    EXPECT_EQ(bytes(), before);
}

// 5 of 22 and the little of the schema: between a quarter and a fifth
TEST_F(Compacting, LessThanAQuarterIsNotWorthIt) {
    fill(17, 5);
    EXPECT_EQ(compact_if_worth(db).value(), 0);
}

TEST_F(Compacting, WhereTheDiskIsShortOfRoomNoTransactionBegins) {
    constexpr auto kMost = std::numeric_limits<std::uint64_t>::max();
    EXPECT_TRUE(enough_room(file, 0));
    EXPECT_TRUE(enough_room(file, 1));
    const Status none = enough_room(file, kMost);
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().code, Errc::database);
    EXPECT_THAT(none.error().what, testing::HasSubstr("database.min_free_mb = 18446744073710:"));
    EXPECT_TRUE(enough_room(dir.path() / "none" / "h.db", kMost)) << "SQLite says what is wrong";

    db.keep_free(kMost);
    EXPECT_FALSE(Transaction::begin(db));
    db.keep_free(1);
    EXPECT_TRUE(Transaction::begin(db));
}

}  // namespace
}  // namespace hashprice::storage
