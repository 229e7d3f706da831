#include "config/load.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>
#include <tuple>

#include "config/cross_check.hpp"
#include "config/secrets.hpp"

namespace hashprice::config {
namespace {

using domain::Errc;

constexpr std::size_t kLargestRead = 4UL * 1024 * 1024;  // check_shape names the real bound

domain::Result<std::optional<Path>> named(const Path& file, std::string_view by) {
    std::error_code error;
    if (std::filesystem::exists(file, error)) return file;
    return domain::fail(
        Errc::config,
        fmt::format("{}: {}: create the file, or leave out {} to start with the defaults",
                    printable(file.string(), 200),
                    error ? error.message() : "there is no such file", by));
}

/// The file, or none; one that is there and cannot be looked at counts as there.
std::optional<Path> if_present(const Path& file) {
    std::error_code error;
    if (std::filesystem::exists(file, error) || error) return file;
    return std::nullopt;
}

std::optional<Path> user_file(const Environment& environment) {
    const auto given = variable(environment, "XDG_CONFIG_HOME");
    if (!given.empty()) return Path(given) / "hashprice" / "hashprice.toml";
    const auto home = variable(environment, "HOME");
    if (home.empty()) return std::nullopt;
    return Path(home) / ".config" / "hashprice" / "hashprice.toml";
}

void apply_found_file(Drafts& drafts, const Request& request, Problems& problems,
                      std::optional<Path>& file) {
    auto found = find_file(request);
    if (!found) {
        const bool by_option = request.file.has_value();
        problems.push_back({{by_option ? Origin::Layer::command_line : Origin::Layer::environment,
                             by_option ? "--config" : "HASHPRICE_CONFIG"},
                            found.error().what});
        return;
    }
    file = *found;
    if (!file) return;
    const auto content = read_bounded(*file, kLargestRead);
    if (content) {
        apply_file(drafts, file->string(), *content, request.environment, problems);
    } else {
        problems.push_back({{Origin::Layer::file, file->string()}, content.error().what});
    }
}

void replace_all(std::string& text, std::string_view what, std::string_view with) {
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at)) {
        text.replace(at, what.size(), with);
        at += with.size();
    }
}

/// The two defaults that are known only here: the database's place and our version.
void complete(Drafts& drafts, const Environment& environment, Problems& problems) {
    const Section& database = *find_section("database");
    Slot& path = drafts.single(database).slot(*database.find("path"));
    auto& written = std::get<std::string>(*path.value);
    if (written.empty()) {
        const auto place = default_database_path(environment);
        if (place) written = place->string();
        if (!place) problems.push_back({path.origin, place.error().what});
    }
    const Section& poll = *find_section("poll");
    Slot& agent = drafts.single(poll).slot(*poll.find("user_agent"));
    replace_all(std::get<std::string>(*agent.value), "<version>", HP_VERSION);
}

Effective effective_of(const Draft& draft, const Slot& slot) {
    return {.section = std::string(draft.section->name),
            .table = draft.name,
            .key = std::string(slot.key->name),
            .value = slot.value,
            .origin = slot.origin};
}

std::vector<Effective> effective_of(const Drafts& drafts) {
    std::vector<Effective> all;
    for (const Section& section : describe()) {
        for (const Draft* draft : drafts.of(section.name)) {
            for (const Slot& slot : draft->slots) {
                if (!applies(*draft, *slot.key)) continue;
                all.push_back(effective_of(*draft, slot));
                if (!slot.secret) continue;
                all.push_back({.section = std::string(section.name),
                               .table = draft->name,
                               .key = std::string(slot.key->secret),
                               .origin = slot.secret_origin,
                               .secret = true});
            }
        }
    }
    return all;
}

void sort_by_place(Problems& problems) {
    std::ranges::stable_sort(problems, {}, [](const Problem& p) {
        return std::tuple(p.origin.layer == Origin::Layer::file ? 0 : 1, p.origin.line,
                          p.origin.column);
    });
}

}  // namespace

domain::Result<std::optional<Path>> find_file(const Request& request) {
    if (request.file) return named(*request.file, "--config");
    const auto by_variable = variable(request.environment, "HASHPRICE_CONFIG");
    if (!by_variable.empty()) return named(Path(by_variable), "HASHPRICE_CONFIG");
    if (const auto file = user_file(request.environment)) {
        if (auto present = if_present(*file)) return present;
    }
    return if_present(request.system_file);
}

Report examine(const Request& request) {
    Report report;
    Problems& problems = report.problems;
    Drafts drafts;
    Loaded loaded;
    apply_found_file(drafts, request, problems, loaded.file);
    apply_environment(drafts, request.environment, problems);
    apply_overrides(drafts, request.overrides, request.environment, problems);
    // each step relies on what the one before has found in order
    if (problems.empty()) check_tables(drafts, problems);
    if (problems.empty()) complete(drafts, request.environment, problems);
    if (problems.empty()) read_secrets(drafts, problems, loaded.warnings);
    if (problems.empty()) {
        loaded.settings = drafts.settings();
        check_whole(drafts, loaded.settings, problems);
    }
    sort_by_place(problems);
    if (!problems.empty()) return report;
    loaded.effective = effective_of(drafts);
    report.loaded = std::move(loaded);
    return report;
}

domain::Result<Loaded> load(const Request& request) {
    Report report = examine(request);
    if (report.loaded) return *std::move(report.loaded);
    std::string what = report.problems.front().text();
    if (report.problems.size() > 1) {
        what += fmt::format(" (and {} more: hashprice config check lists them)",
                            report.problems.size() - 1);
    }
    return domain::fail(Errc::config, std::move(what));
}

}  // namespace hashprice::config
