#pragma once
// For the writers of completions and of the manual page: the table of commands, sorted by words.
#include <string>
#include <vector>

#include "service/cli/command.hpp"

namespace hashprice::service::cli {

/// What may follow `hashprice`: a command, or a group of them ("config": show, check).
struct Word {
    std::string name;
    std::string help;               ///< of a group: the commands it has
    std::vector<Command> commands;  ///< of a group, named by their second word; else the one
    bool group = false;
};
std::vector<Word> words_of(const std::vector<Command>& commands);

inline bool is_operand(const Option& option) { return !option.name.starts_with('-'); }
inline bool takes_value(const Option& option) { return !option.value.empty(); }
inline bool is_file(const Option& option) { return option.value == "FILE"; }

}  // namespace hashprice::service::cli
