#include "service/answers/export.hpp"

#include <fmt/format.h>

#include <array>

#include "domain/consensus.hpp"

namespace hashprice::service::answers {
namespace {

using domain::Observation;
using domain::Status;
using domain::unix_s;
using storage::KeptObservation;

constexpr seconds kChunk = 2 * domain::kDay;  ///< 2,880 observations of the live grid

/// Calls `each` with the observations of the range, some thousand at a time.
Status walk(storage::Database& db, const domain::Range& range,
            const std::function<Status(const std::vector<KeptObservation>&)>& each) {
    const UtcSeconds last = range.to - seconds{1};
    UtcSeconds at = range.from - seconds{1};
    while (at < last) {
        const auto next = storage::observation_after(db, at);
        if (!next) return tl::unexpected(next.error());
        if (!*next || **next > last) break;
        const UtcSeconds begin = **next - seconds{1};
        at = std::min(begin + kChunk, last);
        const auto kept = storage::observations_between(db, begin, at);
        if (!kept) return tl::unexpected(kept.error());
        if (Status taken = each(*kept); !taken) return taken;
    }
    return {};
}

/// nan where `bits` were no target, which storage never holds.
double difficulty(const Observation& o) {
    const auto known = domain::difficulty_of(o.bits);
    return known ? known->value : std::nan("");
}

std::string csv_line(const KeptObservation& kept, const SourceNames& names) {
    const Observation& o = kept.observation;
    return fmt::format(
        "{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}\n", domain::format_time(o.time),
        unix_s(o.time), o.span.count(), o.usd_per_ph_day, o.sat_per_ph_day, o.price_usd,
        difficulty(o), o.height, domain::subsidy_at(o.height).value, o.fee_sat_mean(),
        domain::fee_window_name(o.fee_window), o.stale(), o.degraded(),
        fmt::join(names_of(names, o.price_sources), " "), name_of(names, o.chain_source),
        name_of(names, o.fee_source), unix_s(kept.recorded_at));
}

constexpr std::string_view kCsvHead =
    "time,time_s,span_s,usd_per_ph_day,sat_per_ph_day,price_usd,difficulty,height,subsidy_sat,"
    "fee_sat_mean,fee_window,stale,degraded,price_sources,chain_source,fee_source,recorded_at_s\n";

std::string json_line(const KeptObservation& kept, const SourceNames& names) {
    const Observation& o = kept.observation;
    return json_text([&](Json& json) {
               object(json, [&] {
                   put_observation(json, o, names);
                   put(json, "span_s", o.span.count());
                   put(json, "stale", o.stale());
                   put(json, "degraded", o.degraded());
                   put_time(json, "recorded_at", kept.recorded_at);
               });
           }) +
           "\n";
}

constexpr std::int64_t kNanoseconds = 1'000'000'000;

struct Family {
    std::string_view name;
    std::string_view help;
    double (*value)(const Observation&);
};
constexpr std::array<Family, 6> kFamilies{{
    {"hashprice_usd_per_ph_day", "What 1 PH/s earns in a day, in USD.",
     [](const Observation& o) { return o.usd_per_ph_day; }},
    {"hashprice_sat_per_ph_day", "What 1 PH/s earns in a day, in satoshi.",
     [](const Observation& o) { return o.sat_per_ph_day; }},
    {"hashprice_btc_price_index_usd", "Price of one BTC, in USD.",
     [](const Observation& o) { return o.price_usd; }},
    {"hashprice_network_difficulty", "Difficulty of the tip.", difficulty},
    {"hashprice_block_fee_sat_mean", "Mean fees of a block, in satoshi.",
     [](const Observation& o) { return o.fee_sat_mean(); }},
    {"hashprice_chain_height", "Height of the tip.",
     [](const Observation& o) { return static_cast<double>(o.height); }},
}};

Status export_openmetrics(storage::Database& db, const domain::Range& range,
                          const ExportSink& sink) {
    for (const Family& family : kFamilies) {
        const std::string head =
            fmt::format("# TYPE {0} gauge\n# HELP {0} {1}\n", family.name, family.help);
        if (Status sunk = sink(head); !sunk) return sunk;
        Status walked = walk(db, range, [&](const auto& chunk) {
            std::string text;
            for (const KeptObservation& kept : chunk) {
                text += fmt::format("{} {} {}\n", family.name, family.value(kept.observation),
                                    unix_s(kept.observation.time));
            }
            return sink(text);
        });
        if (!walked) return walked;
    }
    return sink("# EOF\n");
}

}  // namespace

/// Field by field; a point without tags, so that two daemons write the same series.
std::string influx_line(const Observation& o, std::int64_t time_ns) {
    return fmt::format(
        "hashprice "
        "usd_per_ph_day={},sat_per_ph_day={},btc_price_index_usd={},network_difficulty={},"
        "block_fee_sat_mean={},chain_height={}i {}\n",
        o.usd_per_ph_day, o.sat_per_ph_day, o.price_usd, difficulty(o), o.fee_sat_mean(), o.height,
        time_ns);
}

Result<ExportFormat> parse_export_format(std::string_view text) {
    if (text == "csv") return ExportFormat::csv;
    if (text == "jsonl") return ExportFormat::jsonl;
    if (text == "openmetrics") return ExportFormat::openmetrics;
    if (text == "influx") return ExportFormat::influx;
    return domain::fail(domain::Errc::usage,
                        fmt::format("'{}' is no format: csv, jsonl, openmetrics or influx", text));
}

Status export_observations(storage::Database& db, const domain::Range& range, ExportFormat format,
                           const ExportSink& sink) {
    if (format == ExportFormat::openmetrics) return export_openmetrics(db, range, sink);
    const auto names = storage::sources(db);
    if (!names) return tl::unexpected(names.error());
    if (format == ExportFormat::csv) {
        if (Status sunk = sink(kCsvHead); !sunk) return sunk;
    }
    return walk(db, range, [&](const auto& chunk) {
        std::string text;
        for (const KeptObservation& kept : chunk) {
            text +=
                format == ExportFormat::csv ? csv_line(kept, *names)
                : format == ExportFormat::jsonl
                    ? json_line(kept, *names)
                    : influx_line(kept.observation, unix_s(kept.observation.time) * kNanoseconds);
        }
        return sink(text);
    });
}

}  // namespace hashprice::service::answers
