#include "config/draft.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "config/builtin.hpp"

namespace hashprice::config {

std::string environment_form(std::string_view name) {
    std::string form(name);
    for (char& c : form) {
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
        if (c == '-' || c == '.') c = '_';
    }
    return form;
}

Draft::Draft(const Section& of) : section(&of) {
    for (const Key& key : of.keys) slots.push_back({.key = &key, .value = default_of(of, key)});
}

Slot& Draft::slot(const Key& key) { return *std::ranges::find(slots, &key, &Slot::key); }

const Slot& Draft::slot(std::string_view key) const {
    return *std::ranges::find_if(slots, [&](const Slot& s) { return s.key->name == key; });
}

const std::string* Draft::text(std::string_view key) const {
    const auto& value = slot(key).value;
    return value ? std::get_if<std::string>(&*value) : nullptr;
}

std::string Draft::label() const {
    return name.empty() ? section->heading() + " "
                        : fmt::format("{} '{}': ", section->heading(), printable(name));
}

Drafts::Drafts() {
    for (const Section& section : describe()) {
        if (!section.repeated()) drafts_.emplace_back(section);
    }
    for (Source& source : built_in_sources()) {
        append_built_in(*find_section("source"), Settings{.sources = {std::move(source)}});
    }
    for (TrendRule& rule : built_in_rules()) {
        append_built_in(*find_section("trend.rule"), Settings{.rules = {std::move(rule)}});
    }
}

void Drafts::append_built_in(const Section& section, const Settings& one) {
    Draft& draft = drafts_.emplace_back(section);
    draft.built_in = true;
    for (Slot& slot : draft.slots) slot.value = slot.key->get(one);
    draft.name = *draft.text("name");
}

Draft& Drafts::single(const Section& section) {
    return *std::ranges::find(drafts_, &section, &Draft::section);
}

Draft* Drafts::find(const Section& section, std::string_view name) {
    const std::string form = environment_form(name);
    const auto found = std::ranges::find_if(drafts_, [&](const Draft& d) {
        return d.section == &section && environment_form(d.name) == form;
    });
    return found == drafts_.end() ? nullptr : &*found;
}

Draft& Drafts::append(const Section& section, std::string name, Origin origin) {
    Draft& draft = drafts_.emplace_back(section);
    draft.slot(*section.find("name")).value = name;
    draft.name = std::move(name);
    draft.origin = std::move(origin);
    return draft;
}

std::vector<const Draft*> Drafts::of(std::string_view section) const {
    std::vector<const Draft*> found;
    for (const Draft& draft : drafts_) {
        if (draft.section->name == section) found.push_back(&draft);
    }
    return found;
}

Settings Drafts::settings() const {
    Settings settings;
    for (const Draft& draft : drafts_) {
        if (draft.section->repeated()) draft.section->add(settings);
        for (const Slot& slot : draft.slots) {
            if (slot.value) slot.key->set(settings, *slot.value);
            if (slot.secret) slot.key->set_secret(settings, *slot.secret);
        }
    }
    return settings;
}

}  // namespace hashprice::config
