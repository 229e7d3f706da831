#include "service/answers/gaps.hpp"

#include "storage/lock_file.hpp"

namespace hashprice::service::answers {
namespace {

constexpr std::int64_t kFeeBlocks = 144;
constexpr seconds kPause{3 * 3600};
constexpr std::string_view kUntraded = "no price: no trade on any exchange";

/// Whether blocks are missing in the stretch or among the 144 before it.
Result<bool> lacks_blocks(storage::Database& db, const storage::Gap& gap) {
    const auto before = storage::height_near(db, gap.from);
    const auto last = storage::height_near(db, gap.to);
    if (!before || !last) return tl::unexpected(before ? last.error() : before.error());
    if (*before < 0) return true;
    const auto at = storage::blocks_between(db, *before, *before + 1);
    const auto end = storage::blocks_between(db, *last, *last + 1);
    const auto holes = storage::missing_heights(db, *before - kFeeBlocks, *last + 1);
    if (const auto good = domain::all_good(at, end, holes); !good)
        return tl::unexpected(good.error());
    const bool ends_early = !end->empty() && end->front().fact.time + kPause < gap.to;
    return !holes->empty() || at->empty() || ends_early;
}

/// Candles stand at both edges: the exchanges were asked, and have none between.
Result<bool> untraded(storage::Database& db, const storage::Gap& gap) {
    constexpr seconds kLongestQuiet = 3 * domain::kDay;
    const auto prices = storage::prices_between(db, gap.from - seconds{1}, gap.to + domain::kDay);
    if (!prices) return tl::unexpected(prices.error());
    bool before = false;
    bool after = false;
    for (const auto& [price, source, fetched_at] : *prices) {
        const bool candle = price.span > seconds{0} && gap.to - gap.from <= 3 * price.span;
        before = before || (candle && price.time == gap.from);
        after = after || (candle && price.time - price.span == gap.to);
    }
    return before && after && gap.to - gap.from <= kLongestQuiet;
}

Result<std::string> why_of(storage::Database& db, const storage::Gap& gap) {
    const auto prices = storage::prices_between(db, gap.from, gap.to - seconds{1});
    const auto blocks = lacks_blocks(db, gap);
    if (const auto good = domain::all_good(prices, blocks); !good)
        return tl::unexpected(good.error());
    if (prices->empty() && *blocks) return std::string("no price, no blocks");
    if (prices->empty()) {
        return untraded(db, gap).map(
            [](bool quiet) { return std::string(quiet ? kUntraded : "no price"); });
    }
    return std::string(*blocks ? "no blocks" : "fees incomplete");
}

}  // namespace

Repair repair_of(const std::filesystem::path& database, seconds heals, UtcSeconds now) {
    Repair repair{.backfill = storage::LockFile::held(database, "backfill")};
    const bool heals_now = heals > seconds{0} && storage::LockFile::held(database, "daemon");
    if (heals_now) repair.heals_from = now - heals;
    return repair;
}

Result<std::vector<GapReport>> gaps(storage::Database& db, const domain::Range& range,
                                    const Repair& repair) {
    const auto found = storage::gaps_between(db, range.from, range.to);
    if (!found) return tl::unexpected(found.error());
    std::vector<GapReport> reports;
    for (const storage::Gap& gap : *found) {
        auto why = why_of(db, gap);
        if (!why) return tl::unexpected(why.error());
        const bool healed = repair.heals_from && gap.to > *repair.heals_from;
        const bool final = *why == kUntraded;  // nobody asks for that again
        reports.push_back({gap, std::move(*why), !final && (repair.backfill || healed)});
    }
    return reports;
}

std::string gaps_json(const domain::Range& range, const std::vector<GapReport>& gaps) {
    return json_text([&](Json& json) {
        object(json, [&] {
            put_time(json, "from", range.from);
            put_time(json, "to", range.to);
            array(json, "gaps", [&] {
                for (const GapReport& report : gaps) {
                    object(json, [&] {
                        put_time(json, "from", report.gap.from);
                        put_time(json, "to", report.gap.to);
                        put(json, "seconds", (report.gap.to - report.gap.from).count());
                        put(json, "why", report.why);
                        put(json, "being_repaired", report.being_repaired);
                    });
                }
            });
        });
    });
}

}  // namespace hashprice::service::answers
