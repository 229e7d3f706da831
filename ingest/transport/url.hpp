#pragma once
#include <string>
#include <string_view>

namespace hashprice::ingest {

/// "api.kraken.com" or "127.0.0.1:8332": the authority of a URL without credentials and default
/// port; empty when there is none. The key of a host's budget, and what errors name.
std::string host_of(std::string_view url);

/// Base without trailing slashes, then path (which starts with a slash).
std::string join_url(std::string_view base, std::string_view path);

/// Percent-encoded for use as a query value.
std::string url_encoded(std::string_view text);

}  // namespace hashprice::ingest
