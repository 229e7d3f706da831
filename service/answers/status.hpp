#pragma once
#include <optional>
#include <string>

#include "service/answers/latest.hpp"
#include "storage/comparisons.hpp"
#include "storage/polls.hpp"

namespace hashprice::service::answers {

/// Database, versions, schema, freshness.
struct StatusReport {
    std::string version;
    std::string database;
    std::int64_t database_bytes{};
    int schema{};
    storage::Counts counts;
    std::optional<storage::ObservationSpan> span;
    std::optional<UtcSeconds> starter_imported_at;
    Latest latest;
    std::vector<storage::Comparison> comparisons;  ///< the newest of each source that publishes
};
Result<StatusReport> status(storage::Database& db, const Freshness& freshness);
std::string status_json(const StatusReport& report);

/// Whether dashboards may trust what is served: "" or the reasons why not.
std::string not_ready_reason(const Latest& latest);

}  // namespace hashprice::service::answers
