#include "service/cli/parse.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "service/cli/config_commands.hpp"
#include "service/cli/fact_commands.hpp"
#include "service/cli/read_commands.hpp"

namespace hashprice::service::cli {
namespace {

using domain::Errc;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

std::vector<Command> table() {
    std::vector<Command> all;
    for (const auto& group : {read_commands(), fact_commands(), config_commands()})
        all.insert(all.end(), group.begin(), group.end());
    return all;
}

/// The invocation points into this table.
const std::vector<Command>& commands() {
    static const std::vector<Command> all = table();
    return all;
}

domain::Result<Invocation> parse(const std::vector<const char*>& words) {
    std::vector<const char*> argv{"hashprice"};
    argv.insert(argv.end(), words.begin(), words.end());
    return cli::parse(commands(), static_cast<int>(argv.size()), argv.data());
}

Invocation good(const std::vector<const char*>& words) {
    const auto parsed = parse(words);
    EXPECT_TRUE(parsed) << parsed.error().what;
    EXPECT_TRUE(parsed && parsed->command != nullptr);
    return parsed.value_or(Invocation{});
}

TEST(CommandLine, NamesACommandAndItsOptions) {
    const auto query = good({"query", "--from", "2025-07-01", "--step=1d", "--json"});
    EXPECT_EQ(query.command->name, "query");
    EXPECT_EQ(query.arguments.text("--from"), "2025-07-01");
    EXPECT_EQ(query.arguments.text("--step"), "1d");
    EXPECT_TRUE(query.arguments.has("--json"));
    EXPECT_FALSE(query.arguments.has("--to"));
    EXPECT_EQ(query.arguments.text_or("--to", "now"), "now");
}

TEST(CommandLine, ATimeMayBeginWithAMinus) {
    EXPECT_EQ(good({"query", "--from", "-30d"}).arguments.text("--from"), "-30d");
    EXPECT_EQ(good({"query", "--from=-30d"}).arguments.text("--from"), "-30d");
}

TEST(CommandLine, AnOperandMayBeLeftOut) {
    EXPECT_EQ(good({"explain", "2025-11-15"}).arguments.text("TIME"), "2025-11-15");
    EXPECT_FALSE(good({"explain"}).arguments.has("TIME"));
    EXPECT_EQ(good({"explain", "--as-of", "2025-11-20", "2025-11-15"}).arguments.text("TIME"),
              "2025-11-15");
}

TEST(CommandLine, GlobalOptionsMayStandBeforeOrBehindTheCommand) {
    for (const auto& words : {std::vector<const char*>{"--db", "x.db", "latest"},
                              std::vector<const char*>{"latest", "--db", "x.db"}})
        EXPECT_EQ(good(words).global.db, "x.db");
    const auto all =
        good({"--config", "c.toml", "--log-level", "debug", "--log-format", "json", "status"});
    EXPECT_EQ(all.global.config, "c.toml");
    EXPECT_EQ(all.global.log_level, "debug");
    EXPECT_EQ(all.global.log_format, "json");
}

TEST(CommandLine, ACommandMayBelongToAGroup) {
    EXPECT_EQ(good({"config", "show"}).command->name, "config show");
    EXPECT_EQ(good({"config", "check"}).command->name, "config check");
}

TEST(CommandLine, WhatIsWrongIsNamedInOneLineOfUsage) {
    struct Case {
        std::vector<const char*> words;
        const char* says;
    };
    const std::vector<Case> cases{
        {{}, "hashprice needs a command"},
        {{"lastest"}, "there is no command 'lastest'"},
        {{"config"}, "config needs a command"},
        {{"config", "shwo"}, "there is no command 'config shwo'"},
        {{"--jsno"}, "there is no option '--jsno'"},
        {{"latest", "--jsno"}, "--jsno"},
        {{"latest", "now"}, "now"},
        {{"explain", "2025-11-15", "2025-11-16"}, "TIME: At Most 1"},
        {{"query", "--from"}, "--from"},
        {{"query", "--step", "2h"}, "--step: 2h not in {raw,1h,6h,1d,1w,1mo,auto}"},
        {{"query", "--from", "1", "--from", "2"}, "--from"},
        {{"query", "--format", "xml"}, "xml"},
        {{"import"}, "FILE is required"},
        {{"recompute"}, "--from is required"},
        {{"latest", "--db"}, "--db"},
    };
    for (const Case& c : cases) {
        const auto parsed = parse(c.words);
        ASSERT_FALSE(parsed) << c.says;
        EXPECT_EQ(parsed.error().code, Errc::usage);
        EXPECT_THAT(parsed.error().what, HasSubstr(c.says));
        EXPECT_THAT(parsed.error().what, HasSubstr("`hashprice --help`"));
        EXPECT_THAT(parsed.error().what, Not(HasSubstr("\n")));
    }
}

TEST(CommandLine, HelpListsEveryCommandAndEachCommandsHelpItsOptions) {
    const auto all = parse({"--help"});
    ASSERT_TRUE(all && all->command == nullptr);
    for (const Command& command : commands()) {
        SCOPED_TRACE(command.name);
        EXPECT_THAT(all->text, HasSubstr(command.name.substr(0, command.name.find(' '))));
        std::vector<const char*> words;
        const std::string name = command.name;
        const std::string group = name.substr(0, name.find(' '));
        words.push_back(group.c_str());
        const std::string leaf = name.substr(name.find(' ') + 1);
        if (leaf != group) words.push_back(leaf.c_str());
        words.push_back("--help");
        const auto one = parse(words);
        ASSERT_TRUE(one && one->command == nullptr);
        EXPECT_THAT(one->text, HasSubstr(command.help));
        EXPECT_THAT(one->text, HasSubstr("Usage: hashprice " + command.name + " "));
        for (const Option& option : command.options) EXPECT_THAT(one->text, HasSubstr(option.name));
    }
}

TEST(CommandLine, TheVersionIsPrintedWithoutACommand) {
    const auto version = parse({"--version"});
    ASSERT_TRUE(version && version->command == nullptr);
    EXPECT_THAT(version->text, ::testing::MatchesRegex("hashprice [0-9.]+\n"));
}

TEST(CommandLine, AnOptionThatMayBeGivenSeveralTimesKeepsAll) {
    const std::vector<Command> one{
        {"backfill", "the past", {{"--source", "NAME", "whom to ask", false, true}}, {}}};
    const std::vector<const char*> argv{"hashprice", "backfill", "--source", "a", "--source", "b"};
    const auto parsed = cli::parse(one, static_cast<int>(argv.size()), argv.data());
    ASSERT_TRUE(parsed) << parsed.error().what;
    EXPECT_THAT(parsed->arguments.list("--source"), ElementsAre("a", "b"));
}

}  // namespace
}  // namespace hashprice::service::cli
