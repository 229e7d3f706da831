#include "service/cli/completion.hpp"
#include "service/cli/session.hpp"

namespace hashprice::service::cli {
namespace {

using domain::Result;

std::string script_for(const std::string& shell, const std::vector<Command>& all) {
    if (shell == "bash") return bash_completion(all);
    return shell == "zsh" ? zsh_completion(all) : fish_completion(all);
}

}  // namespace

std::vector<Command> table_commands(const std::vector<Command>& others) {
    const Option shell{"SHELL", "SHELL", "whose script", true, false, {"bash", "zsh", "fish"}};
    std::vector<Command> own{
        {"completion", "a script that completes command lines", {shell}, {}},
        {"man", "this program's manual page: hashprice man | man -l -", {}, {}}};
    std::vector<Command> all = others;
    all.insert(all.end(), own.begin(), own.end());
    own[0].run = [all](Session& session, const Arguments& arguments) -> Result<int> {
        session.out << script_for(arguments.text_or("SHELL", ""), all);
        return 0;
    };
    own[1].run = [all](Session& session, const Arguments& /*arguments*/) -> Result<int> {
        session.out << manual_page(all);
        return 0;
    };
    return own;
}

}  // namespace hashprice::service::cli
