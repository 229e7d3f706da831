#pragma once
#include <string>
#include <string_view>

#include "service/http/message.hpp"

namespace hashprice::service::http {

/// The body in gzip's format; the same bytes for the same body (no time, no name in the header).
///
///   level   1 (fast) to 9 (small)
///   errors  out of memory -> Errc::stopped
domain::Result<std::string> gzip(std::string_view body, int level);

/// The same for a body that is made piece by piece; holds one piece at a time.
Generator gzip_stream(Generator plain, int level);

}  // namespace hashprice::service::http
