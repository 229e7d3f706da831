#include "service/cli/command.hpp"

namespace hashprice::service::cli {

std::optional<std::string> Arguments::text(std::string_view name) const {
    const auto found = values.find(name);
    if (found == values.end() || found->second.empty()) return std::nullopt;
    return found->second.back();
}

std::string Arguments::text_or(std::string_view name, std::string_view otherwise) const {
    return text(name).value_or(std::string(otherwise));
}

std::vector<std::string> Arguments::list(std::string_view name) const {
    const auto found = values.find(name);
    return found == values.end() ? std::vector<std::string>{} : found->second;
}

const std::vector<Option>& global_options() {
    static const std::vector<Option> options{{"--config", "FILE", "settings file"},
                                             {"--db", "FILE", "database file"},
                                             {"--log-level",
                                              "LEVEL",
                                              "the least important kind of line that is written",
                                              false,
                                              false,
                                              {"trace", "debug", "info", "warn", "error"}},
                                             {"--log-format",
                                              "FORMAT",
                                              "lines for people, or for log collectors",
                                              false,
                                              false,
                                              {"text", "json"}},
                                             {"--help", "", "what there is, and end"},
                                             {"--version", "", "the version, and end"}};
    return options;
}

const Option& json_option() {
    static const Option json{"--json", "", "print JSON, as the HTTP API answers it"};
    return json;
}

std::vector<Option> range_options(bool required) {
    return {{"--from", "TIME",
             "start of the range: a date (00:00 UTC), RFC 3339, unix seconds, -30d", required},
            {"--to", "TIME", "its end, not included; now when left out"}};
}

std::vector<Option> with(std::vector<Option> a, const std::vector<Option>& b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
}

}  // namespace hashprice::service::cli
