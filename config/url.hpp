#pragma once
#include <string>
#include <string_view>

#include "config/key.hpp"

namespace hashprice::config {

/// Whether `text` is a URL of the form (url, base_url, proxy, origin).   returns  as check_value
std::string check_url(Form form, std::string_view text);

}  // namespace hashprice::config
