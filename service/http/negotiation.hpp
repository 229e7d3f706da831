#pragma once
#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace hashprice::service::http {

/// What the headers of a question ask for.
///
///   shape   pure
///   source  RFC 9110: sections 8.8.3 (entity tags), 13.1.2 (If-None-Match), 12.5.3 (encodings)

/// Does `if_none_match` ("*", or a list of "x", W/"x") name `etag`? Weak comparison.
bool names_etag(std::string_view if_none_match, std::string_view etag);

/// A strong entity tag's opaque part from the bytes themselves: the same bytes, the same tag.
std::string content_tag(std::string_view body);

/// Does `accept_encoding` allow gzip (with a weight above 0)?
bool accepts_gzip(std::string_view accept_encoding);

/// JSON, text, XML, SVG, JavaScript: what gzip makes smaller.
bool compressible(std::string_view media_type);

/// Browsers from which origins may read the answers.
class CorsPolicy {
public:
    explicit CorsPolicy(std::vector<std::string> origins);
    [[nodiscard]] bool enabled() const { return any_ || !origins_.empty(); }
    [[nodiscard]] bool any() const { return any_; }
    /// 0: not allowed (or no Origin); else a small number that stands for the origin.
    [[nodiscard]] std::size_t number_of(std::string_view origin) const;
    /// The value of Access-Control-Allow-Origin for that number; empty for 0.
    [[nodiscard]] std::string_view allowed(std::size_t number) const;
    [[nodiscard]] std::size_t count() const { return any_ ? 1 : origins_.size(); }

private:
    bool any_ = false;
    std::vector<std::string> origins_;
};

/// The bearer token; only its SHA-256 is kept, and digests are compared in constant time.
class TokenCheck {
public:
    explicit TokenCheck(std::string_view token);  ///< empty: nothing is asked for
    [[nodiscard]] bool required() const { return required_; }
    /// `authorization` as it came: "Bearer <token>", the scheme in any case.
    [[nodiscard]] bool allows(std::string_view authorization) const;

private:
    bool required_ = false;
    std::array<unsigned char, 32> digest_{};
};

}  // namespace hashprice::service::http
