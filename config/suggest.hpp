#pragma once
#include <span>
#include <string>
#include <string_view>

namespace hashprice::config {

/// The candidate that a mistyped word most likely meant; "" when none is near.
std::string_view nearest(std::string_view word, std::span<const std::string_view> candidates);

/// "; did you mean 'interval'?", or "".
std::string did_you_mean(std::string_view word, std::span<const std::string_view> candidates);

}  // namespace hashprice::config
