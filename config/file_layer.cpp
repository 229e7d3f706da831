#include <fmt/format.h>
#include <toml++/toml.h>

#include <filesystem>

#include "config/form.hpp"
#include "config/layers.hpp"
#include "config/suggest.hpp"

namespace hashprice::config {
namespace {

std::string_view words_for(toml::node_type type) {
    switch (type) {
        case toml::node_type::string:
            return "text in quotes";
        case toml::node_type::integer:
            return "a whole number";
        case toml::node_type::floating_point:
            return "a number";
        case toml::node_type::boolean:
            return "true or false";
        case toml::node_type::array:
            return "a list";
        case toml::node_type::table:
            return "a table";
        default:
            return "a date or time";
    }
}

std::optional<Value> list_of(const toml::array& array) {
    std::vector<std::string> items;
    for (const toml::node& node : array) {
        const auto* text = node.as_string();
        if (text == nullptr) return std::nullopt;
        items.push_back(text->get());
    }
    return items;
}

/// A value of the key's type, still unchecked; none when the file holds another type.
std::optional<Value> value_of_node(const Key& key, const toml::node& node) {
    switch (key.type) {
        case Type::boolean:
            return node.is_boolean() ? std::optional<Value>(node.as_boolean()->get())
                                     : std::nullopt;
        case Type::integer:
            return node.is_integer() ? std::optional<Value>(node.as_integer()->get())
                                     : std::nullopt;
        case Type::number:
            return node.is_number() ? std::optional<Value>(*node.value<double>()) : std::nullopt;
        case Type::duration:
        case Type::text:
            return node.is_string() ? std::optional<Value>(node.as_string()->get()) : std::nullopt;
        case Type::list:
            return node.is_array() ? list_of(*node.as_array()) : std::nullopt;
    }
    return std::nullopt;
}

class FileLayer {
public:
    FileLayer(Drafts& drafts, const std::string& path, const Environment& environment,
              Problems& problems)
        : drafts_(drafts), path_(path), environment_(environment), problems_(problems) {}

    void apply(const toml::table& root) {
        for (const auto& [key, node] : root) {
            if (const Section* section = find_section(key.str())) {
                apply_section(*section, key, node);
            } else if (key.str() == "trend" && node.is_table()) {
                apply_trend(*node.as_table());
            } else {
                refuse_root(key);
            }
        }
    }

private:
    [[nodiscard]] Origin at(const toml::source_region& region) const {
        return {Origin::Layer::file, path_, static_cast<int>(region.begin.line),
                static_cast<int>(region.begin.column)};
    }
    void refuse(const toml::source_region& region, std::string what) {
        problems_.push_back({at(region), std::move(what)});
    }

    void refuse_root(const toml::key& key) {
        for (const Section& section : describe()) {
            if (section.find(key.str()) == nullptr) continue;
            return refuse(key.source(), fmt::format("'{}' stands outside of any table: put it "
                                                    "under {}",
                                                    key.str(), section.heading()));
        }
        std::vector<std::string_view> names;
        for (const Section& section : describe()) names.push_back(section.name);
        names.emplace_back("trend");
        refuse(key.source(), fmt::format("no table '{}' is known{}", printable(key.str()),
                                         did_you_mean(key.str(), names)));
    }

    void apply_trend(const toml::table& trend) {
        const Section& rules = *find_section("trend.rule");
        constexpr std::array<std::string_view, 1> kNames{"rule"};
        for (const auto& [key, node] : trend) {
            if (key.str() == "rule") {
                apply_section(rules, key, node);
            } else {
                refuse(key.source(),
                       fmt::format("[trend] has no key '{}'{}; only [[trend.rule]] "
                                   "tables stand there",
                                   printable(key.str()), did_you_mean(key.str(), kNames)));
            }
        }
    }

    void apply_section(const Section& section, const toml::key& key, const toml::node& node) {
        if (!section.repeated()) {
            if (const auto* table = node.as_table()) {
                return apply_table(drafts_.single(section), *table);
            }
        } else if (const auto* tables = node.as_array()) {
            for (const toml::node& one : *tables) apply_named(section, one);
            return;
        }
        refuse(key.source(), fmt::format("must be a table: write {}", section.heading()));
    }

    void apply_named(const Section& section, const toml::node& node) {
        const auto* table = node.as_table();
        if (table == nullptr) {
            return refuse(node.source(),
                          fmt::format("must be a table: write {}", section.heading()));
        }
        const std::string name = name_in(section, *table);
        if (name.empty()) return;
        const Draft* known = drafts_.find(section, name);
        if (known != nullptr && known->origin.layer == Origin::Layer::file) {
            const auto* named = table->get("name");
            return refuse((named != nullptr ? *named : node).source(),
                          fmt::format("{} '{}' stands twice, first in line {}: {}",
                                      section.heading(), printable(name), known->origin.line,
                                      named != nullptr ? "give one of them another name"
                                                       : "give each a name of its own"));
        }
        Draft* draft = find_or_append(drafts_, section, name, at(node.source()), problems_);
        if (draft == nullptr) return;
        draft->origin = at(node.source());
        apply_table(*draft, *table);
    }

