#include "ingest/backfill/asker.hpp"

#include <fmt/format.h>

#include "ingest/outcome.hpp"
#include "ingest/transport/url.hpp"
#include "storage/cool_downs.hpp"

namespace hashprice::ingest {

using domain::Errc;
using domain::Error;
using std::chrono::milliseconds;

namespace {

constexpr int kTries = 4;
constexpr int kTriesOfRefused = 2;  // a body that arrived damaged; a wrong one stays wrong
constexpr int kPatience = 2;        // questions in a row that failed in spite of all tries
constexpr BackoffPlan kPauses{milliseconds{1'000}, milliseconds{30'000}};
constexpr domain::seconds kAskedTooOften{60};
constexpr domain::seconds kLongestHold{300};  // whoever asks for more is left for a later run

bool asked_too_often(const Visit& visit) {
    return visit.status == 429 || visit.status == 403 || visit.status == 418;
}

int tries_for(const Error& error, const Visit& visit) {
    switch (error.code) {
        case Errc::timeout:
        case Errc::network:
            return kTries;
        case Errc::http_status:
            return visit.status >= 500 || visit.status == 408 ? kTries
                   : asked_too_often(visit)                   ? 2
                                                              : 1;
        case Errc::bad_payload:
        case Errc::out_of_range:
            return kTriesOfRefused;
        default:
            return 1;
    }
}

}  // namespace

domain::Status Asker::may_ask(const Source& source) {
    if (stopped()) return domain::fail(Errc::stopped, "stopped");
    const auto found = given_up_.find(source.name());
    if (found == given_up_.end()) return wait_out(source);
    return tl::unexpected(found->second);
}

domain::Status Asker::wait_out(const Source& source) {
    const auto kept = [&] {
        const std::lock_guard lock(around_.db_m);
        return storage::cool_down_of(around_.db, host_of(source.base_url()), now());
    }();
    if (!kept) return tl::unexpected(kept.error());
    if (!*kept) return {};
    const domain::seconds left = (*kept)->until - now();
    if (left <= kLongestHold) {
        if (around_.clock.sleep_for(left, around_.stop)) return {};
        return domain::fail(Errc::stopped, "stopped");
    }
    Error error{Errc::http_status,
                fmt::format("{} is left alone until {}: {}", (*kept)->host,
                            domain::format_time((*kept)->until), (*kept)->reason)};
    given_up_.emplace(source.name(), error);
    return tl::unexpected(std::move(error));
}

domain::Result<HttpResponse> Stopwatch::send(const HttpRequest& request,
                                             const std::stop_token& stop) {
    const auto started = clock_.uptime();
    auto answer = below_.send(request, stop);
    took_ += clock_.uptime() - started;
    return answer;
}

void Asker::note(const Source& source, const Visit& visit, const Error* error) {
    const milliseconds took = stopwatch_.take();
    if (visit.requests == 0) return;  // stopped before its turn came, or asked what is not offered
    if (around_.asked) around_.asked(visit.requests);
    if (error != nullptr && error->code == Errc::stopped) return;
    storage::Poll poll{
        .source = source.name(), .started_at = visit.now, .duration_ms = took.count()};
    if (error != nullptr) {
        poll.outcome = outcome_of(error->code);
        poll.detail = error->what;
    }
    polls_.push_back(std::move(poll));
    if (error != nullptr && !visit.refused_body.empty()) {
        refused_[source.name()].push_back({"body", error->what, visit.refused_body});
    }
    if (error == nullptr) failures_.erase(source.name());
}

void Asker::count_failure(const Source& source, const Error& error) {
    if (error.code == Errc::usage) return;
    if (++failures_[source.name()] >= kPatience) given_up_.emplace(source.name(), error);
}

bool Asker::wait_for_retry(const Source& source, const Visit& visit, const Error& error,
                           int tries) {
    if (error.code == Errc::stopped) return false;
    const domain::seconds hold =
        visit.retry_after.value_or(asked_too_often(visit) ? kAskedTooOften : domain::seconds{0});
    if (hold > domain::seconds{0}) {
        const std::lock_guard lock(around_.db_m);
        // no harm when it cannot be kept: this run holds to it all the same
        (void)storage::note_cool_down(
            around_.db, {host_of(source.base_url()), visit.now + hold, error.what}, visit.now);
    }
    if (hold > kLongestHold) {
        given_up_.emplace(source.name(), error);
        return false;
    }
    if (Budget* budget = around_.budgets.find(source.base_url()); budget != nullptr) {
        budget->hold_for(hold);
    }
    if (tries >= tries_for(error, visit)) {
        count_failure(source, error);
        return false;
    }
    return around_.clock.sleep_for(backoff_delay(kPauses, tries, random_), around_.stop);
}

}  // namespace hashprice::ingest
