#include "service/app/program.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <iostream>

#include "service/app/notify_commands.hpp"
#include "service/app/serve_command.hpp"
#include "service/app/system_clock.hpp"
#include "service/cli/backfill_command.hpp"
#include "service/cli/completion.hpp"
#include "service/cli/config_commands.hpp"
#include "service/cli/data_commands.hpp"
#include "service/cli/fact_commands.hpp"
#include "service/cli/guard_commands.hpp"
#include "service/cli/health_commands.hpp"
#include "service/cli/healthcheck_command.hpp"
#include "service/cli/miner_commands.hpp"
#include "service/cli/outbox_commands.hpp"
#include "service/cli/parse.hpp"
#include "service/cli/read_commands.hpp"
#include "service/cli/session.hpp"
#include "service/cli/trend_commands.hpp"

namespace hashprice::service::app {
namespace {

using domain::Errc;

int exit_status(const domain::Error& error) {
    switch (error.code) {
        case Errc::usage:
        case Errc::config:
            return 2;
        case Errc::locked:
            return 5;
        default:
            return 1;
    }
}

int report(const domain::Error& error) {
    std::cerr << "hashprice: " << error.what << '\n';
    return exit_status(error);
}

void override_with(std::vector<config::Override>& overrides, const char* option,
                   const char* section, const char* key, const std::optional<std::string>& text) {
    if (text) overrides.push_back({option, section, key, *text});
}

config::Request request_of(const cli::Invocation& invocation, const char* const* environment) {
    config::Request request;
    if (invocation.global.config) request.file = *invocation.global.config;
    request.environment = config::environment_of(environment);
    override_with(request.overrides, "--db", "database", "path", invocation.global.db);
    override_with(request.overrides, "--log-level", "log", "level", invocation.global.log_level);
    override_with(request.overrides, "--log-format", "log", "format", invocation.global.log_format);
    override_with(request.overrides, "--listen", "http", "listen",
                  invocation.arguments.text("--listen"));
    return request;
}

bool wants_colour(const config::Environment& environment) {
    return isatty(STDOUT_FILENO) == 1 && config::variable(environment, "NO_COLOR").empty();
}

/// Columns of the terminal; 80 where there is none.
int width_of_output() {
    winsize size{};
    const bool known = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
    return known ? size.ws_col : 80;
}

int run_command(const cli::Invocation& invocation, const config::Request& request) {
    auto settings = config::examine(request);
    if (!settings.loaded) {
        for (const config::Problem& problem : settings.problems)
            std::cerr << "hashprice: " << problem.text() << '\n';
        return 2;
    }
    SystemClock clock;
    cli::Session session(
        std::move(*settings.loaded),
        {clock, std::cout, std::cerr, isatty(STDOUT_FILENO) == 1, wants_colour(request.environment),
         width_of_output(), isatty(STDERR_FILENO) == 1});
    session.examine = [&request] { return config::examine(request); };
    const auto status = invocation.command->run(session, invocation.arguments);
    std::cout.flush();
    if (!status) return report(status.error());
    if (!std::cout) return report({Errc::network, "standard output could not be written"});
    return *status;
}

}  // namespace

std::vector<cli::Command> all_commands() {
    std::vector<cli::Command> all{serve_command(), cli::backfill_command(),
                                  cli::healthcheck_command()};
    for (const auto& group : {cli::read_commands(), cli::trend_commands(), cli::miner_commands(),
                              cli::health_commands(), cli::fact_commands(), cli::guard_commands(),
                              notify_commands(), cli::outbox_commands(), cli::sink_commands(),
                              cli::data_commands(), cli::config_commands()}) {
        all.insert(all.end(), group.begin(), group.end());
    }
    const auto of_the_table = cli::table_commands(all);
    all.insert(all.end(), of_the_table.begin(), of_the_table.end());
    return all;
}

int run_program(int argc, const char* const* argv, const char* const* environment) {
    const std::vector<cli::Command> commands = all_commands();
    const auto invocation = cli::parse(commands, argc, argv);
    if (!invocation) return report(invocation.error());
    if (invocation->command == nullptr) {
        std::cout << invocation->text << std::flush;
        return 0;
    }
    return run_command(*invocation, request_of(*invocation, environment));
}

}  // namespace hashprice::service::app
