#pragma once
#include <string_view>

namespace hashprice::storage {

extern const std::string_view kInitialSchema;
extern const std::string_view kTrendSchema;
extern const std::string_view kGuardSchema;
extern const std::string_view kOutboxSchema;

}  // namespace hashprice::storage
