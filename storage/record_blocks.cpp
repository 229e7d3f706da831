#include "storage/record_blocks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "domain/consensus.hpp"
#include "storage/chain_truth.hpp"
#include "storage/changed_heights.hpp"
#include "storage/connection.hpp"
#include "storage/many_rows.hpp"
#include "storage/retracted.hpp"
#include "storage/rows.hpp"

namespace hashprice::storage {
namespace {

using domain::Block;
using domain::kDay;

constexpr std::string_view kBlocksWithHash =
    "SELECT height, time_s, bits, fee_sat, hash, source_id, fetched_at_s FROM blocks "
    "WHERE height >= ? AND height <= ? ORDER BY height";
constexpr std::string_view kAddBlocks =
    "INSERT INTO blocks(height, time_s, bits, fee_sat, hash, source_id, fetched_at_s) VALUES";
constexpr std::string_view kSetBlock =
    "INSERT INTO blocks(height, time_s, bits, fee_sat, hash, source_id, fetched_at_s) VALUES(?, ?, "
    "?, ?, ?, ?, ?) "
    "ON CONFLICT(height) DO UPDATE SET time_s = excluded.time_s, bits = excluded.bits, fee_sat = "
    "excluded.fee_sat, "
    "hash = excluded.hash, source_id = excluded.source_id, fetched_at_s = excluded.fetched_at_s";
constexpr std::string_view kDropFrom = "DELETE FROM blocks WHERE height >= ?";

bool differ(const auto& a, const auto& b) { return a && b && *a != *b; }

/// Why both cannot be true; empty when they can.
std::string contradiction(const Block& stored, const Block& said) {
    if (differ(stored.hash, said.hash)) {
        return fmt::format("block {}: hash {} contradicts the stored {}", said.height,
                           format_hash(*said.hash), format_hash(*stored.hash));
    }
    if (stored.time != said.time) {
        return fmt::format("block {}: time {} contradicts the stored {}", said.height,
                           unix_s(said.time), unix_s(stored.time));
    }
    if (stored.bits != said.bits) {
        return fmt::format("block {}: bits 0x{:08x} contradict the stored 0x{:08x}", said.height,
                           said.bits.value, stored.bits.value);
    }
    if (differ(stored.fees, said.fees)) {
        return fmt::format("block {}: fees of {} sat contradict the stored {}", said.height,
                           said.fees->value, stored.fees->value);
    }
    return {};
}

/// What is not known stays NULL, as the statement came.
void bind_block(Statement& statement, int at, const Block& b, const Speaker& by) {
    bind_all(statement, at, b.height, unix_s(b.time), static_cast<std::int64_t>(b.bits.value));
    if (b.fees) statement.bind(at + 3, b.fees->value);
    if (b.hash)
        statement.bindNoCopy(at + 4, b.hash->bytes.data(), static_cast<int>(b.hash->bytes.size()));
    bind_all(statement, at + 5, by.source, unix_s(by.at));
}

void store(Connection& c, const Block& b, const Speaker& by) {
    Statement& statement = c.prepared(kSetBlock);
    bind_block(statement, 1, b, by);
    statement.exec();
    statement.reset();
}

/// A batch on its way in.
struct Recording {
    Connection& c;
    const Speaker& by;
    Recorded& done;
    ChangedHeights changed{};
    std::vector<const Block*> fresh{};  ///< accepted, their heights free, not written yet

