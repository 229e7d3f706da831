#pragma once
#include <string>
#include <utility>
#include <vector>

#include "service/answers/json.hpp"
#include "service/notify/filter.hpp"
#include "storage/outbox.hpp"

/// What is wrong right now, as Prometheus' Alertmanager speaks of it.
namespace hashprice::service::notify {

using Pairs = std::vector<std::pair<std::string, std::string>>;

/// Labels are what it is, and do not change while it goes on (but for the severity, by which it is
/// routed); annotations are the figures, and do.
struct Alert {
    Pairs labels;
    Pairs annotations;
    domain::UtcSeconds starts;
};

/// Whose alerts they are.
struct AlertScope {
    Filter filter;
    std::vector<std::string> fleets;
};

/// Episodes that are active or recovering, fleets under water, sources that cannot be used, data
/// that are not fresh.   errors  SQLite's -> Errc::database
domain::Result<std::vector<Alert>> alerts_now(storage::Database& db, const AlertScope& scope);

/// The alert that a message says is over, so that it is resolved even if we do not remember that it
/// was sent; none: the message says something else.   errors  as above
domain::Result<std::vector<Alert>> resolved_by(storage::Database& db,
                                               const storage::Message& message);

/// The body of POST /api/v2/alerts: `firing` until `until`, `resolved` ended `now`.
///   source  Alertmanager's api/v2/openapi.yaml, postableAlerts
std::string alerts_json(const std::vector<Alert>& firing, domain::UtcSeconds until,
                        const std::vector<Alert>& resolved, domain::UtcSeconds now);

}  // namespace hashprice::service::notify
