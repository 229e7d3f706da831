#include "storage/take_out.hpp"

#include "domain/consensus.hpp"
#include "storage/changed_heights.hpp"
#include "storage/connection.hpp"
#include "storage/read_bodies.hpp"
#include "storage/record_blocks.hpp"
#include "storage/retracted.hpp"
#include "storage/rows.hpp"

namespace hashprice::storage {
namespace {

using domain::Block;
using domain::Epoch;
using domain::FeeMean;
using domain::Price;
using domain::Range;

constexpr std::string_view kBlocksOf =
    "SELECT height, time_s, bits, fee_sat, hash, source_id, fetched_at_s FROM blocks "
    "WHERE source_id = ? AND time_s >= ? AND time_s < ? ORDER BY height";
constexpr std::string_view kBlockAt =
    "SELECT height, time_s, bits, fee_sat, hash, source_id, fetched_at_s FROM blocks "
    "WHERE height = ?";
constexpr std::string_view kDropBlock = "DELETE FROM blocks WHERE height = ?";

constexpr std::string_view kEpochsOf =
    "SELECT start_height, start_time_s, bits, source_id, fetched_at_s FROM epochs "
    "WHERE source_id = ? AND start_time_s >= ? AND start_time_s < ? ORDER BY start_height";
constexpr std::string_view kEpochAt =
    "SELECT start_height, start_time_s, bits, source_id, fetched_at_s FROM epochs "
    "WHERE start_height = ?";
constexpr std::string_view kDropEpoch = "DELETE FROM epochs WHERE start_height = ?";
constexpr std::string_view kNextStart =
    "SELECT start_time_s FROM epochs WHERE start_height > ? ORDER BY start_height LIMIT 1";
constexpr std::string_view kOutranked =
    "SELECT id, body, source_id, fetched_at_s FROM facts_aside WHERE kind = 'epoch' AND "
    "reason = 'outranked' AND json_extract(body, '$.start_height') = ? ORDER BY id DESC LIMIT 1";
constexpr std::string_view kRestored = "UPDATE facts_aside SET reason = 'restored' WHERE id = ?";

constexpr std::string_view kPricesOf =
    "SELECT time_s, span_s, price_micro_usd, source_id, fetched_at_s FROM prices "
    "WHERE time_s >= ?2 AND time_s <= ?3 AND source_id = ?1 AND "
    "time_s - (span_s > 0) >= ?2 AND time_s - (span_s > 0) < ?3 ORDER BY time_s, span_s";
constexpr std::string_view kPriceAt =
    "SELECT time_s, span_s, price_micro_usd, source_id, fetched_at_s FROM prices "
    "WHERE time_s = ? AND source_id = ? AND span_s = ?";
constexpr std::string_view kDropPrice =
    "DELETE FROM prices WHERE time_s = ? AND source_id = ? AND span_s = ?";

constexpr std::string_view kFeeMeansOf =
    "SELECT end_s, fee_window, fee_sat_sum, blocks, tip_height, source_id, fetched_at_s "
    "FROM fee_means WHERE source_id = ? AND end_s > ? AND end_s <= ? ORDER BY end_s, fee_window";
constexpr std::string_view kFeeMeanAt =
    "SELECT end_s, fee_window, fee_sat_sum, blocks, tip_height, source_id, fetched_at_s "
    "FROM fee_means WHERE end_s = ? AND source_id = ? AND fee_window = ?";
constexpr std::string_view kDropFeeMean =
    "DELETE FROM fee_means WHERE end_s = ? AND source_id = ? AND fee_window = ?";

/// What takes facts out of use, and why.
struct Removal {
    Connection& c;
    bool retracted{};  ///< else overruled
    UtcSeconds now;
    Recorded& done;

