#pragma once
#include <string>
#include <vector>

#include "domain/result.hpp"
#include "storage/comparisons.hpp"

/// Hash prices as others publish them, beside ours.   errors  SQLite's -> Errc::database
namespace hashprice::service::answers {

/// Those of [range.from, range.to), by time and source.
domain::Result<std::vector<storage::Comparison>> comparison(storage::Database& db,
                                                            const domain::Range& range);
std::string comparison_json(const std::vector<storage::Comparison>& all);
/// "braiins 40.12, ours 38.20 (+5.0 %)"
std::string comparison_line(const storage::Comparison& one);

}  // namespace hashprice::service::answers
