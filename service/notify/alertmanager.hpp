#pragma once
#include <optional>
#include <string>
#include <vector>

#include "domain/clock.hpp"
#include "service/notify/alerts.hpp"
#include "service/notify/receiver.hpp"

namespace hashprice::service::notify {

struct AlertmanagerOptions {
    std::string url;    ///< its base address
    std::string token;  ///< bearer; empty: none
    AlertScope scope;
};

/// Prometheus' Alertmanager, v2: told the whole state again and again, as Prometheus tells it.
///
///   rule      every minute, and at once when a message comes, what is wrong is sent with an end
///             five minutes ahead: one that is lost, or a daemon that dies, resolves nothing too
///             early and keeps nothing for ever. What is over is sent once with its end
///   outlives  transport and clock must live longer
class Alertmanager final : public Receiver {
public:
    Alertmanager(AlertmanagerOptions options, ingest::HttpTransport& http,
                 const domain::Clock& clock);
    Outcome deliver(const storage::Message& message, bool replay, storage::Database& db,
                    const std::stop_token& stop) override;
    std::optional<Outcome> refresh(storage::Database& db, const std::stop_token& stop) override;

private:
    /// What was sent as firing, and is not in `firing`.
    [[nodiscard]] std::vector<Alert> vanished(const std::vector<Alert>& firing) const;
    Outcome send(const std::vector<Alert>& firing, const std::vector<Alert>& resolved,
                 const std::stop_token& stop);

    AlertmanagerOptions options_;
    ingest::HttpTransport& http_;
    const domain::Clock& clock_;
    std::vector<Alert> sent_;              ///< firing, when last received
    std::optional<milliseconds> sent_at_;  ///< uptime of the last attempt
};

}  // namespace hashprice::service::notify
