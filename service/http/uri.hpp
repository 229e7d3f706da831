#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hashprice::service::http {

/// The request target, taken apart strictly.
///
///   shape   pure
///   source  RFC 3986; '+' in a query is a plus (a time offset), never a space
struct Target {
    std::string_view path;   ///< raw, begins with '/'
    std::string_view query;  ///< raw, without '?'
};

/// Takes origin form ("/a?b") and absolute form ("http://host/a?b"); none for anything else, and
/// for bytes that must not stand in a target unescaped.
std::optional<Target> split_target(std::string_view target);

/// None: a broken escape, a control character, or text that is not UTF-8.
std::optional<std::string> percent_decode(std::string_view text);

/// Decoded path segments: "/a/b%20c" -> {"a", "b c"}; "/" -> {}.
/// None: a broken escape, a "." or ".." segment however it is written, an empty inner segment,
/// a decoded slash or backslash.
std::optional<std::vector<std::string>> path_segments(std::string_view path);

using QueryPairs = std::vector<std::pair<std::string, std::string>>;
/// "a=1&b" -> {{"a","1"},{"b",""}}; empty pieces ("&&") are skipped. None: a broken escape.
std::optional<QueryPairs> query_pairs(std::string_view query);

/// Is `path` the prefix itself or below it? "/api" covers "/api/v1", not "/apis".
bool path_under(std::string_view path, std::string_view prefix);
bool path_under_any(std::string_view path, const std::vector<std::string>& prefixes);

bool valid_utf8(std::string_view text);
bool equal_ignoring_case(std::string_view a, std::string_view b);  ///< ASCII only, no locale
std::string_view trimmed(std::string_view text);                   ///< of blanks and tabs

}  // namespace hashprice::service::http
