#pragma once
#include <optional>
#include <string>
#include <vector>

#include "config/environment.hpp"
#include "config/layers.hpp"
#include "config/origin.hpp"
#include "config/settings.hpp"
#include "domain/result.hpp"

namespace hashprice::config {

/// Where settings are looked for.
struct Request {
    std::optional<Path> file;  ///< --config
    Environment environment;
    std::vector<Override> overrides;  ///< of the command line
    Path system_file = "/etc/hashprice/hashprice.toml";
};

/// One effective key, for `config show`.
struct Effective {
    std::string section;  ///< "http", "source"
    std::string table;    ///< its name, of one of many
    std::string key;
    std::optional<Value> value;  ///< none: not set and without a default, or a secret
    Origin origin;
    bool secret = false;  ///< it is set, and hidden
};

struct Loaded {
    Settings settings;
    std::vector<Effective> effective;  ///< in the order of the example file
    std::optional<Path> file;          ///< the one that was read
    std::vector<std::string> warnings;
};

/// All that is wrong, or the settings.
struct Report {
    std::optional<Loaded> loaded;   ///< none when there are problems
    std::vector<Problem> problems;  ///< those of the file by line, then the others
};

/// The file, if any: --config, $HASHPRICE_CONFIG, $XDG_CONFIG_HOME/hashprice/hashprice.toml (or
/// ~/.config), the system's. The first two must exist when they are named.
domain::Result<std::optional<Path>> find_file(const Request& request);

/// Defaults, file, environment, command line, in this order; then secrets are read and everything
/// is checked.
///
///   shape  reads files, asks nothing else; safe to call again at any time (SIGHUP)
Report examine(const Request& request);

/// The same for who only wants the settings.
///
///   errors  Errc::config with the first problem in one line: file:line:column: what, what to do
domain::Result<Loaded> load(const Request& request);

}  // namespace hashprice::config
