#pragma once
#include <string>
#include <vector>

#include "service/answers/annotations.hpp"
#include "service/answers/breakeven.hpp"
#include "service/answers/projection.hpp"

/// Answers to miners as a person reads them in a terminal.   shape  pure; each ends with a newline
namespace hashprice::service::cli {

std::string breakeven_text(const answers::Breakeven& b, domain::UtcSeconds now);
std::string projection_text(const answers::ProjectionAnswer& p, domain::UtcSeconds now);
std::string annotations_text(const std::vector<answers::Mark>& marks);

}  // namespace hashprice::service::cli
