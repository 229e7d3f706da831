#include "service/answers/sources.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "ingest/derive/derive.hpp"
#include "ingest/derive/observe.hpp"
#include "storage/facts.hpp"
#include "storage/observations.hpp"

namespace hashprice::service::answers {

std::optional<bool> SourceReport::up() const {
    if (!health || (!health->last_success && !health->last_failure)) return std::nullopt;
    if (!health->last_success) return false;
    return !health->last_failure || *health->last_success >= *health->last_failure;
}

Result<std::vector<SourceReport>> sources(storage::Database& db,
                                          const std::vector<ConfiguredSource>& configured) {
    auto health = storage::source_health(db);
    if (!health) return tl::unexpected(health.error());
    std::vector<SourceReport> reports;
    for (const ConfiguredSource& source : configured) {
        SourceReport report{source.name, source.host, source.roles, std::nullopt};
        const auto found = std::ranges::find(*health, source.name, &storage::SourceHealth::name);
        if (found != health->end()) {
            report.health = *found;
            health->erase(found);
        }
        reports.push_back(std::move(report));
    }
    for (storage::SourceHealth& gone : *health) {
        reports.push_back({gone.name, std::nullopt, {}, std::move(gone)});
    }
    return reports;
}

Result<std::vector<SourceReport>> with_outliers(storage::Database& db,
                                                std::vector<SourceReport> reports,
                                                const ingest::DeriveOptions& options) {
    const auto newest = storage::latest_observation(db);
    const auto names = storage::sources(db);
    if (const auto good = domain::all_good(newest, names); !good)
        return tl::unexpected(good.error());
    if (!*newest) return reports;
    const UtcSeconds at = (*newest)->observation.time;
    const auto facts = ingest::load_window(db, at - seconds{1}, at, options);
    if (!facts) return tl::unexpected(facts.error());
    for (const ingest::Quote& quote : ingest::evidence_at(*facts, at, options).quotes) {
        if (quote.verdict != ingest::QuoteVerdict::outlier) continue;
        const auto name = std::ranges::find(*names, quote.price.source, &storage::SourceName::id);
        const auto report = std::ranges::find(reports, name->name, &SourceReport::name);
        if (report == reports.end()) continue;
        const double usd = static_cast<double>(quote.price.fact.price.value) / domain::kMicroPerUsd;
        report->outlier =
            fmt::format("its price of {:.2f} USD is an outlier: {:+.1f} % from the index", usd,
                        100.0 * (usd / (*newest)->observation.price_usd - 1.0));
    }
    return reports;
}

namespace {

void put_source(Json& json, const SourceReport& report) {
    const storage::SourceHealth none;
    const storage::SourceHealth& health = report.health ? *report.health : none;
    const bool asked = report.up().has_value();
    put(json, "name", report.name);
    put(json, "host", report.host);
    array(json, "roles", [&] {
        for (const std::string& role : report.roles) put(json, role);
    });
    put(json, "up", report.up());
    put_time(json, "last_success", health.last_success);
    put_time(json, "last_failure", health.last_failure);
    put(json, "last_error",
        health.last_error.empty() ? std::nullopt : std::optional(health.last_error));
    put(json, "outlier", report.outlier.empty() ? std::nullopt : std::optional(report.outlier));
    put(json, "latency_ms", asked ? std::optional(health.last_duration_ms) : std::nullopt);
    put(json, "polls_ok", health.polls_ok);
    put(json, "polls_failed", health.polls_failed);
    put(json, "quarantined", health.quarantined);
}

}  // namespace

std::string sources_json(const std::vector<SourceReport>& sources) {
    return json_text([&](Json& json) {
        object(json, [&] {
            array(json, "sources", [&] {
                for (const SourceReport& report : sources) {
                    object(json, [&] { put_source(json, report); });
                }
            });
        });
    });
}

}  // namespace hashprice::service::answers
