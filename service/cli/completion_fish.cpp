#include <fmt/format.h>
#include <fmt/ranges.h>

#include "service/cli/command_words.hpp"
#include "service/cli/completion.hpp"

namespace hashprice::service::cli {
namespace {

/// In single quotes, where only \ and ' mean something.
std::string quoted(std::string_view text) {
    std::string out = "'";
    for (const char c : text) {
        if (c == '\'' || c == '\\') out += '\\';
        out += c;
    }
    return out + "'";
}

std::string option_line(const Option& option, const std::string& when) {
    std::string line = "complete -c hashprice";
    if (!when.empty()) line += fmt::format(" -n {}", quoted(when));
    if (!is_operand(option)) line += fmt::format(" -l {}", option.name.substr(2));
    if (!option.choices.empty())
        line += fmt::format(" -x -a '{}'", fmt::join(option.choices, " "));
    else if (takes_value(option))
        line += is_file(option) ? (is_operand(option) ? " -F" : " -r -F") : " -x";
    return line + fmt::format(" -d {}\n", quoted(option.help));
}

std::string options_of(const Command& command, const std::string& when) {
    std::string text;
    for (const Option& option : command.options) {
        const bool says_something = !is_operand(option) || is_file(option);
        if (says_something || !option.choices.empty()) text += option_line(option, when);
    }
    return text;
}

std::string group_of(const Word& word, const std::string& seen) {
    std::string text;
    std::vector<std::string> members;
    for (const Command& member : word.commands) members.push_back(member.name);
    const std::string open =
        fmt::format("{}; and not __fish_seen_subcommand_from {}", seen, fmt::join(members, " "));
    for (const Command& member : word.commands) {
        text += fmt::format("complete -c hashprice -n {} -a {} -d {}\n", quoted(open), member.name,
                            quoted(member.help));
        text += options_of(
            member, fmt::format("{}; and __fish_seen_subcommand_from {}", seen, member.name));
    }
    return text;
}

}  // namespace

std::string fish_completion(const std::vector<Command>& commands) {
    std::string text =
        "# fish completion for hashprice; made by `hashprice completion fish`\n"
        "complete -c hashprice -f\n";
    for (const Option& option : global_options()) text += option_line(option, "");
    for (const Word& word : words_of(commands)) {
        text += fmt::format("complete -c hashprice -n __fish_use_subcommand -a {} -d {}\n",
                            word.name, quoted(word.help));
        const std::string seen = "__fish_seen_subcommand_from " + word.name;
        text += word.group ? group_of(word, seen) : options_of(word.commands.front(), seen);
    }
    return text;
}

}  // namespace hashprice::service::cli
