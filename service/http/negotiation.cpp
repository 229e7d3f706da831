#include "service/http/negotiation.hpp"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/sha.h>

#include <algorithm>
#include <functional>
#include <utility>

#include "service/http/uri.hpp"

namespace hashprice::service::http {
namespace {

std::string_view next_item(std::string_view& list, char separator) {
    const std::size_t end = list.find(separator);
    const std::string_view item = trimmed(list.substr(0, end));
    list = end == std::string_view::npos ? std::string_view{} : list.substr(end + 1);
    return item;
}

/// "q=0", "q=0.0", "q=0.000": the one weight that forbids.
bool forbids(std::string_view parameters) {
    while (!parameters.empty()) {
        const std::string_view parameter = next_item(parameters, ';');
        if (parameter.size() < 3 || !equal_ignoring_case(parameter.substr(0, 2), "q=")) continue;
        return parameter.substr(2).find_first_not_of("0.") == std::string_view::npos;
    }
    return false;
}

/// The tag that `list` begins with, in its quotes and without W/; empty when it begins with none.
std::string_view quoted_tag(std::string_view list) {
    if (list.substr(0, 2) == "W/") list.remove_prefix(2);
    if (list.empty() || list.front() != '"') return {};
    const std::size_t end = list.find('"', 1);
    return end == std::string_view::npos ? std::string_view{} : list.substr(0, end + 1);
}

std::array<unsigned char, 32> sha256(std::string_view text) {
    std::array<unsigned char, 32> digest{};
    SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
    return digest;
}

}  // namespace

bool names_etag(std::string_view if_none_match, std::string_view etag) {
    // One walk over the quoted tags: a comma may stand inside a tag, so commas cannot cut the list.
    std::string_view rest = trimmed(if_none_match);
    if (rest == "*") return true;
    if (etag.substr(0, 2) == "W/") etag.remove_prefix(2);
    while (!rest.empty()) {
        const std::string_view tag = quoted_tag(rest);
        if (tag.empty() || tag == etag) return !tag.empty();
        rest = trimmed(rest.substr(static_cast<std::size_t>(tag.end() - rest.begin())));
        if (!rest.empty() && rest.front() != ',') return false;
        while (!rest.empty() && rest.front() == ',') rest = trimmed(rest.substr(1));
    }
    return false;
}

std::string content_tag(std::string_view body) {
    return fmt::format("{:016x}{:x}", std::hash<std::string_view>{}(body), body.size());
}

bool accepts_gzip(std::string_view accept_encoding) {
    bool any = false;
    while (!accept_encoding.empty()) {
        std::string_view item = next_item(accept_encoding, ',');
        const std::string_view coding = next_item(item, ';');
        if (equal_ignoring_case(coding, "gzip") || equal_ignoring_case(coding, "x-gzip")) {
            return !forbids(item);
        }
        if (coding == "*") any = !forbids(item);
    }
    return any;
}

bool compressible(std::string_view media_type) {
    const std::string_view type = media_type.substr(0, media_type.find(';'));
    const auto ends = [type](std::string_view tail) { return type.ends_with(tail); };
    if (type == "text/event-stream") return false;  // events must not wait in a compressor
    return type.starts_with("text/") || ends("json") || ends("xml") || ends("javascript");
}

CorsPolicy::CorsPolicy(std::vector<std::string> origins) : origins_(std::move(origins)) {
    any_ = std::find(origins_.begin(), origins_.end(), "*") != origins_.end();
}

std::size_t CorsPolicy::number_of(std::string_view origin) const {
    if (any_) return 1;
    if (origin.empty()) return 0;
    const auto found = std::find(origins_.begin(), origins_.end(), origin);
    return found == origins_.end() ? 0 : static_cast<std::size_t>(found - origins_.begin()) + 1;
}

std::string_view CorsPolicy::allowed(std::size_t number) const {
    if (number == 0) return {};
    return any_ ? std::string_view("*") : std::string_view(origins_[number - 1]);
}

TokenCheck::TokenCheck(std::string_view token)
    : required_(!token.empty()), digest_(sha256(token)) {}

bool TokenCheck::allows(std::string_view authorization) const {
    constexpr std::string_view kScheme = "Bearer ";
    if (!required_) return true;
    if (!equal_ignoring_case(authorization.substr(0, kScheme.size()), kScheme)) return false;
    const auto given = sha256(trimmed(authorization.substr(kScheme.size())));
    return CRYPTO_memcmp(given.data(), digest_.data(), digest_.size()) == 0;
}

}  // namespace hashprice::service::http
