#include "config/environment.hpp"

namespace hashprice::config {

using std::filesystem::path;

Environment environment_of(const char* const* entries) {
    Environment environment;
    for (; entries != nullptr && *entries != nullptr; ++entries) {
        const std::string_view entry(*entries);
        const auto equals = entry.find('=');
        if (equals == std::string_view::npos) continue;
        environment.emplace(entry.substr(0, equals), entry.substr(equals + 1));
    }
    return environment;
}

std::string_view variable(const Environment& environment, std::string_view name) {
    const auto found = environment.find(name);
    return found == environment.end() ? std::string_view{} : found->second;
}

domain::Result<path> default_database_path(const Environment& environment) {
    constexpr auto kFile = "hashprice.db";
    const auto given = variable(environment, "STATE_DIRECTORY");
    // systemd parts several directories by colons
    if (!given.empty()) return path(given.substr(0, given.find(':'))) / kFile;
    const auto state = variable(environment, "XDG_STATE_HOME");
    if (!state.empty()) return path(state) / "hashprice" / kFile;
    const auto home = variable(environment, "HOME");
    if (!home.empty()) return path(home) / ".local" / "state" / "hashprice" / kFile;
    return domain::fail(domain::Errc::config,
                        "no place for the database is known, because none of STATE_DIRECTORY, "
                        "XDG_STATE_HOME and HOME is set: set [database] path, or use --db");
}

path resolve_path(std::string_view written, const path& base, const Environment& environment) {
    if (written.empty()) return {};
    const auto home = variable(environment, "HOME");
    if (written.starts_with("~/") && !home.empty()) return path(home) / written.substr(2);
    const path file(written);
    return file.is_absolute() || base.empty() ? file : (base / file).lexically_normal();
}

}  // namespace hashprice::config
