#include "service/answers/status.hpp"

#include <fmt/format.h>

#include <charconv>

#include "service/version.hpp"
#include "storage/schema.hpp"

namespace hashprice::service::answers {
namespace {

/// The file and what WAL mode keeps beside it.
std::int64_t bytes_of(const std::filesystem::path& file) {
    std::int64_t bytes = 0;
    for (const char* suffix : {"", "-wal"}) {
        std::error_code error;
        const auto size = std::filesystem::file_size(file.string() + suffix, error);
        if (!error) bytes += static_cast<std::int64_t>(size);
    }
    return bytes;
}

std::optional<UtcSeconds> maybe_time(const std::string& text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end == text.data()) return std::nullopt;
    return domain::utc(value);
}

}  // namespace

Result<StatusReport> status(storage::Database& db, const Freshness& freshness) {
    auto counts = storage::counts(db);
    auto span = storage::observation_span(db);
    auto starter = storage::meta(db, "starter_imported_at_s");
    auto newest = latest(db, freshness);
    auto comparisons = storage::newest_comparisons(db);
    if (const auto good = domain::all_good(counts, span, starter, newest, comparisons); !good)
        return tl::unexpected(good.error());
    return StatusReport{.version = std::string(kVersion),
                        .database = db.file().string(),
                        .database_bytes = bytes_of(db.file()),
                        .schema = storage::newest_schema(),
                        .counts = *counts,
                        .span = *span,
                        .starter_imported_at = maybe_time(*starter),
                        .latest = std::move(*newest),
                        .comparisons = std::move(*comparisons)};
}

std::string not_ready_reason(const Latest& latest) {
    return latest.stale ? latest.stale_reason : std::string{};
}

std::string status_json(const StatusReport& r) {
    return json_text([&](Json& json) {
        object(json, [&] {
            put(json, "version", r.version);
            object(json, "database", [&] {
                put(json, "path", r.database);
                put(json, "bytes", r.database_bytes);
                put(json, "schema", r.schema);
                put_time(json, "starter_imported_at", r.starter_imported_at);
            });
            object(json, "facts", [&] {
                put(json, "blocks", r.counts.blocks);
                put(json, "prices", r.counts.prices);
                put(json, "fee_means", r.counts.fee_means);
                put(json, "epochs", r.counts.epochs);
                put(json, "aside", r.counts.aside);
                put(json, "quarantined", r.counts.quarantined);
            });
            object(json, "observations", [&] {
                put(json, "count", r.counts.observations);
                put(json, "superseded", r.counts.superseded);
                put_time(json, "first", r.span ? std::optional(r.span->first) : std::nullopt);
                put_time(json, "last", r.span ? std::optional(r.span->last) : std::nullopt);
            });
            put(json, "stale", r.latest.stale);
            put(json, "stale_reason",
                r.latest.stale ? std::optional(r.latest.stale_reason) : std::nullopt);
            put(json, "degraded", !r.latest.degraded_reason.empty());
        });
    });
}

}  // namespace hashprice::service::answers
