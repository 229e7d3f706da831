#include "config/secrets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "config/cross_check.hpp"

namespace hashprice::config {
namespace {

constexpr std::size_t kLargestSecret = 8192;

void drop_line_end(std::string& text) {
    while (text.ends_with('\n') || text.ends_with('\r')) text.pop_back();
}

bool is_printable_line(std::string_view text) {
    return std::ranges::all_of(
        text, [](char c) { return static_cast<unsigned char>(c) >= 0x20 && c != 0x7f; });
}

domain::Result<Secret> read_secret(const Path& file) {
    using domain::Errc;
    auto text = read_bounded(file, kLargestSecret);
    if (!text) return tl::unexpected(text.error());
    drop_line_end(*text);
    const std::string name = printable(file.string(), 200);
    if (text->empty()) return domain::fail(Errc::config, fmt::format("{} is empty", name));
    if (!is_printable_line(*text)) {
        return domain::fail(Errc::config, fmt::format("{} is not one line of text", name));
    }
    return Secret(*std::move(text));
}

bool everybody_reads(const Path& file) {
    std::error_code error;
    const auto status = std::filesystem::status(file, error);
    return !error && (status.permissions() & std::filesystem::perms::others_read) !=
                         std::filesystem::perms::none;
}

bool switched_off(const Draft& draft) {
    if (draft.section->find("enabled") == nullptr) return false;
    return !std::get<bool>(*draft.slot("enabled").value);
}

void read_slot(const Draft& draft, Slot& slot, Problems& problems,
               std::vector<std::string>& warnings) {
    const auto& written = std::get<std::string>(*slot.value);
    if (written.empty()) return;
    const Path file(written);
    auto secret = read_secret(file);
    if (!secret) {
        problems.push_back({slot.origin, fmt::format("{}{}: {}", draft.label(), slot.key->name,
                                                     secret.error().what)});
        return;
    }
    slot.secret = *std::move(secret);
    slot.secret_origin = slot.origin;
    if (everybody_reads(file)) {
        const std::string name = printable(file.string(), 200);
        warnings.push_back(fmt::format("{}: {} can be read by everybody on this machine: chmod 640",
                                       slot.origin.exact(), name));
    }
}

}  // namespace

domain::Result<std::string> read_bounded(const Path& file, std::size_t largest) {
    using domain::Errc;
    const std::string name = printable(file.string(), 200);
    errno = 0;
    std::ifstream in(file, std::ios::binary);
    std::error_code ignored;
    if (in && std::filesystem::is_directory(file, ignored)) {
        return domain::fail(Errc::config, fmt::format("{} is a directory", name));
    }
    if (!in) {
        const int reason = errno;
        return domain::fail(Errc::config, fmt::format("cannot read {}: {}", name,
                                                      std::generic_category().message(reason)));
    }
    std::string text;
    for (std::array<char, 16'384> piece{}; in && text.size() <= largest;) {
        in.read(piece.data(), piece.size());
        text.append(piece.data(), static_cast<std::size_t>(in.gcount()));
    }
    if (in.bad()) return domain::fail(Errc::config, fmt::format("cannot read {}", name));
    if (text.size() > largest) {
        return domain::fail(Errc::config, fmt::format("{} is larger than {} bytes", name, largest));
    }
    return text;
}

void read_secrets(Drafts& drafts, Problems& problems, std::vector<std::string>& warnings) {
    for (Draft& draft : drafts.all()) {
        if (switched_off(draft)) continue;
        for (Slot& slot : draft.slots) {
            if (slot.key->form != Form::secret_file || slot.secret || !slot.value) continue;
            if (applies(draft, *slot.key)) read_slot(draft, slot, problems, warnings);
        }
    }
}

}  // namespace hashprice::config