    template <class Fact>
    void aside(std::string_view kind, const Sourced<Fact>& old) const {
        if (retracted) {
            put_aside_retracted(c, kind, body_of(old.fact), {old.source, old.fetched_at}, now);
        } else {
            put_aside(c, {kind, "overruled"}, old, now);
        }
        ++done.revised;
    }
};

void remove(const Removal& r, const std::vector<Sourced<Block>>& blocks) {
    ChangedHeights changed;
    for (const Sourced<Block>& b : blocks) {
        r.aside("block", b);
        run(r.c, kDropBlock, b.fact.height);
        changed.add(b.fact);
    }
    changed.touch_removed(r.c, r.done);
}

/// What knows of the epoch besides the fact that is gone: a block of another source, or the
/// starter history, which had given way.
void fall_back(const Removal& r, const Sourced<Epoch>& gone) {
    const std::int64_t height = gone.fact.start_height;
    if (const auto block = first_row(ready(r.c, kBlockAt, height), block_of)) {
        const Block& b = block->fact;
        record_epoch(r.c, {height, b.time, b.bits}, {block->source, block->fetched_at}, r.done);
        return;
    }
    struct Kept {
        std::int64_t id{};
        std::string body;
        Speaker by;
    };
    const auto kept = first_row(ready(r.c, kOutranked, height), [](Statement& row) {
        return Kept{row.getColumn(0).getInt64(),
                    row.getColumn(1).getString(),
                    {row.getColumn(2).getInt(), time_at(row, 3)}};
    });
    if (!kept || kept->by.source == gone.source) return;
    const auto fact = fact_in(r.c, "epoch", kept->body);
    if (!fact || Retracted(r.c, kept->by.source).holds(fact->epochs.front().start_time)) return;
    run(r.c, kRestored, kept->id);
    record_epoch(r.c, fact->epochs.front(), kept->by, r.done);
}

void remove(const Removal& r, const std::vector<Sourced<Epoch>>& epochs) {
    for (const Sourced<Epoch>& e : epochs) {
        r.aside("epoch", e);
        run(r.c, kDropEpoch, e.fact.start_height);
        const auto next = first_row(ready(r.c, kNextStart, e.fact.start_height),
                                    [](Statement& row) { return time_at(row, 0); });
        r.done.touched.push_back({e.fact.start_time, next.value_or(kForEver)});
    }
    if (!r.retracted) return;
    for (const Sourced<Epoch>& e : epochs) fall_back(r, e);
}

void remove(const Removal& r, const std::vector<Sourced<Price>>& prices) {
    for (const Sourced<Price>& p : prices) {
        r.aside("price", p);
        run(r.c, kDropPrice, unix_s(p.fact.time), p.source, p.fact.span.count());
        r.done.touched.push_back({p.fact.time, p.fact.time});
    }
}

void remove(const Removal& r, const std::vector<Sourced<FeeMean>>& means) {
    for (const Sourced<FeeMean>& f : means) {
        r.aside("fee_mean", f);
        run(r.c, kDropFeeMean, unix_s(f.fact.end), f.source, static_cast<int>(f.fact.window));
        r.done.touched.push_back({f.fact.end, f.fact.end + domain::kDay});
    }
}

}  // namespace

void take_out_of(Connection& c, SourceId source, const Range& range, UtcSeconds now,
                 Recorded& done) {
    const Removal r{c, true, now, done};
    const std::int64_t from = unix_s(range.from);
    const std::int64_t to = unix_s(range.to);
    // blocks before epochs: an epoch falls back on a block that is still there
    remove(r, all_rows(ready(c, kBlocksOf, source, from, to), block_of));
    remove(r, all_rows(ready(c, kEpochsOf, source, from, to), epoch_of));
    remove(r, all_rows(ready(c, kPricesOf, source, from, to), price_of));
    remove(r, all_rows(ready(c, kFeeMeansOf, source, from, to), fee_mean_of));
}

void overrule(Connection& c, const domain::FactBatch& key, SourceId source, UtcSeconds now,
              Recorded& done) {
    const Removal r{c, false, now, done};
    for (const Block& b : key.blocks) {
        remove(r, all_rows(ready(c, kBlockAt, b.height), block_of));
        if (domain::is_retarget(b.height))
            remove(r, all_rows(ready(c, kEpochAt, b.height), epoch_of));
    }
    for (const Epoch& e : key.epochs)
        remove(r, all_rows(ready(c, kEpochAt, e.start_height), epoch_of));
    for (const Price& p : key.prices) {
        remove(r, all_rows(ready(c, kPriceAt, unix_s(p.time), source, p.span.count()), price_of));
    }
    for (const FeeMean& f : key.fee_means) {
        const int window = static_cast<int>(f.window);
        remove(r, all_rows(ready(c, kFeeMeanAt, unix_s(f.end), source, window), fee_mean_of));
    }
}

}  // namespace hashprice::storage
