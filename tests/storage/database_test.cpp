#include "storage/database.hpp"

#include <fstream>
#include <thread>

#include "storage/schema.hpp"
#include "tests/storage/fixture.hpp"
#include "tests/support/process.hpp"

namespace hashprice::storage {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class File : public ::testing::Test {
protected:
    [[nodiscard]] fs::path file() const { return dir.path() / "hashprice.db"; }
    [[nodiscard]] Database writer() const { return *Database::open(file(), Access::write); }
    /// The error of opening `path`; a failure of the test when it opens.
    static std::string refusal(const fs::path& path, Access access) {
        const auto opened = Database::open(path, access);
        EXPECT_FALSE(opened);
        return opened ? "" : opened.error().what;
    }
    static Status add(Database& db, const FactBatch& facts) {
        return in_transaction(db, [&] { return record(db, facts).map([](const Recorded&) {}); });
    }
    static std::int64_t blocks_in(Database& db) {
        return static_cast<std::int64_t>(blocks_between(db, 0, kHeight + 1'000)->size());
    }

    test::TempDir dir;
};

TEST_F(File, IsMadeByAWriterAndIsRecognizedAsOurs) {
    Database db = writer();
    EXPECT_EQ(schema_version(db.connection()), newest_schema());
    // "hprc"
    EXPECT_EQ(db.connection().db.execAndGet("PRAGMA application_id").getInt(), 0x68707263);
    EXPECT_EQ(db.connection().db.execAndGet("PRAGMA journal_mode").getString(), "wal");
}

TEST_F(File, AReaderNeverMakesOne) {
    EXPECT_THAT(refusal(file(), Access::read), HasSubstr("there is no database at"));
    EXPECT_FALSE(fs::exists(file()));
}

TEST_F(File, AReaderCannotWrite) {
    ASSERT_TRUE(Database::open(file(), Access::write));
    auto reader = Database::open(file(), Access::read);
    ASSERT_TRUE(reader);
    const Status done = add(*reader, blocks({block(kHeight)}));
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, Errc::database);
}

TEST_F(File, ANewerSchemaIsRefusedByReaderAndWriterAndLeftAlone) {
    writer().connection().db.exec("PRAGMA user_version = 99");
    for (const Access access : {Access::read, Access::write}) {
        const std::string why = refusal(file(), access);
        EXPECT_THAT(why, HasSubstr("schema 99 is newer than this program knows"));
        EXPECT_THAT(why, HasSubstr("install the newer hashprice")) << "and what to do";
        EXPECT_THAT(why, HasSubstr(file().string()));
    }
    SQLite::Database bare(file().string());
    EXPECT_EQ(bare.execAndGet("PRAGMA user_version").getInt(), 99);
}

TEST_F(File, AnotherProgramsDatabaseIsRefusedAndLeftAlone) {
    SQLite::Database(file().string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE)
        .exec("CREATE TABLE places(url TEXT)");
    for (const Access access : {Access::read, Access::write})
        EXPECT_THAT(refusal(file(), access), HasSubstr("the database of another program"));
    SQLite::Database bare(file().string());
    EXPECT_EQ(bare.execAndGet("SELECT COUNT(*) FROM sqlite_schema").getInt(), 1);
}

TEST_F(File, WhatIsNoDatabaseAtAllIsRefusedInWords) {
    (void)dir.write("hashprice.db", std::string(4'096, 'x'));
    EXPECT_THAT(refusal(file(), Access::write), HasSubstr("not a database"));
    EXPECT_EQ(test::read_file(file()), std::string(4'096, 'x'));
}

TEST_F(File, APathThatCannotBeUsedIsNamedWithWhatToDo) {
    EXPECT_THAT(refusal(dir.path(), Access::write), HasSubstr("is a directory; name a file"));
    EXPECT_THAT(refusal(dir.path() / "none" / "x.db", Access::write),
                HasSubstr("there is no directory"));
    const std::string plain = dir.write("plain", "text");
    EXPECT_THAT(refusal(fs::path(plain) / "x.db", Access::write),
                HasSubstr("there is no directory"));
}

TEST_F(File, ATransactionThatEndsInAnErrorLeavesNothing) {
    Database db = writer();
    const Status done = in_transaction(db, [&]() -> Status {
        EXPECT_TRUE(record(db, blocks({block(kHeight)})));
        EXPECT_EQ(blocks_in(db), 1);
        return fail(Errc::usage, "changed my mind");
    });
    EXPECT_FALSE(done);
    EXPECT_EQ(blocks_in(db), 0);
    EXPECT_TRUE(add(db, blocks({block(kHeight)}))) << "the next one is not in its way";
}

TEST_F(File, AnExceptionInsideATransactionLeavesNothingEither) {
    Database db = writer();
    const auto broken = [&]() -> Status {
        EXPECT_TRUE(record(db, blocks({block(kHeight)})));
        throw std::runtime_error("a bug");
    };
    EXPECT_THROW((void)in_transaction(db, broken), std::runtime_error);
    EXPECT_EQ(blocks_in(db), 0);
}

TEST_F(File, AWriterThatDiesBetweenTwoWritesIsRolledBack) {
    // what a killed process leaves: the file and its log with no COMMIT, copied while it is so
    Database db = writer();
    ASSERT_TRUE(add(db, blocks({block(kHeight)})));
    const fs::path left_behind = dir.path() / "left" / "hashprice.db";
    fs::create_directory(left_behind.parent_path());
    {
        const auto open_ended = Transaction::begin(db);
        ASSERT_TRUE(open_ended);
        db.connection().db.exec("PRAGMA cache_spill = 1; PRAGMA cache_size = 1");
        std::vector<Block> many;
        for (std::int64_t h = kHeight + 1; h < kHeight + 900; ++h) many.push_back(block(h));
        ASSERT_TRUE(record(db, blocks(many)));
        for (const char* part : {"", "-wal"})
            fs::copy_file(file().string() + part, left_behind.string() + part);
    }
    auto found = Database::open(left_behind, Access::write);
    ASSERT_TRUE(found) << found.error().what;
    EXPECT_EQ(blocks_in(*found), 1);
    EXPECT_TRUE(found->integrity());
}

TEST_F(File, AReaderBesideAWriterSeesWhatIsCommittedAndIsNotHeldUp) {
    Database db = writer();
    ASSERT_TRUE(add(db, blocks({block(kHeight)})));
    auto reader = *Database::open(file(), Access::read);
    auto second = *Database::open(file(), Access::read);
    {
        auto transaction = *Transaction::begin(db);
        ASSERT_TRUE(record(db, blocks({block(kHeight + 1)})));

        EXPECT_EQ(blocks_in(reader), 1);
        EXPECT_EQ(blocks_in(second), 1);

        ASSERT_TRUE(transaction.commit());
    }
    EXPECT_EQ(blocks_in(reader), 2);
    EXPECT_EQ(blocks_in(second), 2);
}

TEST_F(File, TwoWritersTakeTurns) {
    Database one = writer();
    Database two = writer();
    const auto write_half = [](Database& db, std::int64_t first) {
        for (std::int64_t h = first; h < first + 100; h += 2)
            ASSERT_TRUE(add(db, blocks({block(h)})));
    };
    {
        const std::jthread other([&] { write_half(two, kHeight - 99); });
        write_half(one, kHeight - 100);
    }
    EXPECT_EQ(blocks_in(one), 100);
}

TEST_F(File, TheDataVersionChangesWithEveryWriteOfAnyConnectionAndNotOtherwise) {
    Database db = writer();
    auto reader = *Database::open(file(), Access::read);
    const auto before = *reader.data_version();
    EXPECT_EQ(*reader.data_version(), before);
    ASSERT_TRUE(add(db, blocks({block(kHeight)})));
    const auto after = *reader.data_version();
    EXPECT_NE(after, before);
    EXPECT_EQ(*reader.data_version(), after);
}

TEST_F(File, ACopyStandsAloneAndNeverOverwrites) {
    Database db = writer();
    ASSERT_TRUE(add(db, blocks({block(kHeight)})));
    const fs::path target = dir.path() / "copy.db";

    ASSERT_TRUE(db.copy_to(target));
    const Status again = db.copy_to(target);

    EXPECT_FALSE(again);
    SQLite::Database copy(target.string());
    EXPECT_EQ(copy.execAndGet("PRAGMA journal_mode").getString(), "delete");
    EXPECT_EQ(copy.execAndGet("SELECT COUNT(*) FROM blocks").getInt(), 1);
}

TEST_F(File, DamageIsFoundAndNamed) {
    {
        Database db = writer();
        std::vector<Block> many;
        for (std::int64_t h = kHeight; h < kHeight + 2'000; ++h) many.push_back(block(h));
        ASSERT_TRUE(add(db, blocks(many)));
        EXPECT_TRUE(db.integrity());
    }
    constexpr std::uintmax_t kPage = 4'096;
    const auto size = fs::file_size(file());
    std::fstream damaged(file(), std::ios::in | std::ios::out | std::ios::binary);
    damaged.seekp(static_cast<std::streamoff>(size - 3 * kPage));
    damaged << std::string(2 * kPage, '\xff');
    damaged.close();
    auto db = Database::open(file(), Access::read);
    ASSERT_TRUE(db) << "what is whole in it can still be read";
    const Status verdict = db->integrity();
    ASSERT_FALSE(verdict);
    EXPECT_THAT(verdict.error().what, HasSubstr("restore a backup"));
}

/// The file with its own words about a view changed, as one turned bit changes them.
Status after_declaring(const fs::path& file, const std::string& sql) {
    auto db = Database::open(file, Access::write);
    db->connection().db.exec("PRAGMA writable_schema = ON; " + sql);
    return db->integrity();
}

TEST_F(File, AViewThatIsDeclaredOtherwiseIsFoundThoughSqliteCallsTheFileWhole) {
    const Status verdict = after_declaring(file(),
                                           "UPDATE sqlite_schema SET sql = replace(sql, 'height', "
                                           "'huight') WHERE name = 'v_hashprice'");
    ASSERT_FALSE(verdict);
    EXPECT_THAT(verdict.error().what, HasSubstr("the view v_hashprice is not declared as schema"));
}

TEST_F(File, AnIndexOrViewThatIsGoneIsFound) {
    const Status verdict = after_declaring(file(), "DROP VIEW v_gaps");
    ASSERT_FALSE(verdict);
    EXPECT_THAT(verdict.error().what, HasSubstr("the view v_gaps is not declared"));
}

TEST_F(File, WhatItsUsersAddedIsNoDamage) {
    EXPECT_TRUE(after_declaring(file(),
                                "CREATE VIEW mine AS SELECT usd_per_ph_day FROM v_hashprice;"
                                "CREATE TABLE notes(line TEXT PRIMARY KEY)"));
}

TEST_F(File, SmallFactsAboutItselfAreKeptByKey) {
    Database db = writer();
    EXPECT_EQ(*meta(db, "colour"), "");
    ASSERT_TRUE(set_meta(db, "colour", "green"));
    ASSERT_TRUE(set_meta(db, "colour", "blue"));
    EXPECT_EQ(*meta(db, "colour"), "blue");
}

}  // namespace
}  // namespace hashprice::storage
