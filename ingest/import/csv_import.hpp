#pragma once
#include <functional>
#include <istream>
#include <optional>
#include <string>

#include "domain/facts.hpp"

namespace hashprice::ingest {

struct ImportOptions {
    std::string file_name;  ///< for errors: "blocks.csv"
    std::string source = "import";
    std::optional<domain::seconds> span;  ///< of candles in a file that does not say
    domain::UtcSeconds now;               ///< facts of the future are refused; fetched_at of all
};

/// What an import file is known to hold, from its header line.
struct ImportFormat {
    std::string kind;     ///< blocks, epochs, fee means, daily closes, candles, prices
    std::string columns;  ///< those it is recognized by
};
const std::vector<ImportFormat>& import_formats();

/// Reads CSV with a header line and hands on the facts, some thousand at a time, in the file's
/// order.
///
///   formats  docs/import.md; columns that are not known are passed over
///   errors   the first bad line -> "file:line: column 'value' is not ..."; what `take` returns
///   memory   bounded, however long the file
domain::Status import_csv(std::istream& in, const ImportOptions& options,
                          const std::function<domain::Status(const domain::FactBatch&)>& take);

}  // namespace hashprice::ingest
