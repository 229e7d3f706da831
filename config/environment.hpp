#pragma once
#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "domain/result.hpp"

namespace hashprice::config {

/// What the process was given: a copy, so that nothing here ever calls getenv.
using Environment = std::map<std::string, std::string, std::less<>>;

/// From the third argument of main, or from ::environ.   nullptr ends the list
Environment environment_of(const char* const* entries);

/// "" when it is not set; an empty variable counts as one that is not set.
std::string_view variable(const Environment& environment, std::string_view name);

/// hashprice.db in $STATE_DIRECTORY, else $XDG_STATE_HOME/hashprice, else
/// $HOME/.local/state/hashprice.
///
///   errors  none of them is set -> Errc::config
domain::Result<std::filesystem::path> default_database_path(const Environment& environment);

/// A path as the operator wrote it: "~/x" is in his home, "x" in `base` ("" leaves it relative).
std::filesystem::path resolve_path(std::string_view written, const std::filesystem::path& base,
                                   const Environment& environment);

}  // namespace hashprice::config
