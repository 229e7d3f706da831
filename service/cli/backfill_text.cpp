#include "service/cli/backfill_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "service/answers/json.hpp"
#include "service/cli/text.hpp"

namespace hashprice::service::cli {
namespace {

using answers::array;
using answers::Json;
using answers::json_text;
using answers::object;
using answers::put;
using answers::put_time;
using domain::format_date;
using domain::format_time;

domain::seconds time_of(const ingest::HostPlan& host) {
    if (host.requests_per_minute <= 0) return domain::seconds{0};
    return domain::seconds{std::llround(60.0 * host.requests / host.requests_per_minute)};
}

int requests_of(const std::vector<ingest::HostPlan>& hosts) {
    int sum = 0;
    for (const auto& host : hosts) sum += host.requests;
    return sum;
}

/// Hosts are asked beside each other: the slowest one counts.
domain::seconds time_of(const std::vector<ingest::HostPlan>& hosts) {
    domain::seconds longest{0};
    for (const auto& host : hosts) longest = std::max(longest, time_of(host));
    return longest;
}

}  // namespace

std::string summary_text(const ingest::BackfillOptions& asked, const ingest::BackfillSummary& sum) {
    std::string text = fmt::format(
        "{} {} to {} by {}: {} requests\n"
        "  fetched        {}\n  new            {}\n  unchanged      {}\n"
        "  revised        {}\n  refused        {}\n  observations   {} changed\n"
        "  still missing  {}\n",
        sum.stopped ? "stopped;" : "backfill", format_time(asked.range.from),
        format_time(asked.range.to), domain::format_duration(asked.step), grouped(sum.requests),
        grouped(sum.fetched), grouped(sum.added), grouped(sum.unchanged), grouped(sum.revised),
        grouped(sum.refused), grouped(sum.observations),
        sum.stopped           ? "what it did not come to"
        : sum.missing.empty() ? "nothing"
                              : fmt::format("{} stretches", sum.missing.size()));
    for (const ingest::MissingPart& part : sum.missing) {
        text += fmt::format("    {} from {} to {}: {}\n", part.what, format_time(part.range.from),
                            format_time(part.range.to), part.why);
    }
    if (sum.quiet_spans > 0) {
        text += fmt::format("  note: {} single spans saw no trade on any exchange\n",
                            grouped(sum.quiet_spans));
    }
    for (const std::string& note : sum.notes) text += fmt::format("  note: {}\n", note);
    if (sum.refused > 0) {
        text += "  `hashprice quarantine list` shows what was refused, and why\n";
    }
    return text;
}

std::string summary_json(const ingest::BackfillOptions& asked, const ingest::BackfillSummary& sum) {
    return json_text([&](Json& json) {
        object(json, [&] {
            put_time(json, "from", asked.range.from);
            put_time(json, "to", asked.range.to);
            put(json, "step_s", asked.step.count());
            put(json, "requests", sum.requests);
            put(json, "fetched", sum.fetched);
            put(json, "new", sum.added);
            put(json, "unchanged", sum.unchanged);
            put(json, "revised", sum.revised);
            put(json, "refused", sum.refused);
            put(json, "observations", sum.observations);
            put(json, "spans_without_trade", sum.quiet_spans);
            put(json, "stopped", sum.stopped);
            array(json, "still_missing", [&] {
                for (const ingest::MissingPart& part : sum.missing) {
                    object(json, [&] {
                        put(json, "what", part.what);
                        put_time(json, "from", part.range.from);
                        put_time(json, "to", part.range.to);
                        put(json, "why", part.why);
                    });
                }
            });
            array(json, "notes", [&] {
                for (const std::string& note : sum.notes) put(json, note);
            });
        });
    });
}

std::string plan_text(const std::vector<ingest::HostPlan>& hosts) {
    if (hosts.empty()) return "nothing is missing: it would send no request\n";
    std::string text = fmt::format("{:<28} {:>9}  {:>10}  {:>8}  for\n", "host", "requests",
                                   "per minute", "takes");
    for (const ingest::HostPlan& host : hosts) {
        text += fmt::format("{:<28} {:>9}  {:>10.4g}  {:>8}  {}\n", host.host,
                            fmt::format("{}{}", host.at_least ? ">= " : "", grouped(host.requests)),
                            host.requests_per_minute, domain::format_age(time_of(host)),
                            fmt::join(host.sources, ", "));
    }
    return text + fmt::format("together {} requests, about {}; none was sent\n",
                              grouped(requests_of(hosts)), domain::format_age(time_of(hosts)));
}

std::string plan_json(const std::vector<ingest::HostPlan>& hosts) {
    return json_text([&](Json& json) {
        object(json, [&] {
            put(json, "dry_run", true);
            put(json, "requests", requests_of(hosts));
            put(json, "seconds", time_of(hosts).count());
            array(json, "hosts", [&] {
                for (const ingest::HostPlan& host : hosts) {
                    object(json, [&] {
                        put(json, "host", host.host);
                        array(json, "sources", [&] {
                            for (const std::string& name : host.sources) put(json, name);
                        });
                        put(json, "requests", host.requests);
                        put(json, "at_least", host.at_least);
                        put(json, "requests_per_minute", host.requests_per_minute);
                        put(json, "seconds", time_of(host).count());
                    });
                }
            });
        });
    });
}

std::string progress_line(const ingest::BackfillProgress& at) {
    return fmt::format("{} of {}: {} to {} done; {} new facts, {} requests so far", at.chunk,
                       at.chunks, format_date(at.range.from), format_date(at.range.to),
                       grouped(at.sum.added), grouped(at.sum.requests));
}

Bar::~Bar() { out_ << "\r\033[K" << std::flush; }

void Bar::show(int done) {
    constexpr int kWidth = 40;
    const double share = std::min(0.99, total_ > 0 ? static_cast<double>(done) / total_ : 0.0);
    const auto filled = static_cast<std::size_t>(share * kWidth);
    out_ << fmt::format("\r[{}{}] {:2.0f} %  {} of about {} requests  {}\033[K",
                        std::string(filled, '#'), std::string(kWidth - filled, '.'), 100 * share,
                        done, std::max(done, total_), label_)
         << std::flush;
}

}  // namespace hashprice::service::cli
