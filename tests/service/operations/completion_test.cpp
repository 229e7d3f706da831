#include "service/cli/completion.hpp"

#include <gmock/gmock.h>

#include "service/app/program.hpp"

namespace hashprice::service::cli {
namespace {

using testing::HasSubstr;

/// As troff writes it.
std::string with_hyphens(std::string_view text) {
    std::string out;
    for (const char c : text) out += c == '-' ? "\\-" : std::string(1, c);
    return out;
}

TEST(Completion, EveryCommandAndOptionIsInEveryScript) {
    const std::vector<Command> commands = app::all_commands();
    const std::string bash = bash_completion(commands);
    const std::string zsh = zsh_completion(commands);
    const std::string fish = fish_completion(commands);

    for (const Command& command : commands) {
        SCOPED_TRACE(command.name);
        const std::string leaf = command.name.substr(command.name.find(' ') + 1);
        EXPECT_THAT(bash, HasSubstr("'" + command.name + "')"));
        EXPECT_THAT(zsh, HasSubstr(" " + leaf + ") _arguments"));
        EXPECT_THAT(fish, HasSubstr(" -a " + leaf + " "));
        for (const Option& option : command.options) {
            if (!option.name.starts_with("--")) continue;
            EXPECT_THAT(bash, HasSubstr(option.name));
            EXPECT_THAT(zsh, HasSubstr(option.name + "["));
            EXPECT_THAT(fish, HasSubstr(" -l " + option.name.substr(2) + " "));
        }
    }
}

TEST(ManualPage, HasEveryCommandWithItsHelpAndOptions) {
    const std::vector<Command> commands = app::all_commands();
    const std::string page = manual_page(commands);

    for (const Command& command : commands) {
        SCOPED_TRACE(command.name);
        const auto section = page.find(".SS \\fB" + with_hyphens(command.name) + "\\fR");
        ASSERT_NE(section, std::string::npos);
        const std::string text = page.substr(section, page.find("\n.S", section + 1) - section);
        EXPECT_THAT(text, HasSubstr(with_hyphens(command.help)));
        for (const Option& option : command.options) {
            EXPECT_THAT(text, HasSubstr(with_hyphens(option.help)));
            if (!option.name.starts_with("-")) continue;
            EXPECT_THAT(text, HasSubstr("\\fB" + with_hyphens(option.name) + "\\fR"));
        }
    }
}

TEST(ManualPage, TextThatTroffWouldObeyIsOnlyText) {
    const std::vector<Command> hostile{{"x", ".so /etc/passwd", {{"--y", "", "a\\fBb"}}, {}}};

    const std::string page = manual_page(hostile);

    EXPECT_THAT(page, HasSubstr("\n\\&.so /etc/passwd\n"));
    EXPECT_THAT(page, HasSubstr("a\\efBb"));
}

}  // namespace
}  // namespace hashprice::service::cli
