#pragma once
#include <optional>
#include <string>
#include <vector>

#include "service/answers/declines.hpp"

/// When a rule would have fired, escalated and cleared.
namespace hashprice::service::answers {

struct BacktestQuery {
    std::string rule;                ///< of the settings, switched off ones too
    std::optional<UtcSeconds> from;  ///< days that start in [from, to)
    std::optional<UtcSeconds> to;
};

struct Backtest {
    domain::Rule rule;
    std::optional<Day> first;  ///< days looked at, both included; none: there is no history
    std::optional<Day> last;
    std::vector<trend::Event> events;
    std::vector<domain::Episode> declines;  ///< as they stood on the last day
};

/// Every event is decided with the closes up to its own day.
///   errors  no rule of that name -> Errc::not_found, with those there are; an empty range -> usage
Result<Backtest> backtest(storage::Database& db, const std::vector<domain::Rule>& rules,
                          const BacktestQuery& query, UtcSeconds now);
std::string backtest_json(const Backtest& backtest);

}  // namespace hashprice::service::answers
