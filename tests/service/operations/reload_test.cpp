#include "service/app/reload.hpp"

#include <gmock/gmock.h>

#include "tests/support/process.hpp"

namespace hashprice::service::app {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// The settings of a file with this text; a token file "token" stands beside it.
config::Loaded settings(const test::TempDir& dir, const std::string& toml) {
    const auto loaded = config::load({.file = dir.write("hashprice.toml", toml),
                                      .environment = config::Environment{{"HOME", dir.path()}}});
    EXPECT_TRUE(loaded) << loaded.error().what;
    return loaded.value_or(config::Loaded{});
}

TEST(Reload, TheSameFileAgainChangesNothing) {
    const test::TempDir dir;

    const Change change = change_between(settings(dir, ""), settings(dir, "# a comment\n"));

    EXPECT_THAT(change.applied, IsEmpty());
    EXPECT_THAT(change.later, IsEmpty());
}

TEST(Reload, NamesWhatItBringsIntoForce) {
    const test::TempDir dir;

    const Change change = change_between(
        settings(dir, "[log]\nlevel = \"info\"\n"),
        settings(dir,
                 "[log]\nlevel = \"debug\"\n[[fleet]]\nname = \"hall-a\"\n"
                 "efficiency_j_per_th = 17.5\npower_usd_per_mwh = 60.0\nhashrate_ph = 120.0\n"));

    EXPECT_THAT(change.applied, testing::Contains("log.level"));
    EXPECT_THAT(change.applied, testing::Contains("fleet.hall-a.power_usd_per_mwh"));
    EXPECT_EQ(change.wanted.log.level, config::LogLevel::debug);
    ASSERT_EQ(change.wanted.fleets.size(), 1U);
}

TEST(Reload, WhatOthersHoldOnToWaitsForARestart) {
    const test::TempDir dir;

    const Change change =
        change_between(settings(dir, ""), settings(dir,
                                                   "[database]\npath = \"/srv/other.db\"\n"
                                                   "[http]\nlisten = \"127.0.0.1:9999\"\n"));

    EXPECT_THAT(change.later, ElementsAre("database.path", "http.listen"));
    EXPECT_THAT(change.applied, IsEmpty());
    EXPECT_EQ(change.wanted.http.listen, "127.0.0.1:8480");  // the default, and so the old value
}

TEST(Reload, ASecretThatChangedInItsFileCountsAndIsNotShown) {
    const test::TempDir dir;
    const std::string toml = "[http]\ntoken_file = \"" + dir.write("token", "first-one") + "\"\n";
    const config::Loaded before = settings(dir, toml);
    EXPECT_NE(dir.write("token", "second-one"), "");

    const Change change = change_between(before, settings(dir, toml));

    EXPECT_THAT(change.applied, ElementsAre("a secret"));
    EXPECT_EQ(change.wanted.http.token.reveal(), "second-one");
}

}  // namespace
}  // namespace hashprice::service::app
