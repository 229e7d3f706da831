#pragma once
#include <string>
#include <string_view>

namespace hashprice::domain {

/// What a message may repeat of what somebody wrote: the first `longest` bytes, "..." for the rest,
/// and \x1b for what is no printable ASCII. (The precision of a format counts columns: bytes that
/// are no text take none, and all pass.)
std::string printable(std::string_view text, std::size_t longest = 60);

}  // namespace hashprice::domain
