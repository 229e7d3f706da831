#include "service/cli/command_words.hpp"

#include <algorithm>

namespace hashprice::service::cli {

std::vector<Word> words_of(const std::vector<Command>& commands) {
    std::vector<Word> words;
    for (const Command& command : commands) {
        const auto blank = command.name.find(' ');
        const std::string first = command.name.substr(0, blank);
        if (blank == std::string::npos) {
            words.push_back({first, command.help, {command}, false});
            continue;
        }
        auto group = std::ranges::find(words, first, &Word::name);
        if (group == words.end()) group = words.insert(words.end(), {first, "", {}, true});
        Command member = command;
        member.name = command.name.substr(blank + 1);
        group->help += (group->commands.empty() ? "" : ", ") + member.name;
        group->commands.push_back(std::move(member));
    }
    return words;
}

}  // namespace hashprice::service::cli
