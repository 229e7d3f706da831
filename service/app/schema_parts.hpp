#pragma once
#include <string>
#include <string_view>

#include "service/http/schema.hpp"

/// What the schemas of several answers share.
namespace hashprice::service::app::schemas {

using http::schema::Fields;

Fields operator+(Fields a, const Fields& b);

/// `key` and its twin `key`_s, the same in unix seconds, which needs no words of its own.
Fields time(const std::string& key, std::string_view description);
Fields maybe_time(const std::string& key, std::string_view description);
/// from and to, as they were asked for.
Fields range();

/// Of an answer that rests on the newest observation.
Fields stale();
std::string degraded();
std::string degraded_reason();

Fields hashprice();
/// An instant with its hash price and what that was computed from.
Fields observation();
/// The same fields, each of which may be null.
Fields maybe(Fields fields);

}  // namespace hashprice::service::app::schemas
