#pragma once
#include <functional>
#include <string>
#include <string_view>

#include "domain/result.hpp"

namespace hashprice::service::answers {

/// The body in gzip's format; the same bytes for the same body (no time, no name in the header).
///
///   level   1 (fast) to 9 (small)
///   errors  out of memory -> Errc::stopped
domain::Result<std::string> gzip(std::string_view body, int level);

/// Appends the next piece of a body; false: it was the last.
using Pieces = std::function<domain::Result<bool>(std::string& chunk)>;

/// The same for a body that is made piece by piece; holds one piece at a time.
Pieces gzip_stream(Pieces plain, int level);

}  // namespace hashprice::service::answers