    void write_fresh() {
        static const ManyRows kRows(kAddBlocks, 7);
        kRows.write<Block>(c, fresh, [this](Statement& statement, int at, const Block& b) {
            bind_block(statement, at, b, by);
        });
        fresh.clear();
    }
};

void refuse(const Recording& r, const Block& said, const std::string& reason) {
    put_in_quarantine(r.c, {"block", reason, body_of(said)}, r.by);
    ++r.done.refused;
}

void record_over(Recording& r, const Sourced<Block>& old, const Block& said) {
    const std::string reason = contradiction(old.fact, said);
    if (!reason.empty()) return refuse(r, said, reason);
    const bool brings_fees = said.fees && !old.fact.fees;
    if (!brings_fees && (old.fact.hash || !said.hash)) {
        ++r.done.unchanged;
        return;
    }
    Block merged = said;
    if (!merged.fees) merged.fees = old.fact.fees;
    if (!merged.hash) merged.hash = old.fact.hash;
    // whoever brought the fees stays the one to ask: they are what cannot be checked
    store(r.c, merged, brings_fees ? r.by : Speaker{old.source, old.fetched_at});
    ++r.done.revised;
    if (brings_fees) r.changed.add(said);
}

/// The same blocks in ascending order: themselves when they stand so already.
std::span<const Block> ascending(const std::vector<Block>& blocks, std::vector<Block>& room) {
    if (std::ranges::is_sorted(blocks, {}, &Block::height)) return blocks;
    room = blocks;
    std::ranges::stable_sort(room, {}, &Block::height);  // of one height: as they were said
    return room;
}

/// Every header time at a retarget height is an epoch's start, whoever reports it.
void note_epoch(Connection& c, const Block& b, const Speaker& by, Recorded& done) {
    if (!domain::is_retarget(b.height)) return;
    Recorded epoch;
    record_epoch(c, {b.height, b.time, b.bits}, by, epoch);
    done.touched.insert(done.touched.end(), epoch.touched.begin(), epoch.touched.end());
}

/// A height that this batch has spoken of before. False: it is free, that word was refused.
bool record_again(Recording& r, const Block& said) {
    r.write_fresh();
    const auto standing =
        first_row(ready(r.c, kBlocksWithHash, said.height, said.height), block_of);
    if (standing) record_over(r, *standing, said);
    return standing.has_value();
}

/// Unless it cannot stand on what is stored.
void add_new(Recording& r, ChainTruth& truth, const Block& said, bool next_follows) {
    if (!truth.stands_below(said.height)) r.write_fresh();  // it will look into the table
    const std::string why = truth.objection(said, next_follows);
    if (!why.empty()) return refuse(r, said, why);
    r.fresh.push_back(&said);
    note_epoch(r.c, said, r.by, r.done);
    truth.accepted(said);
    r.changed.add(said);
    ++r.done.added;
}

/// Whether the block above is in the batch and not stored: then it is held against this one, else
/// this one is held against what is stored.
bool next_is_judged(std::span<const Block> from_here, std::span<const Sourced<Block>> stored) {
    const std::int64_t next = from_here.front().height + 1;
    const bool follows = from_here.size() > 1 && from_here[1].height == next;
    return follows && (stored.empty() || stored.front().fact.height != next);
}

void drop_from(Connection& c, std::int64_t height, UtcSeconds now, Recorded& done) {
    const auto losers =
        all_rows(ready(c, kBlocksWithHash, height, std::int64_t{1} << 62), block_of);
    for (const Sourced<Block>& loser : losers) {
        put_aside(c, {"block", "reorg"}, loser, now);
        done.touched.push_back({loser.fact.time, loser.fact.time + kDay + kHeaderSlack});
    }
    run(c, kDropFrom, height);
    drop_epochs_from(c, height, now);
    done.revised += static_cast<std::int64_t>(losers.size());
}

}  // namespace

void record_blocks(Connection& c, const std::vector<Block>& blocks, const Speaker& by,
                   Recorded& done) {
    if (blocks.empty()) return;
    std::vector<Block> room;
    const std::span<const Block> incoming = ascending(blocks, room);
    Recording recording{c, by, done};
    ChainTruth truth(c, by.at);
    const auto known = all_rows(
        ready(c, kBlocksWithHash, incoming.front().height, incoming.back().height), block_of);
    auto old = known.begin();
    for (auto said = incoming.begin(); said != incoming.end(); ++said) {
        if (said != incoming.begin() && std::prev(said)->height == said->height) {
            if (record_again(recording, *said)) continue;
        }
        while (old != known.end() && old->fact.height < said->height) ++old;
        if (old != known.end() && old->fact.height == said->height) {
            record_over(recording, *old, *said);
            truth.accepted(old->fact);
            continue;
        }
        add_new(recording, truth, *said,
                next_is_judged({said, incoming.end()}, {old, known.end()}));
    }
    recording.write_fresh();
    recording.changed.touch(c, done);
}

void set_block(Connection& c, const Block& block, const Speaker& by, Recorded& done) {
    ChangedHeights changed;
    store(c, block, by);
    note_epoch(c, block, by, done);
    changed.add(block);
    changed.touch(c, done);
    ++done.added;
}

Result<Recorded> replace_branch(Database& db, const domain::FactBatch& batch) {
    if (batch.blocks.empty()) return Recorded{};
    return source_id(db, batch.source).and_then([&](SourceId source) {
        return guarded([&]() -> Result<Recorded> {
            const auto lowest = std::ranges::min_element(batch.blocks, {}, &Block::height);
            Recorded done;
            Connection& c = db.connection();
            const Speaker by{source, batch.fetched_at};
            drop_from(c, lowest->height, batch.fetched_at, done);
            record_blocks(c, Retracted(c, source).believed(c, batch, by, done).blocks, by, done);
            return done;
        });
    });
}

}  // namespace hashprice::storage
