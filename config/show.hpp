#pragma once
#include <string>

#include "config/load.hpp"

namespace hashprice::config {

/// The effective settings as a file that loads to the same, each value with its origin as a
/// comment. Secrets stand there as "***" in a comment, never as themselves.
std::string show_toml(const Loaded& loaded);

/// The same for programs: {"file":..., "settings":[{"section","table","key","value","origin",
/// "line","column"}]}; durations are texts such as "60s", what is not set is null, a secret "***".
std::string show_json(const Loaded& loaded);

}  // namespace hashprice::config
