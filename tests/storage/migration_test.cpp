// A database of every schema that was ever shipped becomes today's, row for row.
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "storage/connection.hpp"
#include "storage/episodes.hpp"
#include "storage/observations.hpp"
#include "storage/schema.hpp"
#include "tests/support/process.hpp"

namespace hashprice::storage {
namespace {

/// A file with what a program of an earlier schema left behind.
template <class Base>
class WithOldFile : public Base {
protected:
    [[nodiscard]] std::filesystem::path file() const { return dir_.path() / "old.db"; }

    /// golden/v<n>.sql as a database file.
    void leave_behind(int schema) const {
        const std::string dump =
            test::read_file(HP_GOLDEN_DUMPS "/v" + std::to_string(schema) + ".sql");
        ASSERT_FALSE(dump.empty());
        SQLite::Database db(file().string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
        db.exec(dump);
    }

private:
    test::TempDir dir_;
};
using Migration = WithOldFile<::testing::TestWithParam<int>>;
using OneMigration = WithOldFile<::testing::Test>;

using Lines = std::vector<std::string>;

Lines lines_of(SQLite::Database& db, const std::string& sql) {
    Lines lines;
    SQLite::Statement rows(db, sql);
    while (rows.executeStep()) {
        std::string line;
        for (int i = 0; i < rows.getColumnCount(); ++i) line += rows.getColumn(i).getString() + "|";
        lines.push_back(line);
    }
    return lines;
}

/// Tables, views and indexes with their columns; the text in sqlite_schema may differ.
std::map<std::string, Lines> shape_of(SQLite::Database& db) {
    std::map<std::string, Lines> shape;
    for (const std::string& row :
         lines_of(db, "SELECT type || ' ' || name FROM sqlite_schema ORDER BY name")) {
        const std::string entry = row.substr(0, row.size() - 1);
        const std::string name = entry.substr(entry.find(' ') + 1);
        const bool index = entry.starts_with("index");
        shape[entry] =
            lines_of(db, (index ? "PRAGMA index_xinfo('" : "PRAGMA table_xinfo('") + name + "')");
    }
    return shape;
}

TEST_P(Migration, BringsTheSchemaToTodaysAndKeepsEveryRow) {
    leave_behind(GetParam());
    std::map<std::string, Lines> rows;
    {
        SQLite::Database before(file().string(), SQLite::OPEN_READONLY);
        for (const std::string& table :
             lines_of(before, "SELECT name FROM sqlite_schema WHERE type = 'table'")) {
            const std::string name = table.substr(0, table.size() - 1);
            rows[name] = lines_of(before, "SELECT * FROM " + name);
        }
    }
    for (const auto& [table, before] : rows) {
        if (GetParam() == 1) break;  // it was left without hourly bars and superseded values
        EXPECT_FALSE(before.empty()) << table << " has no row that could be lost";
    }
    ASSERT_FALSE(rows.at("observations").empty());

    auto migrated = Database::open(file(), Access::write);

    ASSERT_TRUE(migrated) << migrated.error().what;
    SQLite::Database& db = migrated->connection().db;
    EXPECT_EQ(schema_version(migrated->connection()), newest_schema());
    for (const auto& [table, before] : rows) {
        SCOPED_TRACE(table);
        EXPECT_EQ(lines_of(db, "SELECT * FROM " + table), before);
    }
    auto fresh = Database::in_memory();
    ASSERT_TRUE(fresh);
    EXPECT_EQ(shape_of(db), shape_of(fresh->connection().db));
    EXPECT_TRUE(migrated->integrity());
}

INSTANTIATE_TEST_SUITE_P(OfEverySchemaShipped, Migration, ::testing::Range(1, newest_schema()),
                         ::testing::PrintToStringParamName());

// METHOD section 1: the golden observations of 2025-07-10 to 07-12
TEST_F(OneMigration, ValuesOfSchemaOneAreStillTheirs) {
    leave_behind(1);

    auto db = Database::open(file(), Access::write);

    ASSERT_TRUE(db) << db.error().what;
    const auto closes = day_closes(*db);
    ASSERT_TRUE(closes);
    ASSERT_EQ(closes->size(), 4U);
    EXPECT_NEAR((*closes)[1].observation.usd_per_ph_day, 62.936660, 5e-7);
    EXPECT_NEAR((*closes)[2].observation.usd_per_ph_day, 63.950158, 5e-7);
    EXPECT_NEAR((*closes)[3].observation.usd_per_ph_day, 58.991135, 5e-7);
}

// METHOD section 3: the decline of July to November 2025, with the days of its changes
TEST_F(OneMigration, TheDeclineOfSchemaTwoKeepsItsHistory) {
    leave_behind(2);

    auto db = Database::open(file(), Access::write);

    ASSERT_TRUE(db) << db.error().what;
    const auto episodes = stored_episodes(*db);
    ASSERT_TRUE(episodes);
    ASSERT_EQ(episodes->size(), 1U);
    EXPECT_EQ(episodes->front().id, "sustained-decline-2025-07-11");
    EXPECT_NEAR(episodes->front().peak.value, 63.950158, 5e-7);
    EXPECT_NEAR(episodes->front().trough.value, 35.195311, 5e-7);
    std::vector<std::string> changes;
    const auto recorded = changes_after(*db, 0);
    ASSERT_TRUE(recorded);
    for (const EpisodeChange& c : *recorded)
        changes.push_back(c.kind + " " + domain::format_date(c.day));
    EXPECT_EQ(changes, (Lines{"pending 2025-09-22", "active 2025-09-24", "escalated 2025-10-29",
                              "escalated 2025-11-19"}));
}

TEST_F(OneMigration, ReadersRefuseAnOlderSchemaAndSayWhatToDo) {
    leave_behind(1);

    const auto db = Database::open(file(), Access::read);

    ASSERT_FALSE(db);
    EXPECT_NE(db.error().what.find("schema 1 is older"), std::string::npos) << db.error().what;
    EXPECT_NE(db.error().what.find("hashprice serve"), std::string::npos) << db.error().what;
}

TEST_F(OneMigration, ANewerSchemaIsLeftAlone) {
    leave_behind(1);
    {
        SQLite::Database newer(file().string(), SQLite::OPEN_READWRITE);
        newer.exec("PRAGMA user_version = 9999");
    }

    const auto db = Database::open(file(), Access::write);

    ASSERT_FALSE(db);
    EXPECT_NE(db.error().what.find("9999 is newer"), std::string::npos) << db.error().what;
}

TEST(Migrations, EverySchemaButTheNewestHasItsDump) {
    for (int n = 1; n < newest_schema(); ++n) {
        EXPECT_TRUE(std::filesystem::exists(std::string(HP_GOLDEN_DUMPS) + "/v" +
                                            std::to_string(n) + ".sql"))
            << "schema " << n;
    }
}

}  // namespace
}  // namespace hashprice::storage
