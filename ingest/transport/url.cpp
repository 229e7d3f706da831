#include "ingest/transport/url.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace hashprice::ingest {

std::string host_of(std::string_view url) {
    const std::size_t scheme = url.find("://");
    if (scheme == std::string_view::npos) return {};
    const std::string_view default_port = url.starts_with("https:") ? ":443" : ":80";
    url.remove_prefix(scheme + 3);
    url = url.substr(0, url.find_first_of("/?#"));
    const std::size_t credentials = url.rfind('@');
    if (credentials != std::string_view::npos) url.remove_prefix(credentials + 1);
    if (url.ends_with(default_port)) url.remove_suffix(default_port.size());
    std::string host(url);
    std::ranges::transform(host, host.begin(), [](unsigned char c) {
        return static_cast<char>(std::tolower(c));  // ASCII: the "C" locale is never changed
    });
    return host;
}

std::string join_url(std::string_view base, std::string_view path) {
    while (base.ends_with('/')) base.remove_suffix(1);
    return fmt::format("{}{}", base, path);
}

std::string url_encoded(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool plain = std::isalnum(byte) != 0 || c == '-' || c == '_' || c == '.' || c == '~';
        out += plain ? std::string(1, c) : fmt::format("%{:02X}", byte);
    }
    return out;
}

}  // namespace hashprice::ingest
