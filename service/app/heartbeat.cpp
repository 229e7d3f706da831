#include "service/app/heartbeat.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "ingest/transport/curl_transport.hpp"
#include "storage/observations.hpp"

namespace hashprice::service::app {

using domain::Result;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds kWithoutWatchdog{30'000};
constexpr milliseconds kPatience{5'000};  // a server that works answers within milliseconds

domain::Status answers_itself(const std::string& url) {
    ingest::CurlTransport transport({.user_agent = "hashprice-watchdog"});
    const auto answer =
        transport.send({.url = url + "healthz", .timeout = kPatience, .max_bytes = 4096}, {});
    if (!answer) return tl::unexpected(answer.error());
    if (answer->status == 200) return {};
    return domain::fail(domain::Errc::http_status,
                        fmt::format("{}healthz answers {}", url, answer->status));
}

Result<std::string> newest(const std::filesystem::path& database) {
    auto db = storage::Database::open(database, storage::Access::read);
    if (!db) return tl::unexpected(db.error());
    const auto latest = storage::latest_observation(*db);
    if (!latest) return tl::unexpected(latest.error());
    if (!*latest) return std::string("no hash price yet");
    const domain::Observation& o = (*latest)->observation;
    return fmt::format("{:.2f} USD per PH/s and day at {}", o.usd_per_ph_day,
                       domain::format_time(o.time));
}

}  // namespace

Heartbeat::Heartbeat(Options options, domain::Clock& clock, std::shared_ptr<spdlog::logger> log)
    : options_(std::move(options)),
      clock_(clock),
      log_(std::move(log)),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

void Heartbeat::run(const std::stop_token& stop) {
    bool worked = true;
    while (!stop.stop_requested()) {
        const auto proof = options_.proof();
        if (stop.stop_requested()) return;
        if (proof) {
            if (!worked) log_->info("the daemon works again");
            options_.beat(*proof);
        } else if (worked) {
            log_->error("the daemon does not work, and the watchdog is not told that it does: {}",
                        proof.error().what);
        }
        worked = proof.has_value();
        if (!clock_.sleep_for(options_.period, stop)) return;
    }
}

milliseconds heartbeat_period(milliseconds watchdog) {
    if (watchdog <= milliseconds{0}) return kWithoutWatchdog;
    return std::clamp(watchdog / 3, milliseconds{50}, kWithoutWatchdog);
}

Result<std::string> vital_signs(const std::string& url, const std::filesystem::path& database) {
    if (const auto serves = answers_itself(url); !serves) return tl::unexpected(serves.error());
    return newest(database).map(
        [&](const std::string& value) { return fmt::format("serves {}; {}", url, value); });
}

}  // namespace hashprice::service::app
