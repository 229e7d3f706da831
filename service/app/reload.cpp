#include "service/app/reload.hpp"

#include <map>

#include "config/key.hpp"

namespace hashprice::service::app {
namespace {

using Keys = std::map<std::string, std::string>;  ///< name to value as written

std::string name_of(const config::Effective& e) {
    return e.section + (e.table.empty() ? "" : "." + e.table) + "." + e.key;
}

Keys keys_of(const config::Loaded& loaded) {
    Keys keys;
    for (const config::Effective& e : loaded.effective)
        keys[name_of(e)] = e.value ? config::toml_text(*e.value) : "";
    return keys;
}

/// Values of secrets are in no list of keys; a secret that changed behind the same key counts.
void add_changed_secrets(const config::Settings& now, const config::Settings& next,
                         std::vector<std::string>& changed) {
    if (changed.empty() && now != next) changed.emplace_back("a secret");
}

bool waits_for_restart(const std::string& name) {
    return name == "database.path" || name == "http.listen";
}

}  // namespace

Change change_between(const config::Loaded& now, const config::Loaded& next) {
    Change change{.wanted = next.settings, .applied = {}, .later = {}};
    change.wanted.database.path = now.settings.database.path;
    change.wanted.http.listen = now.settings.http.listen;
    const Keys before = keys_of(now);
    Keys all = keys_of(next);
    const Keys after = all;
    all.insert(before.begin(), before.end());
    for (const auto& [name, ignored] : all) {
        const auto old = before.find(name);
        const auto fresh = after.find(name);
        if (old != before.end() && fresh != after.end() && old->second == fresh->second) continue;
        (waits_for_restart(name) ? change.later : change.applied).push_back(name);
    }
    add_changed_secrets(now.settings, change.wanted, change.applied);
    return change;
}

}  // namespace hashprice::service::app
