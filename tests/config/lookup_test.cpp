#include <gmock/gmock.h>

#include "tests/config/fixture.hpp"

namespace hashprice::config {
namespace {

using testing::HasSubstr;

TEST_F(Config, TheFileIsLookedUpInTheOrderOfTheContract) {
    const auto level = [&] { return loaded().settings.log.level; };
    write("etc/hashprice.toml", "log.level = \"trace\"");
    EXPECT_EQ(level(), LogLevel::trace);
    write("home/.config/hashprice/hashprice.toml", "log.level = \"debug\"");
    EXPECT_EQ(level(), LogLevel::debug);
    write("xdg/hashprice/hashprice.toml", "log.level = \"info\"");
    set("XDG_CONFIG_HOME", (dir_ / "xdg").string());
    EXPECT_EQ(level(), LogLevel::info);
    set("HASHPRICE_CONFIG", write("by-variable.toml", "log.level = \"warn\""));
    EXPECT_EQ(level(), LogLevel::warn);
    request_.file = write("by-option.toml", "log.level = \"error\"");
    EXPECT_EQ(level(), LogLevel::error);
    EXPECT_EQ(loaded().file, dir_ / "by-option.toml");
}

TEST_F(Config, AFileThatWasNamedMustBeThere) {
    request_.file = dir_ / "none.toml";
    EXPECT_EQ(problems(),
              "--config: none.toml: there is no such file: create the file, or leave "
              "out --config to start with the defaults\n");
    request_.file.reset();
    set("HASHPRICE_CONFIG", (dir_ / "none.toml").string());
    EXPECT_EQ(problems(),
              "HASHPRICE_CONFIG: none.toml: there is no such file: create the file, "
              "or leave out HASHPRICE_CONFIG to start with the defaults\n");
    set("HASHPRICE_CONFIG", dir_.string());
    EXPECT_THAT(problems(), HasSubstr("is a directory"));
}

TEST_F(Config, TheDatabaseIsWhereSystemdElseXdgElseHomeSaysIt) {
    const auto path = [&] { return loaded().settings.database.path.string(); };
    request_.environment = {{"HOME", "/home/me"}};
    EXPECT_EQ(path(), "/home/me/.local/state/hashprice/hashprice.db");
    set("XDG_STATE_HOME", "/state");
    EXPECT_EQ(path(), "/state/hashprice/hashprice.db");
    set("STATE_DIRECTORY", "/var/lib/hashprice:/var/lib/other");
    EXPECT_EQ(path(), "/var/lib/hashprice/hashprice.db");
    use("[database]\npath = \"/srv/h.db\"\n");
    EXPECT_EQ(path(), "/srv/h.db");
    request_.overrides = {{"--db", "database", "path", "here.db"}};
    EXPECT_EQ(path(), "here.db");

    request_ = {.system_file = dir_ / "none"};
    EXPECT_THAT(problems(), HasSubstr("set [database] path, or use --db"));
}

}  // namespace
}  // namespace hashprice::config
