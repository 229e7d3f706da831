#pragma once
#include <string>
#include <string_view>

/// Answers as the OpenAPI text shows them.
namespace hashprice::service::app::examples {

std::string trend();
std::string declines();
extern const std::string_view kDecline;
extern const std::string_view kAttribution;
extern const std::string_view kBacktest;
extern const std::string_view kBreakeven;
extern const std::string_view kProjection;
extern const std::string_view kAnnotations;

}  // namespace hashprice::service::app::examples
