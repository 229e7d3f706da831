#include "config/url.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "config/origin.hpp"

namespace hashprice::config {
namespace {

// libcurl's own parser would serve, but only the transport of the ingest room sees libcurl; this
// one only has to tell a typing mistake from an address, the transport parses it for good.
struct Url {
    std::string_view scheme;
    std::string_view authority;
    std::string_view rest;  // path, query, fragment
};

std::optional<Url> split(std::string_view text) {
    const auto colon = text.find("://");
    if (colon == std::string_view::npos) return std::nullopt;
    const auto tail = text.substr(colon + 3);
    const auto end = std::min(tail.find_first_of("/?#"), tail.size());
    return Url{text.substr(0, colon), tail.substr(0, end), tail.substr(end)};
}

bool is_host(std::string_view host) {
    if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
        return host.find_first_not_of("0123456789abcdefABCDEF:.", 1) == host.size() - 1;
    }
    constexpr auto kHostLetters =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_";
    return !host.empty() && host.front() != '.' && host.front() != '-' &&
           host.find_first_not_of(kHostLetters) == std::string_view::npos;
}

bool is_port(std::string_view text) {
    unsigned port = 0;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, port);
    return error == std::errc{} && stop == end && port >= 1 && port <= 65535;
}

bool is_authority(std::string_view authority) {
    const auto colon = authority.rfind(':');
    if (colon == std::string_view::npos || authority.ends_with(']')) return is_host(authority);
    return is_host(authority.substr(0, colon)) && is_port(authority.substr(colon + 1));
}

bool is_scheme_of(Form form, std::string_view scheme) {
    if (scheme == "http" || scheme == "https") return true;
    return form == Form::proxy && (scheme == "socks5" || scheme == "socks5h");
}

bool has_plain_letters(std::string_view text) {
    return std::ranges::all_of(text, [](char c) {
        return c > 0x20 && c < 0x7f && c != '"' && c != '<' && c != '>' && c != '\\';
    });
}

std::string_view model(Form form) {
    switch (form) {
        case Form::proxy:
            return "write http://host:port or socks5h://host:port";
        case Form::origin:
            return "write * or https://host[:port], without a path";
        case Form::base_url:
            return "write https://host[:port][/path], without a query";
        default:
            return "write https://host[:port][/path]";
    }
}

bool rest_fits(Form form, std::string_view rest) {
    if (rest.find('#') != std::string_view::npos) return false;
    if (form == Form::base_url) return rest.find('?') == std::string_view::npos;
    if (form == Form::proxy) return rest.empty() || rest == "/";
    return form != Form::origin || rest.empty();
}

}  // namespace

std::string check_url(Form form, std::string_view text) {
    if (form == Form::origin && text == "*") return "";
    const auto url = split(text);
    // anything before an @ may be a password, so neither is the text repeated
    if (text.find('@') < text.size() - (url ? url->rest.size() : 0)) {
        return "holds a user or password, which does not belong in the configuration: leave out "
               "everything before the @";
    }
    if (!url || !is_scheme_of(form, url->scheme) || !is_authority(url->authority) ||
        !has_plain_letters(text) || !rest_fits(form, url->rest)) {
        return fmt::format("'{}' is no address: {}", printable(text, 120), model(form));
    }
    return "";
}

}  // namespace hashprice::config
