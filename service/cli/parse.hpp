#pragma once
#include <string>
#include <vector>

#include "service/cli/command.hpp"

namespace hashprice::service::cli {

/// What stands before the command's own options.
struct GlobalOptions {
    std::optional<std::string> config;
    std::optional<std::string> db;
    std::optional<std::string> log_level;
    std::optional<std::string> log_format;
};

struct Invocation {
    const Command* command =
        nullptr;  ///< nullptr: only `text` is to be printed (--help, --version)
    Arguments arguments;
    GlobalOptions global;
    std::string text;
};

/// The command line by the table of commands; the only file that knows CLI11.
///
///   errors  unknown or missing things -> Errc::usage, in one line
domain::Result<Invocation> parse(const std::vector<Command>& commands, int argc,
                                 const char* const* argv);

}  // namespace hashprice::service::cli
