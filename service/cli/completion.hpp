#pragma once
#include <string>
#include <vector>

#include "service/cli/command.hpp"

/// The table of commands as a shell's completion script.
///
///   shape   pure: the same table gives the same text
namespace hashprice::service::cli {

std::string bash_completion(const std::vector<Command>& commands);
std::string zsh_completion(const std::vector<Command>& commands);
std::string fish_completion(const std::vector<Command>& commands);

/// The same as a manual page, in the man macros of troff.
std::string manual_page(const std::vector<Command>& commands);

/// completion, man: what prints them. They list themselves, and `others`.
std::vector<Command> table_commands(const std::vector<Command>& others);

}  // namespace hashprice::service::cli
