#pragma once
#include <span>
#include <string_view>

/// The dashboard's files, compiled in.
///
///   shape   pure: constants, made from `page/` and Debian's libjs-dygraphs by embed.cmake
namespace hashprice::service::dashboard {

struct File {
    std::string_view name;  ///< "index.html", "app.js"; no folders
    std::string_view text;
};

std::span<const File> files();
/// 16 hex digits that change with any of the files; index.html names the others under it.
std::string_view version();

/// none: there is no such file
const File* find(std::string_view name);
/// By the name's ending.
std::string_view media_type_of(std::string_view name);

/// What a browser may load for the page: its own files, and our own answers. Nothing inline,
/// nothing evaluated, nothing from elsewhere, and no other site may frame it.
///   source  w3.org, "Content Security Policy Level 3"
constexpr std::string_view kContentSecurityPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

}  // namespace hashprice::service::dashboard
