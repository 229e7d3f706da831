#pragma once
#include <string>
#include <string_view>

#include "config/key.hpp"

/// The table of settings in words.
namespace hashprice::config {

/// config/hashprice.example.toml: every key with meaning, unit and default. What has a default
/// stands there as it is; the rest stands commented out, "#key = value" without a blank, and is a
/// working setting once the # is taken away.
std::string example_toml();

/// A section's table for docs/configuration.md.
std::string reference_table(const Section& section);

}  // namespace hashprice::config
