#include "service/app/trend_watch.hpp"

#include "service/answers/decline_json.hpp"
#include "service/app/herald.hpp"
#include "service/notify/messages.hpp"

namespace hashprice::service::app {
namespace {

constexpr domain::seconds kLookEvery{60};
constexpr std::chrono::minutes kHeldFor{5};  // before stale, or fresh, is said

std::string event_json(const storage::EpisodeChange& c) {
    using answers::put;
    return answers::json_text([&](answers::Json& json) {
        answers::object(json, [&] {
            answers::put_day(json, c.day);
            put(json, "event", c.kind);
            put(json, "decline", c.episode);
            put(json, "rule", c.rule);
            put(json, "state", state_name(c.state));
            put(json, "severity", severity_name(c.severity));
            put(json, "value", c.value);
            put(json, "drawdown", c.drawdown);
            answers::put_time(json, "recorded_at", c.recorded_at);
        });
    });
}

}  // namespace

TrendWatch::TrendWatch(Options options, domain::Clock& clock, http::EventHub& events,
                       std::shared_ptr<spdlog::logger> log)
    : options_(std::move(options)),
      clock_(clock),
      events_(events),
      log_(std::move(log)),
      judge_(options_.rules),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

void TrendWatch::run(const std::stop_token& stop) {
    do {
        if (const auto done = look(); !done) log_->warn("trend: {}", done.error().what);
    } while (clock_.sleep_for(kLookEvery, stop));
}

domain::Status TrendWatch::look() {
    if (!db_) {
        auto opened = storage::Database::open(options_.database, storage::Access::write);
        if (!opened) return tl::unexpected(opened.error());
        opened->keep_free(options_.keep_free);
        db_.emplace(std::move(*opened));
    }
    domain::Status judged = judge_days();
    return judged ? look_whether_fresh() : judged;
}

domain::Status TrendWatch::judge_days() {
    const domain::UtcSeconds now = clock_.now();
    auto history = judge::history_of(*db_, now);
    if (!history) return tl::unexpected(history.error());
    if (judged_ == *history) return {};
    judge_.follow(*history);
    const auto changes = judge::store(*db_, {*history, judge_.verdicts(), options_.fleets}, now,
                                      herald_for(*history, now));
    if (!changes) return tl::unexpected(changes.error());
    const bool first = !judged_.has_value();
    judged_ = std::move(*history);
    if (first) {  // what was there when the daemon came is no news
        log_->info("trend: {} rules followed, {} changes recorded", options_.rules.size(),
                   changes->size());
        return {};
    }
    for (const storage::EpisodeChange& change : *changes) tell(change);
    return {};
}

domain::Status TrendWatch::look_whether_fresh() {
    if (!options_.freshness) return {};
    answers::Freshness freshness = *options_.freshness;
    freshness.now = clock_.now();
    const auto latest = answers::latest(*db_, freshness);
    if (!latest) return tl::unexpected(latest.error());
    if (!turn_ || turn_->fresh == latest->stale) turn_ = Turn{!latest->stale, clock_.uptime()};
    if (clock_.uptime() - turn_->since < kHeldFor) return {};
    return storage::in_transaction(*db_, [&] {
        return notify::note_readiness(*db_, turn_->fresh, latest->stale_reason, freshness.now);
    });
}

void TrendWatch::tell(const storage::EpisodeChange& change) {
    log_->info("trend: {} is {} ({}) as of {}", change.episode, change.kind,
               severity_name(change.severity), domain::format_date(change.day));
    events_.publish("episode", {}, event_json(change));
}

}  // namespace hashprice::service::app
