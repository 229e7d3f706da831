#pragma once
#include <string>
#include <vector>

#include "service/answers/explain.hpp"
#include "service/answers/series.hpp"
#include "service/answers/status.hpp"

/// Answers as a person reads them in a terminal.   shape  pure; each ends with a newline
namespace hashprice::service::cli {

/// 312500000 as "312,500,000"
std::string grouped(std::int64_t n);
std::string latest_text(const answers::Latest& latest, domain::UtcSeconds now);
std::string series_head(const answers::SeriesQuery& query, domain::Step step);
std::string series_lines(const std::vector<answers::Point>& points);
std::string explain_text(const answers::Explanation& e);
std::string status_text(const answers::StatusReport& report, domain::UtcSeconds now);

}  // namespace hashprice::service::cli
