#pragma once
#include <optional>
#include <string>
#include <vector>

#include "ingest/derive/options.hpp"
#include "service/answers/latest.hpp"
#include "storage/polls.hpp"

/// Each source's health.
namespace hashprice::service::answers {

/// A source as the settings have it; whoever knows the roster makes these.
struct ConfiguredSource {
    std::string name;
    std::string host;
    std::vector<std::string> roles;  ///< chain, fees, price, comparison
};

struct SourceReport {
    std::string name;
    std::optional<std::string> host;  ///< none: no longer enabled, known from the poll log
    std::vector<std::string> roles;
    std::optional<storage::SourceHealth> health;  ///< none: never asked
    std::string outlier;                          ///< what is wrong with its price now, if anything

    /// Whether its last poll went well; none: never asked.
    [[nodiscard]] std::optional<bool> up() const;
};

/// The configured ones in their order, then those that were asked once.
Result<std::vector<SourceReport>> sources(storage::Database& db,
                                          const std::vector<ConfiguredSource>& configured);
/// Says of each whose price is an outlier at the newest observation that it is one.
Result<std::vector<SourceReport>> with_outliers(storage::Database& db,
                                                std::vector<SourceReport> reports,
                                                const ingest::DeriveOptions& options);
std::string sources_json(const std::vector<SourceReport>& sources);

}  // namespace hashprice::service::answers
