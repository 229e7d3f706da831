#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "domain/result.hpp"

namespace hashprice::service::cli {

class Arguments;

/// The numbers that `name` was given.   errors  anything else -> Errc::usage, naming `lister`, the
/// command that shows the numbers there are
domain::Result<std::vector<std::int64_t>> numbers_of(const Arguments& arguments,
                                                     const std::string& name,
                                                     std::string_view lister);

}  // namespace hashprice::service::cli
