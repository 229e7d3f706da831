#include "service/http/uri.hpp"

#include <algorithm>
#include <cstdint>

namespace hashprice::service::http {
namespace {

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/// The byte that the escape at the beginning of `text` stands for, as "%2F" for '/'.
std::optional<char> escaped_byte(std::string_view text) {
    if (text.size() < 3) return std::nullopt;
    const int high = hex_digit(text[1]);
    const int low = hex_digit(text[2]);
    if (high < 0 || low < 0) return std::nullopt;
    return static_cast<char>(high * 16 + low);
}

bool plain(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte > 0x20 && byte < 0x7f;
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

struct Lead {
    std::size_t length = 0;  // 0: cannot begin a character
    std::uint32_t bits = 0;
    std::uint32_t smallest = 0;  // below: an overlong spelling
};

Lead lead_of(unsigned char c) {
    if (c < 0x80) return {1, c, 0};
    if ((c & 0xe0U) == 0xc0U) return {2, c & 0x1fU, 0x80};
    if ((c & 0xf0U) == 0xe0U) return {3, c & 0x0fU, 0x800};
    if ((c & 0xf8U) == 0xf0U) return {4, c & 0x07U, 0x10000};
    return {};
}

/// Length of the character that `text` begins with; 0 when it is none.
std::size_t utf8_length(std::string_view text) {
    const Lead lead = lead_of(static_cast<unsigned char>(text.front()));
    if (lead.length == 0 || lead.length > text.size()) return 0;
    std::uint32_t code = lead.bits;
    for (std::size_t i = 1; i < lead.length; ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if ((byte & 0xc0U) != 0x80U) return 0;
        code = code << 6U | (byte & 0x3fU);
    }
    const bool surrogate = code >= 0xd800 && code <= 0xdfff;
    return code < lead.smallest || code > 0x10ffff || surrogate ? 0 : lead.length;
}

std::string_view cut_until(std::string_view& rest, char stop) {
    const std::size_t end = rest.find(stop);
    const std::string_view piece = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
    return piece;
}

}  // namespace

std::optional<Target> split_target(std::string_view target) {
    if (!std::all_of(target.begin(), target.end(), plain)) return std::nullopt;
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (!equal_ignoring_case(target.substr(0, scheme.size()), scheme)) continue;
        target.remove_prefix(scheme.size());
        const std::size_t path = target.find_first_of("/?");
        if (path == 0) return std::nullopt;
        if (path == std::string_view::npos) return Target{"/", {}};
        target.remove_prefix(path);
        if (target.front() == '?') return Target{"/", target.substr(1)};
    }
    if (target.empty() || target.front() != '/' || target.find('#') != std::string_view::npos) {
        return std::nullopt;
    }
    const std::size_t mark = target.find('?');
    if (mark == std::string_view::npos) return Target{target, {}};
    return Target{target.substr(0, mark), target.substr(mark + 1)};
}

std::optional<std::string> percent_decode(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c == '%') {
            const auto byte = escaped_byte(text.substr(i));
            if (!byte) return std::nullopt;
            c = *byte;
            i += 2;
        }
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return std::nullopt;
        out += c;
    }
    if (!valid_utf8(out)) return std::nullopt;
    return out;
}

std::optional<std::vector<std::string>> path_segments(std::string_view path) {
    if (path.empty() || path.front() != '/') return std::nullopt;
    std::vector<std::string> segments;
    std::string_view rest = path.substr(1);
    bool ends_with_slash = rest.empty();
    while (!rest.empty()) {
        ends_with_slash = rest.back() == '/';
        auto segment = percent_decode(cut_until(rest, '/'));
        if (!segment || segment->empty() || *segment == "." || *segment == ".." ||
            segment->find_first_of("/\\") != std::string::npos) {
            return std::nullopt;
        }
        segments.push_back(std::move(*segment));
    }
    if (ends_with_slash && !segments.empty()) segments.emplace_back();
    return segments;
}

std::optional<QueryPairs> query_pairs(std::string_view query) {
    QueryPairs pairs;
    while (!query.empty()) {
        std::string_view value = cut_until(query, '&');
        if (value.empty()) continue;
        auto name = percent_decode(cut_until(value, '='));
        auto text = percent_decode(value);
        if (!name || !text) return std::nullopt;
        pairs.emplace_back(std::move(*name), std::move(*text));
    }
    return pairs;
}

bool path_under(std::string_view path, std::string_view prefix) {
    while (!prefix.empty() && prefix.back() == '/') prefix.remove_suffix(1);
    return path.starts_with(prefix) && (path.size() == prefix.size() || path[prefix.size()] == '/');
}

bool path_under_any(std::string_view path, const std::vector<std::string>& prefixes) {
    return std::any_of(prefixes.begin(), prefixes.end(),
                       [path](const std::string& prefix) { return path_under(path, prefix); });
}

bool valid_utf8(std::string_view text) {
    while (!text.empty()) {
        const std::size_t length = utf8_length(text);
        if (length == 0) return false;
        text.remove_prefix(length);
    }
    return true;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view trimmed(std::string_view text) {
    const std::size_t from = text.find_first_not_of(" \t");
    if (from == std::string_view::npos) return {};
    return text.substr(from, text.find_last_not_of(" \t") - from + 1);
}

}  // namespace hashprice::service::http
