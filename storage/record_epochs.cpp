#include <fmt/format.h>

#include "storage/changed_heights.hpp"
#include "storage/connection.hpp"
#include "storage/record_blocks.hpp"
#include "storage/rows.hpp"

namespace hashprice::storage {
namespace {

using domain::Epoch;

constexpr std::string_view kEpochsFrom =
    "SELECT start_height, start_time_s, bits, source_id, fetched_at_s FROM epochs "
    "WHERE start_height >= ? AND start_height <= ? ORDER BY start_height";
constexpr std::string_view kSetEpoch =
    "INSERT INTO epochs(start_height, start_time_s, bits, source_id, fetched_at_s) VALUES(?, ?, ?, "
    "?, ?) "
    "ON CONFLICT(start_height) DO UPDATE SET start_time_s = excluded.start_time_s, bits = "
    "excluded.bits, "
    "source_id = excluded.source_id, fetched_at_s = excluded.fetched_at_s";
constexpr std::string_view kNextStart =
    "SELECT start_time_s FROM epochs WHERE start_height > ? ORDER BY start_height LIMIT 1";
constexpr std::string_view kDropFrom =
    "DELETE FROM epochs WHERE start_height >= ? AND source_id NOT IN (SELECT id FROM sources WHERE "
    "name = 'starter')";
constexpr std::string_view kIsStarter =
    "SELECT COUNT(*) FROM sources WHERE id = ? AND name = 'starter'";

bool is_starter(Connection& c, SourceId source) {
    return *first_row(ready(c, kIsStarter, source),
                      [](Statement& row) { return row.getColumn(0).getInt() == 1; });
}

std::vector<Sourced<Epoch>> stored(Connection& c, std::int64_t from, std::int64_t to) {
    return all_rows(ready(c, kEpochsFrom, from, to), epoch_of);
}

/// An epoch speaks until the next one that is known.
domain::Range touched_by(Connection& c, const Epoch& e, UtcSeconds since) {
    const auto next = first_row(ready(c, kNextStart, e.start_height),
                                [](Statement& row) { return time_at(row, 0); });
    return {std::min(since, e.start_time), next.value_or(kForEver)};
}

void store(Connection& c, const Epoch& e, const Speaker& by) {
    run(c, kSetEpoch, e.start_height, unix_s(e.start_time), static_cast<std::int64_t>(e.bits.value),
        by.source, unix_s(by.at));
}

void refuse(Connection& c, const Epoch& e, const Epoch& old, const Speaker& by, Recorded& done) {
    const std::string reason = fmt::format(
        "epoch {}: bits 0x{:08x} since {} contradict the stored 0x{:08x} since {}", e.start_height,
        e.bits.value, unix_s(e.start_time), old.bits.value, unix_s(old.start_time));
    put_in_quarantine(c, {"epoch", reason, body_of(e)}, by);
    ++done.refused;
}

}  // namespace

void record_epoch(Connection& c, const Epoch& epoch, const Speaker& by, Recorded& done) {
    const auto found = stored(c, epoch.start_height, epoch.start_height);
    if (found.empty()) {
        store(c, epoch, by);
        ++done.added;
        done.touched.push_back(touched_by(c, epoch, epoch.start_time));
        return;
    }
    const Sourced<Epoch>& old = found.front();
    const bool outranks = is_starter(c, old.source) && !is_starter(c, by.source);
    if (old.fact == epoch || is_starter(c, by.source)) {
        ++done.unchanged;
    } else if (!outranks) {
        refuse(c, epoch, old.fact, by, done);
    } else {
        put_aside(c, {"epoch", "outranked"}, old, by.at);
        store(c, epoch, by);
        ++done.revised;
        done.touched.push_back(touched_by(c, epoch, old.fact.start_time));
    }
}

void drop_epochs_from(Connection& c, std::int64_t height, UtcSeconds now) {
    for (const Sourced<Epoch>& loser : stored(c, height, std::int64_t{1} << 62)) {
        if (!is_starter(c, loser.source)) put_aside(c, {"epoch", "reorg"}, loser, now);
    }
    run(c, kDropFrom, height);
}

}  // namespace hashprice::storage
