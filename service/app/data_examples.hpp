#pragma once
#include <string_view>

/// Answers about stored data and their health, as the OpenAPI text shows them.
namespace hashprice::service::app::examples {

extern const std::string_view kStatus;
extern const std::string_view kExplain;
extern const std::string_view kHashprice;
extern const std::string_view kInputs;
extern const std::string_view kSources;
extern const std::string_view kGaps;
extern const std::string_view kMetrics;

}  // namespace hashprice::service::app::examples
