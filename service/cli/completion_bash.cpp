#include <fmt/format.h>
#include <fmt/ranges.h>

#include "service/cli/command_words.hpp"
#include "service/cli/completion.hpp"

namespace hashprice::service::cli {
namespace {

constexpr std::string_view kHead =
    R"(# bash completion for hashprice; made by `hashprice completion bash`
_hashprice() {
    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} command='' i
    COMPREPLY=()
)";

// The words before the cursor that are neither options nor values of global ones.
constexpr std::string_view kFindCommand = R"(    for ((i = 1; i < COMP_CWORD; i++)); do
        case ${{COMP_WORDS[i]}} in
        {}) ((i++)) ;;
        -*) ;;
        *)
            command=${{command:+$command }}${{COMP_WORDS[i]}}
            case $command in {}) ;; *) break ;; esac
            ;;
        esac
    done
)";

constexpr std::string_view kTail = R"(    *) return ;;
    esac
}
complete -F _hashprice hashprice
)";

std::vector<std::string> names_of(const std::vector<Option>& options) {
    std::vector<std::string> names;
    for (const Option& option : options) {
        if (!is_operand(option)) names.push_back(option.name);
    }
    return names;
}

std::string values_of(const Option& option) {
    if (!option.choices.empty())
        return fmt::format("compgen -W '{}' -- \"$cur\"", fmt::join(option.choices, " "));
    return is_file(option) ? "compgen -f -- \"$cur\"" : "";
}

/// "query --format") what may stand there ;;
std::string value_case(const std::string& pattern, const Option& option) {
    const std::string values = values_of(option);
    if (values.empty()) return fmt::format("    {}) return ;;\n", pattern);
    return fmt::format("    {}) mapfile -t COMPREPLY < <({}); return ;;\n", pattern, values);
}

std::string command_case(const std::string& name, const std::vector<Option>& options) {
    std::string words;
    std::string files;
    for (const Option& option : options) {
        if (!is_operand(option)) continue;
        if (!option.choices.empty()) words += fmt::format(" {}", fmt::join(option.choices, " "));
        if (is_file(option)) files = "; compgen -f -- \"$cur\"";
    }
    return fmt::format("    '{}') mapfile -t COMPREPLY < <(compgen -W '{}{}' -- \"$cur\"{}) ;;\n",
                       name, fmt::join(names_of(with(options, global_options())), " "), words,
                       files);
}

}  // namespace

std::string bash_completion(const std::vector<Command>& commands) {
    std::vector<std::string> words;
    std::vector<std::string> groups{"''"};
    std::string values;
    std::string cases;
    for (const Word& word : words_of(commands)) {
        words.push_back(word.name);
        if (!word.group) continue;
        groups.push_back(word.name);
        std::vector<std::string> members;
        for (const Command& member : word.commands) members.push_back(member.name);
        cases += fmt::format("    '{}') mapfile -t COMPREPLY < <(compgen -W '{}' -- \"$cur\") ;;\n",
                             word.name, fmt::join(members, " "));
    }
    std::vector<std::string> with_value;
    for (const Option& option : global_options()) {
        if (!takes_value(option)) continue;
        with_value.push_back(option.name);
        values += value_case(fmt::format("*' {}'", option.name), option);
    }
    for (const Command& command : commands) {
        for (const Option& option : command.options) {
            if (takes_value(option) && !is_operand(option))
                values += value_case(fmt::format("'{} {}'", command.name, option.name), option);
        }
        cases += command_case(command.name, command.options);
    }
    const std::string first =
        fmt::format("    '') mapfile -t COMPREPLY < <(compgen -W '{} {}' -- \"$cur\") ;;\n",
                    fmt::join(words, " "), fmt::join(names_of(global_options()), " "));
    return std::string(kHead) +
           fmt::format(kFindCommand, fmt::join(with_value, "|"), fmt::join(groups, "|")) +
           "    case \"$command $prev\" in\n" + values + "    esac\n    case $command in\n" +
           first + cases + std::string(kTail);
}

}  // namespace hashprice::service::cli
