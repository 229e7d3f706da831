#include "config/reference.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "config/cross_check.hpp"
#include "config/draft.hpp"
#include "config/form.hpp"

namespace hashprice::config {
namespace {

constexpr std::size_t kWidth = 96;

/// Prose as comment lines of bounded width.
std::string comment(std::string_view prose) {
    std::string text;
    std::string line = "#";
    while (!prose.empty()) {
        const auto blank = std::min(prose.find(' '), prose.size());
        if (line.size() + 1 + blank > kWidth) {
            text += line + "\n";
            line = "#";
        }
        line += fmt::format(" {}", prose.substr(0, blank));
        prose.remove_prefix(std::min(blank + 1, prose.size()));
    }
    return text + line + "\n";
}

/// "at least 1s, at most 1h", "more than 0, at most 1", "" where anything goes.
std::string bounds_text(const Key& key) {
    const bool bounded = key.max < std::numeric_limits<double>::max();
    if (!bounded) return "";
    return fmt::format("{}{}, at most {}{}{}", key.above_min ? "more than " : "at least ",
                       bound_text(key, key.min), bound_text(key, key.max),
                       key.zero_too ? ", or \"0\"" : "",
                       key.divides_hour ? ", a divisor of an hour" : "");
}

/// HASHPRICE_HTTP_TOKEN, HASHPRICE_NOTIFY_<NAME>_TOKEN
std::string environment_name(const Section& section, std::string_view key) {
    return fmt::format("HASHPRICE_{}_{}{}", section.environment,
                       section.repeated() ? "<NAME>_" : "", environment_form(key));
}

std::string default_text(const Section& section, const Key& key) {
    if (key.required) return "required";
    const auto value = default_of(section, key);
    if (!value) return "not set";
    const std::string text = toml_text(*value);
    return text == "\"\"" ? "none (\"\")" : text;
}

std::string facts(const Section& section, const Key& key) {
    std::vector<std::string> parts;
    if (!key.kinds.empty()) parts.push_back(fmt::format("kind: {}", fmt::join(key.kinds, ", ")));
    if (!key.choices.empty()) {
        parts.push_back(fmt::format("one of: {}", fmt::join(key.choices, ", ")));
    }
    if (!key.unit.empty()) parts.push_back(fmt::format("unit: {}", key.unit));
    if (const auto bounds = bounds_text(key); !bounds.empty()) {
        parts.push_back(fmt::format("allowed: {}", bounds));
    }
    parts.push_back(key.required ? "required"
                                 : fmt::format("default: {}", default_text(section, key)));
    return fmt::format("{}", fmt::join(parts, " · "));
}

std::string explained(const Section& section, const Key& key, std::string_view line) {
    return comment(key.meaning) + comment(facts(section, key)) + std::string(line) + "\n";
}

std::string single_example(const Section& section) {
    std::string text = section.heading() + "\n";
    for (const Key& key : section.keys) {
        const std::string value = toml_text(*default_of(section, key));
        text += explained(section, key, fmt::format("{} = {}", key.name, value));
        const bool none = value == "\"\"" || value == "[]";
        if (none && !key.example.empty()) text += fmt::format("# for example: {}\n", key.example);
    }
    return text;
}

/// A key that has no value to show in a built-in table, as it would be written.
std::string unused_line(const Key& key) {
    return key.example.empty() ? "" : fmt::format("#{} = {}\n", key.name, key.example);
}

/// A built-in table as it is.
std::string built_in_example(const Draft& draft) {
    std::string text = "\n" + draft.section->heading() + "\n";
    for (const Slot& slot : draft.slots) {
        if (!applies(draft, *slot.key)) continue;
        const std::string value = slot.value ? toml_text(*slot.value) : "\"\"";
        const bool none = value == "\"\"" || value == "[]";
        text += none ? unused_line(*slot.key) : fmt::format("{} = {}\n", slot.key->name, value);
    }
    return text;
}

struct Sample {
    std::string_view section;
    std::string_view lines;
};

// Tables an operator may start from; one for each kind, so that every key stands in one of them.
constexpr std::array kSamples{Sample{"source", R"(name = "my-mempool"
kind = "mempool"
base_url = "http://192.0.2.10:8999"
priority = 1
requests_per_minute = 600
)"},
                              Sample{"source", R"(name = "luxor"
kind = "luxor"
base_url = "https://api.hashrateindex.com"
requests_per_minute = 1
api_key_file = "/etc/hashprice/luxor-key"
)"},
                              Sample{"trend.rule", R"(name = "below-forty"
kind = "level"
denomination = "usd"
below = 40.0
rearm_above = 44.0
)"},
                              Sample{"trend.rule", R"(name = "fast-fall"
kind = "rate"
denomination = "usd"
fall = 0.10
days = 7
)"},
                              Sample{"fleet", R"(name = "hall-a"
efficiency_j_per_th = 17.5
power_usd_per_mwh = 60.0
hashrate_ph = 120.0
pool_fee = 0.02
uptime = 0.97
take_or_pay = false
machine_price_usd_per_th = 16.0
)"},
                              Sample{"fleet", R"(name = "hall-b"
efficiency_j_per_th = 30.5
power_usd_per_mwh = 45.0
hashrate_ph = 40.0
pool_fee = 0.02
uptime = 0.90
take_or_pay = true
machine_price_btc_per_th = 0.00005
)"},
                              Sample{"alternative", R"(name = "ai-hosting"
usd_per_mwh = 200.0
)"},
                              Sample{"notify", R"(name = "webhook"
kind = "webhook"
url = "https://alerts.example.org/hashprice"
secret_file = "/etc/hashprice/webhook-secret"
token_file = "/etc/hashprice/webhook-token"
format = "full"
events = ["episode", "fleet", "source", "readiness"]
min_severity = "notice"
repeat_interval = "0"
give_up_after = "7d"
)"},
                              Sample{"notify", R"(name = "alertmanager"
kind = "alertmanager"
url = "http://127.0.0.1:9093"
min_severity = "warning"
)"},
                              Sample{"sink", R"(name = "influx"
kind = "influx"
url = "http://127.0.0.1:8428/write"
token_file = "/etc/hashprice/sink-token"
token_scheme = "bearer"
revisions = "overwrite"
)"}};

std::string commented_out(const Sample& sample, const Section& section) {
    std::string text = fmt::format("\n#{}\n", section.heading());
    for (std::string_view rest = sample.lines; !rest.empty();) {
        const auto end = rest.find('\n') + 1;
        text += fmt::format("#{}", rest.substr(0, end));
        rest.remove_prefix(end);
    }
    return text;
}

std::string repeated_example(const Section& section, const Drafts& built_in) {
    std::string text;
    for (const Key& key : section.keys) {
        text += comment(fmt::format("{}: {}", key.name, key.meaning));
        text += comment(fmt::format("    {}", facts(section, key)));
    }
    for (const Draft* draft : built_in.of(section.name)) text += built_in_example(*draft);
    for (const Sample& sample : kSamples) {
        if (sample.section == section.name) text += commented_out(sample, section);
    }
    return text;
}

/// In a cell of a table a | would end the cell.
std::string cell(std::string text) {
    for (auto at = text.find('|'); at != std::string::npos; at = text.find('|', at + 2)) {
        text.insert(at, "\\");
    }
    return text;
}

}  // namespace

std::string example_toml() {
    std::string text = comment(
        "hashprice: every setting, with its default. A line that begins with # and no "
        "blank is a setting that is not in force; take the # away to use it. Nothing here "
        "has to be set: an empty file gives the same settings as this one.");
    text += comment(
        "Looked up as --config FILE, $HASHPRICE_CONFIG, "
        "$XDG_CONFIG_HOME/hashprice/hashprice.toml, /etc/hashprice/hashprice.toml. "
        "Each key can be set from the environment, as HASHPRICE_HTTP_LISTEN or "
        "HASHPRICE_SOURCE_MEMPOOL_BASE_URL. docs/configuration.md says more.");
    const Drafts built_in;
    for (const Section& section : describe()) {
        text += fmt::format("\n# ---- {} ----\n{}", section.heading(), comment(section.intro));
        text += section.repeated() ? "#\n" + repeated_example(section, built_in)
                                   : single_example(section);
    }
    return text;
}

std::string reference_table(const Section& section) {
    std::string text = "| key | default | unit | meaning |\n|---|---|---|---|\n";
    for (const Key& key : section.keys) {
        std::string meaning(key.meaning);
        if (!key.choices.empty())
            meaning += fmt::format(" One of {}.", fmt::join(key.choices, ", "));
        if (const auto bounds = bounds_text(key); !bounds.empty()) {
            meaning += fmt::format(" Allowed: {}.", bounds);
        }
        if (!key.kinds.empty()) {
            meaning += fmt::format(" Only of kind {}.", fmt::join(key.kinds, ", "));
        }
        if (!key.secret.empty()) {
            meaning += fmt::format(" The secret itself: environment only, as `{}`.",
                                   environment_name(section, key.secret));
        }
        text += fmt::format("| `{}` | {} | {} | {} |\n", key.name, default_text(section, key),
                            key.unit, cell(meaning));
    }
    return text;
}

}  // namespace hashprice::config
