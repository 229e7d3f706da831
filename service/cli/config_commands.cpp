#include "service/cli/config_commands.hpp"

#include <fmt/format.h>

#include "config/show.hpp"
#include "service/answers/json.hpp"
#include "service/cli/session.hpp"

namespace hashprice::service::cli {
namespace {

using domain::Result;

Result<int> run_show(Session& session, const Arguments& arguments) {
    session.out << (arguments.has("--json") ? show_json(session.loaded) + "\n"
                                            : show_toml(session.loaded));
    return 0;
}

/// Whoever gets here has settings that load: what is wrong with them ended the program before.
std::string check_json(const config::Loaded& loaded) {
    return answers::json_text([&](answers::Json& json) {
        answers::object(json, [&] {
            answers::put(json, "good", true);
            answers::put(json, "file",
                         loaded.file ? std::optional(loaded.file->string()) : std::nullopt);
            answers::array(json, "warnings", [&] {
                for (const std::string& warning : loaded.warnings) answers::put(json, warning);
            });
        });
    });
}

Result<int> run_check(Session& session, const Arguments& arguments) {
    if (arguments.has("--json")) {
        session.out << check_json(session.loaded) << '\n';
        return 0;
    }
    for (const std::string& warning : session.loaded.warnings)
        session.err << "hashprice: " << warning << '\n';
    session.out << fmt::format("the settings are good: {}\n", session.loaded.file
                                                                  ? session.loaded.file->string()
                                                                  : "no file, built-in defaults");
    return 0;
}

}  // namespace

std::vector<Command> config_commands() {
    return {{"config show",
             "the effective settings with their origin, secrets hidden",
             {json_option()},
             run_show},
            {"config check", "whether the settings are good", {json_option()}, run_check}};
}

}  // namespace hashprice::service::cli
