#pragma once
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/result.hpp"

/// What `hashprice` can be told, as data: parsing, help, completions and the man page come from one
/// table.
namespace hashprice::service::cli {

class Session;

struct Option {
    std::string name;   ///< "--from"; without dashes: an operand
    std::string value;  ///< "TIME"; empty: a switch
    std::string help;
    bool required = false;
    bool many = false;                 ///< may be given several times
    std::vector<std::string> choices;  ///< empty: any text
};

/// What the user gave, by option name.
class Arguments {
public:
    [[nodiscard]] bool has(std::string_view name) const {
        return values.find(name) != values.end();
    }
    /// The (last) value; none: not given.
    [[nodiscard]] std::optional<std::string> text(std::string_view name) const;
    [[nodiscard]] std::string text_or(std::string_view name, std::string_view otherwise) const;
    [[nodiscard]] std::vector<std::string> list(std::string_view name) const;

    std::map<std::string, std::vector<std::string>, std::less<>>
        values;  ///< a switch: present and empty
};

struct Command {
    std::string name;  ///< "latest"; "config show" is the command show of the group config
    std::string help;
    std::vector<Option> options;
    /// Exit status: 0 done, 1 failed, 3 done in part, 4 see `trend`; an Error is printed, and its
    /// kind gives the status.
    std::function<domain::Result<int>(Session&, const Arguments&)> run;
};

const std::vector<Option>& global_options();       ///< what every command takes
const Option& json_option();                       ///< --json
std::vector<Option> range_options(bool required);  ///< --from, --to
std::vector<Option> with(std::vector<Option> a, const std::vector<Option>& b);

}  // namespace hashprice::service::cli
