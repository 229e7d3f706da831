#include "storage/record_blocks.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "domain/consensus.hpp"
#include "storage/chain_truth.hpp"
#include "storage/changed_heights.hpp"
#include "storage/connection.hpp"
#include "storage/retracted.hpp"
#include "storage/rows.hpp"

namespace hashprice::storage {
namespace {

using domain::Block;
using domain::kDay;

constexpr std::string_view kBlocksWithHash =
    "SELECT height, time_s, bits, fee_sat, hash, source_id, fetched_at_s FROM blocks "
    "WHERE height >= ? AND height <= ? ORDER BY height";
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

void bind_hash(SQLite::Statement& statement, int at, const std::optional<domain::BlockHash>& hash) {
    if (hash)
        statement.bindNoCopy(at, hash->bytes.data(), static_cast<int>(hash->bytes.size()));
    else
        statement.bind(at);
}

void store(Connection& c, const Block& b, const Speaker& by) {
    SQLite::Statement& statement = c.prepared(kSetBlock);
    bind_all(statement, 1, b.height, unix_s(b.time), static_cast<std::int64_t>(b.bits.value));
    if (b.fees) statement.bind(4, b.fees->value);
    bind_hash(statement, 5, b.hash);
    bind_all(statement, 6, by.source, unix_s(by.at));
    statement.exec();
    statement.reset();
}

/// A batch on its way in.
struct Recording {
    Connection& c;
    const Speaker& by;
    Recorded& done;
    ChangedHeights changed{};
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

std::vector<Block> sorted(std::vector<Block> blocks) {
    const auto by_height = [](const Block& a, const Block& b) { return a.height < b.height; };
    if (!std::ranges::is_sorted(blocks, by_height)) std::ranges::sort(blocks, by_height);
    return blocks;
}

/// Every header time at a retarget height is an epoch's start, whoever reports it.
void note_epoch(Connection& c, const Block& b, const Speaker& by, Recorded& done) {
    if (!domain::is_retarget(b.height)) return;
    Recorded epoch;
    record_epoch(c, {b.height, b.time, b.bits}, by, epoch);
    done.touched.insert(done.touched.end(), epoch.touched.begin(), epoch.touched.end());
}

/// False: it cannot stand on what is stored.
bool add_new(Recording& r, ChainTruth& truth, const Block& said, bool next_follows) {
    const std::string why = truth.objection(said, next_follows);
    if (!why.empty()) {
        refuse(r, said, why);
        return false;
    }
    store(r.c, said, r.by);
    note_epoch(r.c, said, r.by, r.done);
    truth.accepted(said);
    r.changed.add(said);
    ++r.done.added;
    return true;
}

void drop_from(Connection& c, std::int64_t height, UtcSeconds now, Recorded& done) {
    const auto losers =
        all_rows(ready(c, kBlocksWithHash, height, std::int64_t{1} << 62), block_of);
    for (const Sourced<Block>& loser : losers) {
        put_aside(c, "block", "reorg", loser, now);
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
    const std::vector<Block> incoming = sorted(blocks);
    Recording recording{c, by, done};
    ChainTruth truth(c, by.at);
    const auto known = all_rows(
        ready(c, kBlocksWithHash, incoming.front().height, incoming.back().height), block_of);
    auto old = known.begin();
    const Block* before = nullptr;  // of this batch, and stored
    for (auto said = incoming.begin(); said != incoming.end(); ++said) {
        while (old != known.end() && old->fact.height < said->height) ++old;
        if (old != known.end() && old->fact.height == said->height) {
            record_over(recording, *old, *said);
            truth.accepted(old->fact);
            continue;
        }
        if (before != nullptr && before->height == said->height) {
            record_over(recording, {*before, by.source, by.at}, *said);
            continue;
        }
        const auto next = std::next(said);
        const bool next_follows = next != incoming.end() && next->height == said->height + 1;
        if (add_new(recording, truth, *said, next_follows)) before = &*said;
    }
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
