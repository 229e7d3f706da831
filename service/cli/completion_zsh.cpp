#include <fmt/format.h>
#include <fmt/ranges.h>

#include "service/cli/command_words.hpp"
#include "service/cli/completion.hpp"

namespace hashprice::service::cli {
namespace {

/// In single quotes; [ ] : and \ mean something to _arguments and _describe.
std::string quoted(std::string_view text, std::string_view special) {
    std::string out;
    for (const char c : text) {
        if (c == '\'') {
            out += R"('\'')";
            continue;
        }
        if (special.find(c) != std::string_view::npos) out += '\\';
        out += c;
    }
    return out;
}

std::string values_of(const Option& option) {
    if (!option.choices.empty()) return fmt::format("({})", fmt::join(option.choices, " "));
    return is_file(option) ? "_files" : " ";
}

/// '--from[start of the range]:TIME: ' or '1:FILE:_files'
std::string spec_of(const Option& option) {
    if (is_operand(option)) {
        return fmt::format("'{}:{}:{}'", option.many ? "*" : "", quoted(option.value, "\\:"),
                           values_of(option));
    }
    const std::string value =
        takes_value(option) ? fmt::format(":{}:{}", quoted(option.value, "\\:"), values_of(option))
                            : "";
    return fmt::format("'{}{}[{}]{}'", option.many ? "*" : "", option.name,
                       quoted(option.help, "\\[]:"), value);
}

std::string arguments_of(const std::vector<Option>& options) {
    std::string text = "_arguments";
    for (const Option& option : with(options, global_options())) text += " " + spec_of(option);
    return text;
}

std::string described(const std::vector<std::pair<std::string, std::string>>& names) {
    std::string text = "words_here=(";
    for (const auto& [name, help] : names)
        text += fmt::format("'{}:{}' ", name, quoted(help, "\\:"));
    return text + "); _describe command words_here";
}

std::string group_case(const Word& word) {
    std::vector<std::pair<std::string, std::string>> names;
    std::string cases;
    for (const Command& member : word.commands) {
        names.emplace_back(member.name, member.help);
        cases +=
            fmt::format("                {}) {} ;;\n", member.name, arguments_of(member.options));
    }
    return fmt::format(
        "        {})\n"
        "            if (( CURRENT == 2 )); then {}\n"
        "            else\n"
        "                shift words; (( CURRENT-- ))\n"
        "                case $words[1] in\n{}                esac\n"
        "            fi ;;\n",
        word.name, described(names), cases);
}

}  // namespace

std::string zsh_completion(const std::vector<Command>& commands) {
    std::vector<std::pair<std::string, std::string>> names;
    std::string cases;
    for (const Word& word : words_of(commands)) {
        names.emplace_back(word.name, word.help);
        cases += word.group ? group_case(word)
                            : fmt::format("        {}) {} ;;\n", word.name,
                                          arguments_of(word.commands.front().options));
    }
    std::string globals;
    for (const Option& option : global_options()) globals += " " + spec_of(option);
    return "#compdef hashprice\n"
           "# zsh completion for hashprice; made by `hashprice completion zsh`\n"
           "_hashprice() {\n"
           "    local context state line\n"
           "    local -a words_here\n"
           "    _arguments -C" +
           globals + " '1: :->command' '*:: :->rest'\n" + "    case $state in\n    command) " +
           described(names) + " ;;\n    rest)\n        case $words[1] in\n" + cases +
           "        esac ;;\n    esac\n}\n"
           "if [[ $funcstack[1] == _hashprice ]]; then _hashprice \"$@\"; else compdef _hashprice "
           "hashprice; fi\n";
}

}  // namespace hashprice::service::cli
