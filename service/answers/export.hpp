#pragma once
#include <functional>
#include <string>
#include <string_view>

#include "service/answers/latest.hpp"

/// Every observation of a range, written out for another program.
namespace hashprice::service::answers {

enum class ExportFormat {
    csv,          ///< a header line, then a line an observation
    jsonl,        ///< one JSON object a line
    openmetrics,  ///< for `promtool tsdb create-blocks-from openmetrics`
    influx        ///< line protocol with nanoseconds, for VictoriaMetrics, InfluxDB, QuestDB
};
Result<ExportFormat> parse_export_format(std::string_view text);

/// Takes the next piece of text; an error ends the export.
using ExportSink = std::function<domain::Status(std::string_view)>;

/// Observations with from <= time < to, ascending, in constant memory however long the range.
///
///   units   as the names of the columns say; numbers round-trip
///   rule    what is not known has no sample and no field, never 0; the same observations give the
///           same bytes, so that importing twice changes nothing
///   source  openmetrics.io 1.0: a family's samples stand together, so the range is read once a
///           family; influxdata line protocol
domain::Status export_observations(storage::Database& db, const domain::Range& range,
                                   ExportFormat format, const ExportSink& sink);

/// One line as `influx` writes it, but for its time.
std::string influx_line(const domain::Observation& o, std::int64_t time_ns);

}  // namespace hashprice::service::answers
