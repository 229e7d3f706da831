#pragma once
#include <optional>
#include <string>
#include <vector>

#include "storage/database.hpp"

/// The poll log and what is quarantined: outcomes are facts too.
namespace hashprice::storage {

struct Poll {
    std::string source;
    UtcSeconds started_at;
    std::int64_t duration_ms{};
    std::string outcome =
        "ok";  ///< ok, or the kind of failure: timeout, network, http_status, bad_payload, ...
    std::string detail;  ///< the error's one line
    std::int64_t facts_new{};
};

Status log_poll(Database& db, const Poll& poll);
/// Forgets what is older; returns how many.
Result<std::int64_t> forget_polls_before(Database& db, UtcSeconds t);

struct SourceHealth {
    std::string name;
    std::optional<UtcSeconds> last_success;
    std::optional<UtcSeconds> last_failure;
    std::string last_error;
    std::int64_t last_duration_ms{};
    std::int64_t polls_ok{};
    std::int64_t polls_failed{};
    std::int64_t quarantined{};
};
/// Every source that was ever asked or said something, by name.
Result<std::vector<SourceHealth>> source_health(Database& db);

struct Counts {
    std::int64_t blocks{};
    std::int64_t prices{};
    std::int64_t fee_means{};
    std::int64_t epochs{};
    std::int64_t aside{};
    std::int64_t quarantined{};
    std::int64_t observations{};
    std::int64_t superseded{};
};
/// Reads every page of the large tables: for people, not for each start.
Result<Counts> counts(Database& db);
/// Is there a single block, price, fee mean or epoch? One look, however many there are.
Result<bool> has_facts(Database& db);

}  // namespace hashprice::storage