    /// "" and a problem, when the table has no usable name. A receiver without one is called by
    /// its kind.
    std::string name_in(const Section& section, const toml::table& table) {
        const Key& key = *section.find("name");
        const toml::node* node = table.get("name");
        if (node == nullptr && !key.required) node = table.get("kind");
        if (node == nullptr) {
            refuse(table.source(), fmt::format("{} has no {}: add one, for example {} = {}",
                                               section.heading(), key.required ? "name" : "kind",
                                               key.required ? "name" : "kind", key.example));
            return "";
        }
        auto value = value_of_node(key, *node);
        if (!value) {
            refuse(node->source(), fmt::format("{} name: must be {}, not {}", section.heading(),
                                               type_name(key.type), words_for(node->type())));
            return "";
        }
        if (const auto complaint = check_value(key, *value); !complaint.empty()) {
            refuse(node->source(), fmt::format("{} name: {}", section.heading(), complaint));
            return "";
        }
        return std::get<std::string>(*value);
    }

    void apply_table(Draft& draft, const toml::table& table) {
        for (const auto& [name, node] : table) {
            if (const Key* key = draft.section->find(name.str())) {
                apply_key(draft, *key, node);
            } else {
                refuse_key(draft, name);
            }
        }
    }

    void refuse_key(const Draft& draft, const toml::key& name) {
        std::vector<std::string_view> names;
        for (const Key& key : draft.section->keys) {
            names.push_back(key.name);
            if (key.secret.empty() || key.secret != name.str()) continue;
            const std::string table = draft.name.empty() ? "" : environment_form(draft.name) + "_";
            return refuse(
                name.source(),
                fmt::format("{}{}: a secret does not stand in the configuration: put it "
                            "in a file and name that in {}, or set HASHPRICE_{}_{}{}",
                            draft.label(), name.str(), key.name, draft.section->environment, table,
                            environment_form(name.str())));
        }
        std::string hint = did_you_mean(name.str(), names);
        if (hint.empty()) hint = "; docs/configuration.md lists its keys";
        refuse(name.source(),
               fmt::format("{}has no key '{}'{}", draft.label(), printable(name.str()), hint));
    }

    void apply_key(Draft& draft, const Key& key, const toml::node& node) {
        auto value = value_of_node(key, node);
        if (!value) {
            return refuse(node.source(),
                          fmt::format("{}{}: must be {}, not {}", draft.label(), key.name,
                                      type_name(key.type), words_for_list(key, node)));
        }
        std::string complaint;
        if (key.type == Type::duration) {
            auto duration = value_of_text(key, std::get<std::string>(*value));
            if (duration) {
                value = *std::move(duration);
            } else {
                complaint = duration.error();
            }
        } else {
            complaint = check_value(key, *value);
        }
        if (!complaint.empty()) {
            return refuse(node.source(),
                          fmt::format("{}{}: {}", draft.label(), key.name, complaint));
        }
        if (key.form == Form::path || key.form == Form::secret_file) {
            auto& text = std::get<std::string>(*value);
            const auto base = std::filesystem::path(path_).parent_path();
            text = resolve_path(text, base, environment_).string();
        }
        Slot& slot = draft.slot(key);
        slot.value = *std::move(value);
        slot.origin = at(node.source());
    }

    static std::string_view words_for_list(const Key& key, const toml::node& node) {
        return key.type == Type::list && node.is_array() ? "a list of anything but words"
                                                         : words_for(node.type());
    }

    Drafts& drafts_;
    const std::string& path_;
    const Environment& environment_;
    Problems& problems_;
};

}  // namespace

void apply_file(Drafts& drafts, const std::string& path, std::string_view content,
                const Environment& environment, Problems& problems) {
    if (auto bad = check_shape(path, content); !bad.empty()) {
        problems.push_back(std::move(bad.front()));
        return;
    }
    try {
        const toml::table root = toml::parse(content, std::string_view(path));
        FileLayer(drafts, path, environment, problems).apply(root);
    } catch (const toml::parse_error& error) {
        const auto& where = error.source().begin;
        problems.push_back({{Origin::Layer::file, path, static_cast<int>(where.line),
                             static_cast<int>(where.column)},
                            "not readable as TOML: " + printable(error.description(), 200)});
    }
}

}  // namespace hashprice::config
