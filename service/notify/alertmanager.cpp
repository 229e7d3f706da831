#include "service/notify/alertmanager.hpp"

#include <algorithm>

#include "ingest/transport/url.hpp"
#include "service/notify/messages.hpp"

namespace hashprice::service::notify {
namespace {

constexpr milliseconds kAgain{60'000};
constexpr domain::seconds kHolds{300};

bool among(const Alert& wanted, const std::vector<Alert>& all) {
    return std::ranges::any_of(all, [&](const Alert& a) { return a.labels == wanted.labels; });
}

Outcome trouble(const domain::Error& error) { return {.error = error.what}; }

}  // namespace

Alertmanager::Alertmanager(AlertmanagerOptions options, ingest::HttpTransport& http,
                           const domain::Clock& clock)
    : options_(std::move(options)), http_(http), clock_(clock) {}

Outcome Alertmanager::deliver(const storage::Message& message, bool /*replay*/,
                              storage::Database& db, const std::stop_token& stop) {
    if (message.kind == "test") {
        const Alert test{{{"alertname", "HashpriceTest"}, {"severity", "notice"}},
                         {{"summary", "A test"}, {"description", message.sentence}},
                         message.at};
        return send({test}, {}, stop);
    }
    const auto firing = alerts_now(db, options_.scope);
    auto over = resolved_by(db, message);
    if (const Status good = domain::all_good(firing, over); !good) return trouble(good.error());
    std::erase_if(*over, [&](const Alert& a) { return among(a, *firing); });
    for (Alert& alert : vanished(*firing)) {
        if (!among(alert, *over)) over->push_back(std::move(alert));
    }
    return send(*firing, *over, stop);
}

std::optional<Outcome> Alertmanager::refresh(storage::Database& db, const std::stop_token& stop) {
    if (sent_at_ && clock_.uptime() - *sent_at_ < kAgain) return std::nullopt;
    const auto firing = alerts_now(db, options_.scope);
    if (!firing) return trouble(firing.error());
    const auto over = vanished(*firing);
    if (firing->empty() && over.empty()) return std::nullopt;
    return send(*firing, over, stop);
}

std::vector<Alert> Alertmanager::vanished(const std::vector<Alert>& firing) const {
    std::vector<Alert> gone;
    std::ranges::copy_if(sent_, std::back_inserter(gone),
                         [&](const Alert& a) { return !among(a, firing); });
    return gone;
}

Outcome Alertmanager::send(const std::vector<Alert>& firing, const std::vector<Alert>& resolved,
                           const std::stop_token& stop) {
    sent_at_ = clock_.uptime();
    if (firing.empty() && resolved.empty()) return {.received = true};
    const UtcSeconds now = clock_.now();
    ingest::HttpRequest request{.method = ingest::HttpMethod::post,
                                .url = ingest::join_url(options_.url, "/api/v2/alerts"),
                                .headers = {{"Content-Type", "application/json"}},
                                .body = alerts_json(firing, now + kHolds, resolved, now),
                                .timeout = kTimeout,
                                .max_bytes = kLargestAnswer};
    if (!options_.token.empty())
        request.headers.emplace_back("Authorization", "Bearer " + options_.token);
    Outcome outcome = outcome_of(http_.send(request, stop), now);
    if (outcome.received) sent_ = firing;
    return outcome;
}

}  // namespace hashprice::service::notify
