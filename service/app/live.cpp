#include "service/app/live.hpp"

#include <algorithm>
#include <random>

#include "ingest/live/routines.hpp"
#include "ingest/transport/conditional.hpp"
#include "service/answers/latest.hpp"
#include "service/answers/source_event.hpp"
#include "service/cli/session.hpp"
#include "service/notify/messages.hpp"
#include "storage/lock_file.hpp"

namespace hashprice::service::app {

using domain::Result;
using domain::Status;

namespace {

/// A transport that spends the hosts' budgets, and asks conditionally where it can.
class PoliteTransport final : public ingest::HttpTransport {
public:
    PoliteTransport(ingest::CurlOptions options, ingest::HostBudgets& budgets)
        : curl_(std::move(options)), conditional_(curl_), polite_(conditional_, budgets) {}
    Result<ingest::HttpResponse> send(const ingest::HttpRequest& request,
                                      const std::stop_token& stop) override {
        return polite_.send(request, stop);
    }

private:
    ingest::CurlTransport curl_;
    ingest::ConditionalTransport conditional_;
    ingest::BudgetedTransport polite_;
};

ingest::LiveOptions live_options(const config::Settings& settings) {
    return {.block_interval = settings.poll.block_interval,
            .max_age = settings.price.max_age,
            .price_sources = settings.price.sources,
            .poll_log = settings.retention.poll_log};
}

http::Counter& requests(http::Registry& metrics, const std::string& source,
                        const std::string& outcome) {
    return metrics.counter("hashprice_source_requests_total",
                           "Times that a source was asked, by what came of it.",
                           {{"source", source}, {"outcome", outcome}});
}

http::Histogram& durations(http::Registry& metrics, const std::string& source) {
    return metrics.histogram("hashprice_source_request_duration_seconds",
                             "From asking a source to having its answer, or none.",
                             http::Histogram::durations_s(), {{"source", source}});
}

}  // namespace

Live::Live(const LiveContext& context, std::unique_ptr<ingest::Roster> roster)
    : context_(context),
      notices_{.observed = [this](const ingest::Derived& d) { tell_observation(d); },
               .asked = [this](const storage::Poll& p) { count_poll(p); },
               .source = [this](const ingest::Change& c) { tell_source(c); },
               .record =
                   [](storage::Database& db, const ingest::Change& c) {
                       return notify::note_source(db, c.name, c.up, c.what, c.at);
                   },
               .role = [this](const storage::RoleChange& c) { tell_role(c); },
               .database = [this](const ingest::Change& c) { tell_database(c); }},
      roster_(std::move(roster)) {}

Live::~Live() {
    for (std::jthread& thread : threads_) thread.request_stop();
    threads_.clear();
}

Result<std::unique_ptr<Live>> Live::start(const LiveContext& context) {
    auto roster = ingest::Roster::make(cli::source_plans(context.settings), context.clock);
    if (!roster) return tl::unexpected(roster.error());
    std::unique_ptr<Live> live(new Live(context, std::move(*roster)));
    const Status opened = live->open_writer();
    if (!opened) return tl::unexpected(opened.error());
    live->expect_polls();
    live->start_routines();
    return live;
}

Status Live::open_writer() {
    auto db = storage::Database::open(context_.settings.database.path, storage::Access::write);
    if (!db) return tl::unexpected(db.error());
    db->keep_free(cli::keep_free(context_.settings));
    const auto derive = ingest::derive_options(*db, cli::price_rules(context_.settings));
    if (!derive) return tl::unexpected(derive.error());
    writer_ = std::make_unique<ingest::Writer>(std::move(*db), *derive, context_.clock, notices_);
    return {};
}

void Live::start_routines() {
    const ingest::CurlOptions curl = cli::curl_options(context_.settings);
    const auto transport = [&]() -> std::unique_ptr<ingest::HttpTransport> {
        return std::make_unique<PoliteTransport>(curl, roster_->budgets());
    };
    if (roster_->chain().empty())
        context_.log->warn("no source for blocks is enabled: the hash price will soon be stale");
    const ingest::Surroundings around{*writer_,
                                      notices_,
                                      roster_->budgets(),
                                      context_.clock,
                                      context_.settings.poll.timeout,
                                      std::random_device{}()};
    routines_ = ingest::live_routines(*roster_, around, live_options(context_.settings), transport);
    for (const auto& routine : routines_) {
        WatchedRoutine& watched = watched_.emplace_back(*routine, context_.clock);
        run_beside([this, &routine = watched](const std::stop_token& stop) {
            ingest::keep_doing(
                routine, context_.clock, [this] { share_budgets(); }, stop);
        });
    }
}

std::chrono::milliseconds Live::lateness() const {
    std::chrono::milliseconds latest{};
    for (const WatchedRoutine& routine : watched_) latest = std::max(latest, routine.late());
    return latest;
}

void Live::run_beside(std::function<void(const std::stop_token&)> work) {
    threads_.emplace_back([work = std::move(work)](const std::stop_token& stop) { work(stop); });
}

/// While a backfill runs beside us, each of the two takes half of what a host allows.
void Live::share_budgets() {
    const bool shared = storage::LockFile::held(context_.settings.database.path, "backfill");
    roster_->budgets().set_share(shared ? 0.5 : 1.0);
}

/// A series that begins with its first failure hides that failure from rate(): so each starts at 0.
void Live::expect_polls() {
    for (const auto& source : roster_->all()) {
        for (const char* outcome :
             {"ok", "stale", "timeout", "network", "http_status", "bad_payload"})
            requests(context_.metrics, source->name(), outcome);
        durations(context_.metrics, source->name());
    }
}

void Live::count_poll(const storage::Poll& poll) {
    requests(context_.metrics, poll.source, poll.outcome).add();
    durations(context_.metrics, poll.source)
        .observe(static_cast<double>(poll.duration_ms) / 1'000.0);
}

void Live::tell_observation(const ingest::Derived& derived) {
    const auto db = context_.connections.lease();
    if (!db) return;
    const config::Settings& settings = context_.settings;
    const auto latest = answers::latest(
        **db, {context_.clock.now(), settings.price.max_age, settings.poll.interval});
    // what changes further back is no news to those who watch the present
    if (!latest || !latest->kept || derived.last < latest->kept->observation.time) return;
    context_.events.publish("observation", "", answers::latest_json(*latest));
}

void Live::tell_source(const ingest::Change& change) {
    if (change.up) {
        context_.log->info("source {} is back after {}", change.name,
                           domain::format_age(change.lasted));
    } else {
        context_.log->warn("source {} cannot be used: {}; it is asked again, less and less often",
                           change.name, change.what);
    }
    context_.events.publish(
        "source", "",
        answers::source_change_json({change.name, change.up, change.what, change.at}));
}

void Live::tell_role(const storage::RoleChange& change) {
    if (change.source.empty()) {
        context_.log->warn("nobody can be asked for {}: {}", change.role, change.reason);
    } else {
        context_.log->info("{} is asked for {} from now on: {}", change.source, change.role,
                           change.reason);
    }
}

void Live::tell_database(const ingest::Change& change) {
    if (change.up) {
        context_.log->info("the database can be written again, after {}",
                           domain::format_age(change.lasted));
    } else {
        context_.log->error("the database cannot be written: {}; polling goes on", change.what);
    }
}

}  // namespace hashprice::service::app
