#include "service/cli/parse.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <deque>

#include "service/version.hpp"

namespace hashprice::service::cli {
namespace {

/// CLI11 writes into these; their addresses must not change.
struct Bound {
    const Command* command;
    CLI::App* app;
    std::deque<std::pair<std::string, std::vector<std::string>>> values;
    std::deque<std::pair<std::string, bool>> switches;
};

std::string formatted_version() { return fmt::format("hashprice {}", kVersion); }

void add_option(Bound& bound, const Option& option) {
    if (option.value.empty()) {
        auto& [name, given] = bound.switches.emplace_back(option.name, false);
        bound.app->add_flag(name, given, option.help);
        return;
    }
    auto& [name, values] = bound.values.emplace_back(option.name, std::vector<std::string>{});
    CLI::Option* added = bound.app->add_option(name, values, option.help)->type_name(option.value);
    added->required(option.required);
    // a vector swallows operands that follow unless told how many belong to it
    const bool operand = !name.starts_with('-');
    if (!operand) added->type_size(1)->expected(1)->allow_extra_args(false);
    if (option.many)
        added->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    else if (operand)
        added->expected(option.required ? 1 : 0, 1)->allow_extra_args(!option.required);
    else
        added->multi_option_policy(CLI::MultiOptionPolicy::Throw);
    if (!option.choices.empty()) added->check(CLI::IsMember(option.choices));
}

/// "config show": the app of the group, made when its first command comes.
CLI::App* parent_of(CLI::App& root, const std::string& name) {
    const auto blank = name.find(' ');
    if (blank == std::string::npos) return &root;
    const std::string group = name.substr(0, blank);
    for (CLI::App* known :
         root.get_subcommands([&](const CLI::App* app) { return app->get_name() == group; })) {
        return known;
    }
    CLI::App* made = root.add_subcommand(group, fmt::format("see `hashprice {} --help`", group));
    made->require_subcommand(1);
    return made;
}

std::optional<std::string>* place_of(const std::string& name, GlobalOptions& global) {
    if (name == "--config") return &global.config;
    if (name == "--db") return &global.db;
    if (name == "--log-level") return &global.log_level;
    if (name == "--log-format") return &global.log_format;
    return nullptr;  // --help and --version are CLI11's own
}

/// A value that is none of the choices is refused with the settings, which know where it stands.
void add_global(CLI::App& root, GlobalOptions& global) {
    for (const Option& option : global_options()) {
        auto* place = place_of(option.name, global);
        if (place == nullptr) continue;
        std::string help = option.help;
        if (!option.choices.empty()) help += fmt::format(": {}", fmt::join(option.choices, ", "));
        root.add_option(option.name, *place, help)->type_name(option.value);
    }
    root.set_version_flag("--version", formatted_version);
}

std::string one_line(std::string text) {
    for (char& c : text) {
        if (c == '\n') c = ' ';
    }
    return text;
}

const CLI::App& innermost(const CLI::App& root) {
    const CLI::App* asked = &root;
    while (!asked->get_subcommands().empty()) asked = asked->get_subcommands().front();
    return *asked;
}

/// What stands before the name of the command that was asked about: "hashprice config".
std::string words_before(const CLI::App& asked) {
    std::string words;
    for (const CLI::App* app = asked.get_parent(); app != nullptr; app = app->get_parent())
        words.insert(0, app->get_name() + (words.empty() ? "" : " "));
    return words;
}

/// CLI11 asks for a subcommand without a word about the one that was given.
std::string complaint_of(const CLI::App& root, const CLI::ParseError& e) {
    const CLI::App& asked = innermost(root);
    const auto commands = asked.get_subcommands([](const CLI::App*) { return true; });
    if (commands.empty()) return e.what();
    const std::string group = &asked == &root ? "" : asked.get_name() + " ";
    const auto unknown = root.remaining(true);
    if (unknown.empty()) return (group.empty() ? "hashprice " : group) + "needs a command";
    const std::string& word = unknown.front();
    if (word.starts_with('-')) return fmt::format("there is no option '{}'", word);
    return fmt::format("there is no command '{}{}'", group, word);
}

Arguments arguments_of(const Bound& bound) {
    Arguments arguments;
    for (const auto& [name, values] : bound.values) {
        if (!values.empty()) arguments.values[name] = values;
    }
    for (const auto& [name, given] : bound.switches) {
        if (given) arguments.values[name] = {};
    }
    return arguments;
}

}  // namespace

domain::Result<Invocation> parse(const std::vector<Command>& commands, int argc,
                                 const char* const* argv) {
    Invocation invocation;
    CLI::App root{"Hash price: what one petahash per second of Bitcoin mining earns in a day",
                  "hashprice"};
    root.fallthrough();  // --db may stand behind the command, too
    root.require_subcommand(1);
    add_global(root, invocation.global);
    std::deque<Bound> bounds;
    for (const Command& command : commands) {
        const std::string leaf = command.name.substr(command.name.find(' ') + 1);
        CLI::App* app = parent_of(root, command.name)->add_subcommand(leaf, command.help);
        Bound& bound = bounds.emplace_back(Bound{&command, app, {}, {}});
        for (const Option& option : command.options) add_option(bound, option);
    }
    try {
        root.parse(argc, argv);
    } catch (const CLI::CallForHelp&) {
        const CLI::App& asked = innermost(root);
        invocation.text = asked.help(words_before(asked));
        return invocation;
    } catch (const CLI::CallForVersion&) {
        invocation.text = formatted_version() + "\n";
        return invocation;
    } catch (const CLI::ParseError& e) {
        return domain::fail(domain::Errc::usage,
                            one_line(fmt::format("{}; `hashprice --help` lists what there is",
                                                 complaint_of(root, e))));
    }
    for (const Bound& bound : bounds) {
        if (!bound.app->parsed() || !bound.app->get_subcommands().empty()) continue;
        invocation.command = bound.command;
        invocation.arguments = arguments_of(bound);
    }
    return invocation;
}

}  // namespace hashprice::service::cli
