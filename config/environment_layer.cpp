#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "config/form.hpp"
#include "config/layers.hpp"
#include "config/suggest.hpp"

namespace hashprice::config {
namespace {

constexpr std::string_view kPrefix = "HASHPRICE_";

/// What a variable's name says: a key of a table, or the secret that a *_file key stands for.
struct Target {
    const Section* section = nullptr;
    std::string table;  ///< as it is to be called, "" of a single table
    const Key* key = nullptr;
    bool secret = false;
};

/// Kubernetes sets these for a service called hashprice or hashprice-<anything>.
bool is_service_link(std::string_view name, std::string_view value) {
    return name.ends_with("_SERVICE_HOST") || name.find("_SERVICE_PORT") != name.npos ||
           name.find("_PORT_") != name.npos || value.starts_with("tcp://") ||
           value.starts_with("udp://");
}

std::string lower(std::string_view text) {
    std::string result(text);
    for (char& c : result) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return result;
}

/// The section whose word the name begins with, which it is then rid of.
const Section* section_in(std::string_view& name) {
    for (const Section& section : describe()) {
        const std::string_view word = section.environment;
        if (name.size() <= word.size() || !name.starts_with(word) || name[word.size()] != '_') {
            continue;
        }
        name.remove_prefix(word.size() + 1);
        return &section;
    }
    return nullptr;
}

/// The table that `rest` names when it ends with a key's word: "" of a single table.
std::optional<std::string_view> table_before(std::string_view rest, std::string_view word,
                                             bool repeated) {
    const std::string form = environment_form(word);
    if (word.empty() || !rest.ends_with(form)) return std::nullopt;
    std::string_view table = rest.substr(0, rest.size() - form.size());
    if (!repeated) return table.empty() ? std::optional(table) : std::nullopt;
    if (table.size() < 2 || !table.ends_with('_')) return std::nullopt;
    table.remove_suffix(1);
    return table;
}

/// `rest` is KEY of a single table, NAME_KEY of one of many.
std::optional<Target> split(const Section& section, std::string_view rest, Drafts& drafts) {
    std::optional<Target> best;
    std::size_t shortest = rest.size() + 1;
    const auto consider = [&](const Key& key, std::string_view word, bool secret) {
        const auto table = table_before(rest, word, section.repeated());
        if (!table) return;
        // a table that exists wins, then the longer key
        const bool known = section.repeated() && drafts.find(section, *table) != nullptr;
        if (!known && table->size() >= shortest) return;
        shortest = known ? 0 : table->size();
        best = Target{&section, std::string(*table), &key, secret};
    };
    for (const Key& key : section.keys) {
        if (key.name != "name" || !section.repeated()) consider(key, key.name, false);
        consider(key, key.secret, true);
    }
    return best;
}

/// Every variable that is known, without the prefix.
std::vector<std::string> all_names(const Drafts& drafts) {
    std::vector<std::string> names{"CONFIG"};
    for (const Draft& draft : drafts.all()) {
        const std::string table = draft.name.empty() ? "" : environment_form(draft.name) + "_";
        for (const Key& key : draft.section->keys) {
            names.push_back(fmt::format("{}_{}{}", draft.section->environment, table,
                                        environment_form(key.name)));
        }
    }
    return names;
}

/// A variable that is no setting: refused when it looks like one that was mistyped.
void judge_stranger(const std::string& name, bool known_section, const Drafts& drafts,
                    Problems& problems) {
    const auto names = all_names(drafts);
    const std::vector<std::string_view> views(names.begin(), names.end());
    const std::string_view rest = std::string_view(name).substr(kPrefix.size());
    auto meant = nearest(rest, views);
    if (meant.empty()) {  // HASHPRICE_LISTEN for HASHPRICE_HTTP_LISTEN
        const std::string tail = fmt::format("_{}", rest);
        const auto same_end = std::ranges::find_if(
            views, [&](std::string_view candidate) { return candidate.ends_with(tail); });
        if (same_end != views.end()) meant = *same_end;
    }
    if (meant.empty() && !known_section) return;
    const std::string hint =
        meant.empty() ? "" : fmt::format("; did you mean {}{}?", kPrefix, printable(meant, 100));
    problems.push_back(
        {{Origin::Layer::environment, name},
         fmt::format("no such setting{}; unset it, or see docs/configuration.md", hint)});
}

void set_secret(Slot& slot, std::string_view text, const Origin& origin, Problems& problems) {
    const bool clean = std::ranges::none_of(
        text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
    if (!clean) {
        problems.push_back({origin, "a secret may not hold control characters or line breaks"});
        return;
    }
    slot.secret = Secret(std::string(text));
    slot.secret_origin = origin;
}

/// What a text of the environment or the command line stands for: paths begin where we are.
tl::expected<Value, std::string> value_of(const Key& key, std::string_view text,
                                          const Environment& environment) {
    auto value = value_of_text(key, text);
    if (value && (key.form == Form::path || key.form == Form::secret_file)) {
        *value = resolve_path(text, {}, environment).string();
    }
    return value;
}

void set(Slot& slot, tl::expected<Value, std::string> value, const Origin& origin,
         Problems& problems) {
    if (!value) {
        problems.push_back({origin, value.error()});
        return;
    }
    slot.value = *std::move(value);
    slot.origin = origin;
}

void apply_one(Drafts& drafts, const std::string& name, const std::string& value,
               const Environment& environment, Problems& problems) {
    std::string_view rest = std::string_view(name).substr(kPrefix.size());
    const Section* section = section_in(rest);
    const auto target = section == nullptr ? std::nullopt : split(*section, rest, drafts);
    if (!target) {
        if (!is_service_link(name, value)) {
            judge_stranger(name, section != nullptr, drafts, problems);
        }
        return;
    }
    const Origin origin{Origin::Layer::environment, name};
    Draft* draft = &drafts.single(*section);
    if (section->repeated()) {
        draft = find_or_append(drafts, *section, lower(target->table), origin, problems);
    }
    if (draft == nullptr) return;
    Slot& slot = draft->slot(*target->key);
    if (target->secret) {
        set_secret(slot, value, origin, problems);
    } else {
        set(slot, value_of(*target->key, value, environment), origin, problems);
    }
}

}  // namespace

void apply_environment(Drafts& drafts, const Environment& environment, Problems& problems) {
    for (const auto& [name, value] : environment) {
        if (!name.starts_with(kPrefix) || name == "HASHPRICE_CONFIG" || value.empty()) continue;
        apply_one(drafts, name, value, environment, problems);
    }
}

void apply_overrides(Drafts& drafts, const std::vector<Override>& overrides,
                     const Environment& environment, Problems& problems) {
    for (const Override& one : overrides) {
        const Section* section = find_section(one.section);
        const Key* key = section == nullptr ? nullptr : section->find(one.key);
        const Origin origin{Origin::Layer::command_line, one.option};
        if (key == nullptr || section->repeated()) {
            problems.push_back({origin, "sets no known key"});
            continue;
        }
        set(drafts.single(*section).slot(*key), value_of(*key, one.text, environment), origin,
            problems);
    }
}

}  // namespace hashprice::config
