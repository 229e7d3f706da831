#include "ingest/live/contact.hpp"

#include <algorithm>
#include <array>

#include "ingest/outcome.hpp"
#include "ingest/transport/url.hpp"
#include "storage/cool_downs.hpp"

namespace hashprice::ingest {

using domain::Errc;

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
    found.poll = {.source = source_.name(),
                  .started_at = visit.now,
                  .duration_ms = (around_.clock.uptime() - began).count(),
                  .outcome = std::string(asked ? "ok" : outcome_of(asked.error().code)),
                  .detail = asked ? std::string{} : asked.error().what};
    if (asked && !found.stale.empty()) {
        found.poll.outcome = "stale";
        found.poll.detail = found.stale;
    }
    if (!visit.refused_body.empty()) {
        found.batch.refused.push_back({"body", found.poll.detail, visit.refused_body});
    }
    if (around_.notices.asked) around_.notices.asked(found.poll);
    // a database that cannot be written is no fault of the source: the writer speaks about that
    (void)around_.writer.take(found);
    if (!asked) {
        failed(visit, asked.error());
    } else if (found.stale.empty()) {
        worked();
    } else {  // it answers as it should, but not with news: asked on as usual
        breaker_.worked();
        say_down(visit, found.stale);
    }
    return asked.has_value();
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
    say_down(visit, error.what);
}

void Contact::say_down(const Visit& visit, const std::string& why) {
    trouble_ = why;
    const bool begins = outage_.failed(around_.clock.uptime());
    if (!begins || !around_.notices.source) return;
    around_.notices.source({.name = source_.name(), .up = false, .what = why, .at = visit.now});
}

void Contact::worked() {
    breaker_.worked();
    trouble_.clear();
    const auto lasted = outage_.worked(around_.clock.uptime());
    if (!lasted || !around_.notices.source) return;
    around_.notices.source({.name = source_.name(),
                            .up = true,
                            .what = {},
                            .at = around_.clock.now(),
                            .lasted = std::chrono::floor<seconds>(*lasted)});
}

}  // namespace hashprice::ingest
