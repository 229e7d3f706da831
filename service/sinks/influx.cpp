#include "service/sinks/influx.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "ingest/transport/backoff.hpp"
#include "ingest/transport/retry_after.hpp"
#include "service/answers/export.hpp"
#include "service/answers/gzip.hpp"
#include "storage/observations.hpp"

namespace hashprice::service::sinks {
namespace {

using domain::Errc;
using domain::fail;

constexpr milliseconds kLookEvery{1'000};
constexpr milliseconds kTimeout{30'000};
constexpr std::size_t kLargestAnswer = 64U << 10U;
constexpr int kFewest = 100;  // points in a batch that no store finds too large
constexpr int kGzipLevel = 4;
constexpr std::int64_t kMostRevisions = 999;  // milliseconds of a second
constexpr ingest::BackoffPlan kBackoff{milliseconds{2'000}, milliseconds{300'000}};

using Revisions = std::map<domain::UtcSeconds, std::int64_t>;

/// The beginning of what the store says about it, on one line.
std::string excerpt(const std::string& body) {
    std::string text = body.substr(0, 200);
    std::ranges::replace_if(
        text, [](unsigned char c) { return c < 0x20 || c > 0x7e; }, ' ');
    return text.empty() ? text : ": " + text;
}

}  // namespace

Influx::Influx(Options options, ingest::HttpTransport& http, domain::Clock& clock, Say say)
    : options_(std::move(options)),
      http_(http),
      clock_(clock),
      say_(std::move(say)),
      random_(options_.seed ^ std::hash<std::string>{}(options_.name)),
      most_(options_.most) {}

void Influx::run(const std::stop_token& stop) {
    milliseconds wait{0};
    while (clock_.sleep_for(wait, stop)) wait = round(stop);
}

milliseconds Influx::round(const std::stop_token& stop) {
    wait_ = kLookEvery;
    while (!stop.stop_requested()) {
        const auto more = send_next(stop);
        if (!more) {
            ++failures_;
            note(more.error().what);
            return std::max(wait_, ingest::backoff_delay(kBackoff, failures_, random_));
        }
        if (!*more) break;
    }
    return wait_;
}

Result<bool> Influx::send_next(const std::stop_token& stop) {
    if (!db_) {
        auto opened = storage::Database::open(options_.database, storage::Access::write);
        if (!opened) return tl::unexpected(opened.error());
        db_.emplace(std::move(*opened));
    }
    const auto part = storage::take_part(*db_, options_.name, most_);
    if (!part) return tl::unexpected(part.error());
    if (!*part) return false;
    const auto sent = send(**part, stop);
    if (sent && !sent->too_large) {
        const Status done = arrived(**part, sent->points);
        if (!done) return tl::unexpected(done.error());
        return true;
    }
    if (sent) most_ = std::max(most_ / 2, kFewest);
    const std::string why = sent ? "the batch is too large" : sent.error().what;
    const Status owed = storage::part_failed(*db_, options_.name, **part, why);
    if (!owed) return tl::unexpected(owed.error());
    if (sent || sent.error().code == Errc::stopped) return sent.has_value();
    return tl::unexpected(sent.error());
}

Status Influx::arrived(const storage::SinkPart& part, std::int64_t points) {
    Status done = storage::part_sent(*db_, options_.name, part, points, clock_.now());
    if (!done || points == 0) return done;  // a part without points was not sent to anybody
    failures_ = 0;
    note("");
    return done;
}

Result<std::string> Influx::lines_of(const storage::SinkPart& part, std::int64_t& points) {
    const auto observations = storage::observations_between(*db_, part.from, part.to);
    const auto revisions = options_.by_version
                               ? storage::revisions_between(*db_, part.from, part.to)
                               : Result<Revisions>{};
    if (const auto good = domain::all_good(observations, revisions); !good)
        return tl::unexpected(good.error());
    std::string lines;
    for (const storage::KeptObservation& kept : *observations) {
        std::int64_t ms = domain::unix_s(kept.observation.time) * 1000;
        if (options_.by_version) {
            const auto revised = revisions->find(kept.observation.time);
            ms -= kMostRevisions;
            if (revised != revisions->end()) ms += std::min(revised->second, kMostRevisions);
        }
        lines += answers::influx_line(kept.observation, ms * 1'000'000);
    }
    points = static_cast<std::int64_t>(observations->size());
    return lines;
}

Result<Influx::Sent> Influx::send(const storage::SinkPart& part, const std::stop_token& stop) {
    Sent sent;
    const auto lines = lines_of(part, sent.points);
    if (!lines) return tl::unexpected(lines.error());
    if (sent.points == 0) return sent;
    auto body = answers::gzip(*lines, kGzipLevel);
    if (!body) return tl::unexpected(body.error());
    ingest::HttpRequest request{
        .method = ingest::HttpMethod::post,
        .url = options_.url,
        .headers = {{"Content-Type", "text/plain; charset=utf-8"}, {"Content-Encoding", "gzip"}},
        .body = std::move(*body),
        .timeout = kTimeout,
        .max_bytes = kLargestAnswer};
    if (!options_.token.empty()) {
        request.headers.emplace_back("Authorization",
                                     fmt::format("{} {}", options_.scheme, options_.token));
    }
    const auto answer = http_.send(request, stop);
    if (!answer) return tl::unexpected(answer.error());
    if (answer->status >= 200 && answer->status < 300) return sent;
    sent.too_large = answer->status == 413 && most_ > kFewest;
    if (sent.too_large) return sent;
    if (const auto asked = answer->headers.find("retry-after"); asked != answer->headers.end()) {
        const auto wait = ingest::parse_retry_after(asked->second, clock_.now());
        if (wait) wait_ = std::min<milliseconds>(*wait, domain::kHour);
    }
    return fail(Errc::http_status,
                fmt::format("it answered {}{}", answer->status, excerpt(answer->body)));
}

/// A line in the log when it begins to fail, and one when that is over.
void Influx::note(const std::string& error) {
    if (error.empty() == trouble_.empty()) return;
    trouble_ = error;
    if (!say_) return;
    if (error.empty())
        say_(false, "it takes points again");
    else
        say_(true, error + "; it is tried again, less and less often, and nothing is lost");
}

}  // namespace hashprice::service::sinks
