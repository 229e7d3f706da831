#include "ingest/live/contact.hpp"

#include <algorithm>
#include <array>

#include "ingest/outcome.hpp"
#include "ingest/transport/url.hpp"
#include "storage/cool_downs.hpp"

namespace hashprice::ingest {

using domain::Errc;

namespace {

/// What an attempt came to; who was asked, and when, is still to be said.
storage::Poll poll_of(const domain::Status& asked, const std::string& stale) {
    if (!asked) {
        return {.outcome = std::string(outcome_of(asked.error().code)),
                .detail = asked.error().what};
    }
    return {.outcome = stale.empty() ? "ok" : "stale", .detail = stale};
}

}  // namespace

Contact::Contact(const Source& source, HttpTransport& http, const BreakerPlan& plan,
                 const Surroundings& around)
    : source_(source),
      http_(http),
      around_(around),
      random_(around.seed ^ std::hash<std::string>{}(source.name())),
      host_(host_of(source.base_url())),
      breaker_(plan) {}

bool Contact::attempt(const Ask& ask, const std::stop_token& stop) {
    const auto began = around_.clock.uptime();
    Visit visit{
        .http = http_, .now = around_.clock.now(), .stop = stop, .timeout = around_.timeout};
    Findings found;
    for (domain::FactBatch* batch : {&found.batch, &found.branch}) {
        batch->source = source_.name();
        batch->fetched_at = visit.now;
    }
    const domain::Status asked = ask(visit, found);
    if (!asked && asked.error().code == Errc::stopped) return false;
    found.poll = poll_of(asked, found.stale);
    found.poll.source = source_.name();
    found.poll.started_at = visit.now;
    found.poll.duration_ms = (around_.clock.uptime() - began).count();
    if (!visit.refused_body.empty()) {
        found.batch.refused.push_back({"body", found.poll.detail, visit.refused_body});
    }
    if (around_.notices.asked) around_.notices.asked(found.poll);
    const auto change = change_now(found.poll.detail, visit.now);
    if (asked && found.stale.empty() && !std::exchange(ever_worked_, true)) {
        found.state = Change{.name = source_.name(), .up = true, .at = visit.now};
    }
    if (change) found.state = change;
    take(found);
    if (asked)  // stale is no failure: it answers as it should, and is asked on as usual
        breaker_.worked();
    else
        failed(visit, asked.error());
    if (change && around_.notices.source) around_.notices.source(*change);
    return asked.has_value();
}

/// A database that cannot be written is no fault of the source: the writer speaks about that.
void Contact::take(Findings& found) {
    if (!found.state) found.state = unrecorded_;
    const auto taken = around_.writer.take(found);
    unrecorded_ = taken ? std::nullopt : found.state;
}

milliseconds Contact::wait() const {
    return std::max(breaker_.wait(around_.clock.uptime()), host_wait());
}

milliseconds Contact::host_wait() const {
    const UtcSeconds now = around_.clock.now();
    const auto kept = around_.writer.alone(
        [&](storage::Database& db) { return storage::cool_down_of(db, host_, now); });
    if (!kept || !*kept) return {};  // a database that cannot be read stops nobody from asking
    return (*kept)->until - now;
}

void Contact::failed(const Visit& visit, const domain::Error& error) {
    const Setback setback = setback_of(visit);
    breaker_.failed(around_.clock.uptime(), setback, random_);
    if (std::max(setback.ban, setback.asked) > milliseconds{0}) {
        const auto hold = std::chrono::ceil<seconds>(breaker_.wait(around_.clock.uptime()));
        // others who ask this host wait as well: in this process, and in any other
        if (Budget* budget = around_.budgets.find(source_.base_url())) budget->hold_for(hold);
        (void)around_.writer.alone([&](storage::Database& db) {
            return storage::note_cool_down(db, {host_, visit.now + hold, error.what}, visit.now);
        });
    }
}

std::optional<Change> Contact::change_now(const std::string& trouble, UtcSeconds now) {
    trouble_ = trouble;
    const auto uptime = around_.clock.uptime();
    if (!trouble.empty()) {
        if (!outage_.failed(uptime)) return std::nullopt;
        return Change{.name = source_.name(), .up = false, .what = trouble, .at = now};
    }
    const auto lasted = outage_.worked(uptime);
    if (!lasted) return std::nullopt;
    return Change{.name = source_.name(),
                  .up = true,
                  .at = around_.clock.now(),
                  .lasted = std::chrono::floor<seconds>(*lasted)};
}

}  // namespace hashprice::ingest
