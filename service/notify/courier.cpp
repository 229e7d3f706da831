#include "service/notify/courier.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "ingest/transport/backoff.hpp"
#include "service/answers/declines.hpp"
#include "service/notify/messages.hpp"

namespace hashprice::service::notify {
namespace {

constexpr milliseconds kLookEvery{1'000};
constexpr milliseconds kAfterTrouble{10'000};  // when the database does not play along
constexpr milliseconds kRemindEvery{60'000};
constexpr ingest::BackoffPlan kBackoff{milliseconds{2'000}, milliseconds{600'000}};
constexpr std::int64_t kRefusals = 5;  // of one message, before the others get their turn

bool goes_on(const domain::Episode& e) {
    return e.state == domain::EpisodeState::active || e.state == domain::EpisodeState::recovering;
}

}  // namespace

Courier::Courier(Options options, Receiver& receiver, domain::Clock& clock, Say say)
    : options_(std::move(options)),
      receiver_(receiver),
      clock_(clock),
      say_(std::move(say)),
      random_(options_.seed ^ std::hash<std::string>{}(options_.name)) {}

void Courier::run(const std::stop_token& stop) {
    milliseconds wait{0};
    while (clock_.sleep_for(wait, stop)) wait = round(stop);
}

milliseconds Courier::round(const std::stop_token& stop) {
    const Status looked = look(stop);
    if (std::exchange(stuck_, !looked) == looked.has_value() && say_) {
        if (looked)
            say_(false, "the outbox can be used again");
        else
            say_(true, "the outbox: " + looked.error().what);
    }
    return looked ? kLookEvery : kAfterTrouble;
}

Status Courier::look(const std::stop_token& stop) {
    if (!db_) {
        auto opened = storage::Database::open(options_.database, storage::Access::write);
        if (!opened) return tl::unexpected(opened.error());
        db_.emplace(std::move(*opened));
    }
    const auto handed = storage::hand_out(
        *db_, options_.name,
        [&](const storage::Message& m) {
            return options_.filter.wants(m.kind, m.severity, m.rule);
        },
        clock_.now());
    if (!handed) return tl::unexpected(handed.error());
    if (Status reminded = remind(); !reminded) return reminded;
    if (Status worked = work_off(stop); !worked) return worked;
    return refresh(stop);
}

Status Courier::work_off(const std::stop_token& stop) {
    if (Status written = write_down(); !written) return written;
    while (!stop.stop_requested()) {
        const auto next = storage::next_delivery(*db_, options_.name);
        if (!next) return tl::unexpected(next.error());
        if (!*next || (*next)->next_try > clock_.now()) break;
        const auto received = attempt(**next, stop);
        if (!received) return tl::unexpected(received.error());
        if (!*received) break;
        if (Status written = write_down(); !written) return written;
    }
    return {};
}

/// As long as that fails nothing is sent: not the next, and not the same again.
Status Courier::write_down() {
    if (!unwritten_) return {};
    Status written = storage::delivered(*db_, *unwritten_, clock_.now());
    if (written) unwritten_.reset();
    return written;
}

Result<bool> Courier::attempt(const storage::Delivery& delivery, const std::stop_token& stop) {
    const Outcome outcome = receiver_.deliver(delivery.message, delivery.replay, *db_, stop);
    if (outcome.stopped) return false;
    if (!outcome.received) return failed(delivery, outcome).map([] { return false; });
    failures_ = 0;
    note("");
    unwritten_ = delivery;
    return true;
}

Status Courier::failed(const storage::Delivery& delivery, const Outcome& outcome) {
    ++failures_;
    const UtcSeconds now = clock_.now();
    const auto wait = std::max(
        std::chrono::ceil<domain::seconds>(ingest::backoff_delay(kBackoff, failures_, random_)),
        std::min(outcome.wait.value_or(domain::seconds{1}), domain::kHour));
    const bool too_old = now - delivery.queued_at >= options_.give_up_after;
    const bool refused = outcome.refused && delivery.attempts + 1 >= kRefusals;
    note(outcome.error);
    if ((too_old || refused) && say_) {
        say_(true, fmt::format("{} is given up after {} attempts ({}); `hashprice outbox` lists it",
                               delivery.message.event, delivery.attempts + 1, outcome.error));
    }
    return storage::not_delivered(*db_, delivery, {outcome.error, now + wait, too_old || refused});
}

/// A line in the log when it begins to fail, and one when that is over.
void Courier::note(const std::string& error) {
    if (error.empty() == trouble_.empty()) return;
    trouble_ = error;
    if (!say_) return;
    if (error.empty())
        say_(false, "it can be reached again");
    else
        say_(true, error + "; it is tried again, less and less often, and nothing is lost");
}

Status Courier::refresh(const std::stop_token& stop) {
    const auto outcome = receiver_.refresh(*db_, stop);
    if (!outcome || outcome->stopped) return {};
    note(outcome->error);
    return storage::note_receiver(*db_, options_.name, outcome->error, clock_.now());
}

Status Courier::remind() {
    if (options_.repeat_interval == domain::seconds{0}) return {};
    if (reminded_ && clock_.uptime() - *reminded_ < kRemindEvery) return {};
    reminded_ = clock_.uptime();
    const auto waiting = storage::next_delivery(*db_, options_.name);
    if (!waiting) return tl::unexpected(waiting.error());
    if (*waiting) return {};  // what has not been told once is not told twice
    const auto episodes = storage::stored_episodes(*db_);
    if (!episodes) return tl::unexpected(episodes.error());
    for (const domain::Episode& e : *episodes) {
        if (!goes_on(e) || !options_.filter.wants("episode", e.severity, e.rule)) continue;
        if (Status done = remind_of(e); !done) return done;
    }
    return {};
}

Status Courier::remind_of(const domain::Episode& e) {
    const auto told = storage::told_at(*db_, options_.name, e.id);
    if (!told) return tl::unexpected(told.error());
    const UtcSeconds now = clock_.now();
    if (!*told || now - **told < options_.repeat_interval) return {};
    const auto decline = answers::decline(*db_, options_.rules, e.id, now);
    if (!decline) {  // its rule is switched off: nobody follows it any more
        return decline.error().code == domain::Errc::not_found ? Status{}
                                                               : tl::unexpected(decline.error());
    }
    return storage::in_transaction(*db_, [&]() -> Status {
        return add_reminder(*db_, *decline, **told + options_.repeat_interval, now)
            .and_then([&](std::int64_t id) {
                return storage::queue(*db_, options_.name, id, false, now);
            });
    });
}

}  // namespace hashprice::service::notify
