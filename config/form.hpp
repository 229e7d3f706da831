#pragma once
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "config/key.hpp"

namespace hashprice::config {

/// Holds a value of the right type against its row of the table, and brings it to its one
/// spelling (no slash at the end of a base_url).
///
///   returns  "" when it is fine, else what is wrong and what to write instead
///   secrets  text that may hold a password (user:password@host) is not repeated
std::string check_value(const Key& key, Value& value);

/// One of a key's bounds, as its values are written: "1h" of a duration.
std::string bound_text(const Key& key, double bound);

/// A value as the environment or the command line spells it: lists are parted by commas.
///
///   errors  the complaint, as in check_value; on success the value has been checked
tl::expected<Value, std::string> value_of_text(const Key& key, std::string_view text);

}  // namespace hashprice::config
