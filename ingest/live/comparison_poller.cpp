#include "ingest/live/comparison_poller.hpp"

#include "storage/comparisons.hpp"
#include "storage/observations.hpp"

namespace hashprice::ingest {
namespace {

constexpr seconds kInterval = domain::kHour;
constexpr seconds kAtMostBefore = 10 * domain::kMinute;
// after the first minutes, in which ours comes about
constexpr milliseconds kFirst{150'000};

}  // namespace

ComparisonPoller::ComparisonPoller(const Source& source, std::unique_ptr<HttpTransport> http,
                                   const Surroundings& around)
    : http_(std::move(http)), contact_(source, *http_, kChainBreaker, around), around_(around) {}

milliseconds ComparisonPoller::first_wait() const { return kFirst; }

milliseconds ComparisonPoller::round(const std::stop_token& stop) {
    if (const milliseconds wait = contact_.wait(); wait > milliseconds{0}) return wait;
    std::vector<PublishedHashprice> published;
    UtcSeconds fetched_at{};
    const bool worked = contact_.attempt(
        [&](Visit& visit, Findings&) -> domain::Status {
            auto read = contact_.source().comparison()->published(visit);
            if (!read) return tl::unexpected(read.error());
            published = std::move(*read);
            fetched_at = visit.now;
            return {};
        },
        stop);
    if (stop.stop_requested()) return {};
    // a database that cannot be written is no fault of the source, and told by the writer
    (void)keep(published, fetched_at);
    // a figure of the hour: no hurry after a failure either
    return worked ? jittered(kInterval, contact_.random())
                  : std::max<milliseconds>(contact_.wait(), 5 * domain::kMinute);
}

domain::Status ComparisonPoller::keep(const std::vector<PublishedHashprice>& published,
                                      UtcSeconds fetched_at) {
    return around_.writer.alone([&](storage::Database& db) -> domain::Status {
        for (const PublishedHashprice& theirs : published) {
            const auto ours = storage::observations_before(db, theirs.time, 1);
            if (!ours) return tl::unexpected(ours.error());
            if (ours->empty()) continue;
            const domain::Observation& o = ours->front().observation;
            if (theirs.time - o.time > kAtMostBefore) continue;
            auto kept = storage::note_comparison(db,
                                                 {contact_.source().name(), theirs.time,
                                                  theirs.usd_per_ph_day, o.usd_per_ph_day, o.time},
                                                 fetched_at);
            if (!kept) return kept;
        }
        return {};
    });
}

}  // namespace hashprice::ingest
