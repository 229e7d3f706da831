#include "ingest/live/writer.hpp"

#include "ingest/live/pace.hpp"

namespace hashprice::ingest {

using domain::Result;
using domain::Status;

namespace {
const std::string kHorizon = "live_horizon_s";  // in meta: up to where the grid is derived
}

Writer::Writer(storage::Database db, const DeriveOptions& options, const domain::Clock& clock,
               const Notices& notices)
    : clock_(clock),
      notices_(notices),
      db_(std::move(db)),
      collector_(db_, options),
      horizon_(first_horizon(clock.now())) {}

/// Where the last run's grid ended: of what came in after it not every instant is derived.
UtcSeconds Writer::first_horizon(UtcSeconds now) {
    const UtcSeconds due = grid_floor(now - grid_lag(grid()), grid());
    const std::string kept = storage::meta(db_, kHorizon).value_or("");
    const auto before = domain::parse_time(kept, now);
    return before ? std::min(before->at, due) : due;
}

Result<Taken> Writer::take(const Findings& found) {
    const UtcSeconds now = clock_.now();
    auto taken = alone([&](storage::Database& db) {
        return collector_.take_both(found.batch, found.branch, horizon_, now,
                                    [&](const Taken& t) -> Status {
                                        storage::Poll poll = found.poll;
                                        poll.facts_new = t.recorded.added + t.recorded.revised;
                                        Status logged = storage::log_poll(db, poll);
                                        if (!logged || !found.state || !notices_.record)
                                            return logged;
                                        return notices_.record(db, *found.state);
                                    });
    });
    tell(taken.map([](const Taken&) {}), taken ? taken->derived : Derived{});
    return taken;
}

Result<Derived> Writer::advance(UtcSeconds now) {
    auto derived = alone([&](storage::Database&) -> Result<Derived> {
        // a clock that was set back takes the horizon with it: nothing is derived ahead of time
        const UtcSeconds due = grid_floor(now - grid_lag(grid()), grid());
        if (due <= horizon_) {
            horizon_ = due;
            return Derived{};
        }
        auto done = collector_.recompute(horizon_, due, now);
        if (!done) return done;
        horizon_ = due;
        const Status kept = storage::set_meta(db_, kHorizon, std::to_string(domain::unix_s(due)));
        if (!kept) return tl::unexpected(kept.error());
        return done;
    });
    tell(derived.map([](const Derived&) {}), derived.value_or(Derived{}));
    return derived;
}

Status Writer::forget_polls_before(UtcSeconds t) {
    return alone([&](storage::Database& db) {
        return storage::forget_polls_before(db, t).map([](std::int64_t) {});
    });
}

void Writer::tell(const Status& written, const Derived& derived) {
    if (written && derived.changed > 0 && notices_.observed) notices_.observed(derived);
    const auto uptime = clock_.uptime();
    Change change{.name = "database", .up = written.has_value(), .at = clock_.now()};
    {
        const std::lock_guard lock(outage_m_);
        if (written) {
            const auto lasted = outage_.worked(uptime);
            if (!lasted) return;
            change.lasted = std::chrono::floor<seconds>(*lasted);
        } else {
            if (!outage_.failed(uptime)) return;
            change.what = written.error().what;
        }
    }
    if (notices_.database) notices_.database(change);
}

}  // namespace hashprice::ingest
