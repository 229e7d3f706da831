#include "storage/facts.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "storage/connection.hpp"
#include "storage/rows.hpp"

namespace hashprice::storage {
namespace {

using domain::Block;
using domain::Epoch;
using domain::FeeMean;
using domain::Price;

// rows, before it is known how many there are: only a question of speed
constexpr std::int64_t kMostReserved = 10'000;  // no mutant

constexpr std::string_view kSources = "SELECT id, name FROM sources ORDER BY id";
constexpr std::string_view kSourceByName = "SELECT id FROM sources WHERE name = ?";
constexpr std::string_view kAddSource =
    "INSERT INTO sources(id, name) SELECT COALESCE(MAX(id) + 1, 0), ? FROM sources";

constexpr std::string_view kBlocks =
    "SELECT height, time_s, bits, fee_sat, NULL, source_id, fetched_at_s FROM blocks "
    "WHERE height >= ? AND height < ? ORDER BY height";
constexpr std::string_view kBlockAt =
    "SELECT height, time_s, bits, fee_sat, hash, source_id, fetched_at_s FROM blocks WHERE height "
    "= ?";
constexpr std::string_view kTip =
    "SELECT height, time_s, bits, fee_sat, hash, source_id, fetched_at_s FROM blocks "
    "ORDER BY height DESC LIMIT 1";
constexpr std::string_view kLowest = "SELECT COALESCE(MIN(height), -1) FROM blocks";
constexpr std::string_view kHighest = "SELECT COALESCE(MAX(height), -1) FROM blocks";
constexpr std::string_view kFirstFrom =
    "SELECT height, time_s FROM blocks WHERE height >= ? ORDER BY height LIMIT 1";
constexpr std::string_view kBefore =
    "SELECT height FROM blocks WHERE height <= ? ORDER BY height DESC LIMIT 1 OFFSET ?";
constexpr std::string_view kJumps =
    "SELECT previous + 1, height FROM (SELECT height, LAG(height, 1, ?1 - 1) OVER (ORDER BY "
    "height) AS previous "
    "FROM blocks WHERE height >= ?1 AND height < ?2) WHERE height > previous + 1 ORDER BY height";

constexpr std::string_view kPrices =
    "SELECT time_s, span_s, price_micro_usd, source_id, fetched_at_s FROM prices "
    "WHERE time_s > ? AND time_s <= ? ORDER BY time_s, source_id, span_s";
// two questions, because SQLite looks up only a single MIN or MAX, and scans the table for both
constexpr std::string_view kPriceSpan =
    "SELECT (SELECT MIN(time_s) FROM prices), (SELECT MAX(time_s) FROM prices)";
constexpr std::string_view kFeeMeans =
    "SELECT end_s, fee_window, fee_sat_sum, blocks, tip_height, source_id, fetched_at_s FROM "
    "fee_means "
    "WHERE end_s > ? AND end_s <= ? ORDER BY end_s, source_id, fee_window";
constexpr std::string_view kEpochs =
    "SELECT start_height, start_time_s, bits, source_id, fetched_at_s FROM epochs ORDER BY "
    "start_height";

std::int64_t number(Connection& c, std::string_view sql) {
    Statement& row = c.prepared(sql);
    row.executeStep();
    const std::int64_t value = row.getColumn(0).getInt64();
    row.reset();
    return value;
}

}  // namespace

Sourced<Price> price_of(Statement& row) {
    return {{time_at(row, 0), domain::seconds{row.getColumn(1).getInt64()},
             domain::MicroUsd{row.getColumn(2).getInt64()}},
            row.getColumn(3).getInt(),
            time_at(row, 4)};
}

Sourced<FeeMean> fee_mean_of(Statement& row) {
    return {{time_at(row, 0), static_cast<domain::FeeWindow>(row.getColumn(1).getInt()),
             domain::Satoshi{row.getColumn(2).getInt64()}, row.getColumn(3).getInt(),
             row.getColumn(4).getInt64()},
            row.getColumn(5).getInt(),
            time_at(row, 6)};
}

Sourced<Epoch> epoch_of(Statement& row) {
    return {{row.getColumn(0).getInt64(), time_at(row, 1), bits_at(row, 2)},
            row.getColumn(3).getInt(),
            time_at(row, 4)};
}

Sourced<Block> block_of(Statement& row) {
    Block block{
        .height = row.getColumn(0).getInt64(), .time = time_at(row, 1), .bits = bits_at(row, 2)};
    if (!row.isColumnNull(3)) block.fees = domain::Satoshi{row.getColumn(3).getInt64()};
    if (!row.isColumnNull(4)) {
        const auto* bytes = static_cast<const std::uint8_t*>(row.getColumn(4).getBlob());
        std::copy_n(bytes, 32, block.hash.emplace().bytes.begin());
    }
    return {block, row.getColumn(5).getInt(), time_at(row, 6)};
}

Result<std::vector<SourceName>> sources(Database& db) {
    return guarded([&]() -> Result<std::vector<SourceName>> {
        return all_rows(db.connection().prepared(kSources), [](Statement& row) {
            return SourceName{row.getColumn(0).getInt(), row.getColumn(1).getString()};
        });
    });
}

Result<SourceId> source_id(Database& db, std::string_view name) {
    return guarded([&]() -> Result<SourceId> {
        const std::string text(name);
        const auto known = [&] {
            return first_row(ready(db.connection(), kSourceByName, text),
                             [](Statement& row) { return row.getColumn(0).getInt(); });
        };
        if (const auto id = known()) return *id;
        if (number(db.connection(), "SELECT COUNT(*) FROM sources") >= 62) {
            return fail(Errc::database,
                        fmt::format("source '{}' is one too many: 62 are known already", name));
        }
        run(db.connection(), kAddSource, text);
        return *known();
    });
}

Result<std::vector<Sourced<Block>>> blocks_between(Database& db, std::int64_t from,
                                                   std::int64_t to) {
    return guarded([&]() -> Result<std::vector<Sourced<Block>>> {
        // how much room is made beforehand changes nothing that is read
        const std::int64_t most =
            std::clamp<std::int64_t>(to - from, 0, kMostReserved);  // no mutant
        return all_rows(ready(db.connection(), kBlocks, from, to), block_of,
                        static_cast<std::size_t>(most));
    });
}

Result<std::optional<Sourced<Block>>> block_at(Database& db, std::int64_t height) {
    return guarded([&]() -> Result<std::optional<Sourced<Block>>> {
        return first_row(ready(db.connection(), kBlockAt, height), block_of);
    });
}

Result<std::optional<Sourced<Block>>> tip(Database& db) {
    return guarded([&]() -> Result<std::optional<Sourced<Block>>> {
        return first_row(db.connection().prepared(kTip), block_of);
    });
}

Result<std::int64_t> height_near(Database& db, UtcSeconds t) {
    return guarded([&]() -> Result<std::int64_t> {
        Connection& c = db.connection();
        const std::int64_t lowest = number(c, kLowest);
        if (lowest < 0) return std::int64_t{-1};
        std::int64_t below = lowest - 1;
        std::int64_t above = number(c, kHighest) + 1;
        std::int64_t found = -1;
        while (above - below > 1) {
            const std::int64_t middle = below + (above - below) / 2;
            Statement& row = ready(c, kFirstFrom, middle);
            row.executeStep();
            const std::int64_t height = row.getColumn(0).getInt64();
            if (time_at(row, 1) <= t) {
                found = height;
                below = height;
            } else {
                above = middle;
            }
            row.reset();
        }
        return found;
    });
}

Result<std::int64_t> height_before(Database& db, std::int64_t height, std::int64_t count) {
    return guarded([&]() -> Result<std::int64_t> {
        const auto found = first_row(ready(db.connection(), kBefore, height, count),
                                     [](Statement& row) { return row.getColumn(0).getInt64(); });
        return found ? *found : number(db.connection(), kLowest);
    });
}

Result<std::vector<HeightGap>> missing_heights(Database& db, std::int64_t from, std::int64_t to) {
    return guarded([&]() -> Result<std::vector<HeightGap>> {
        auto gaps = all_rows(ready(db.connection(), kJumps, from, to), [](Statement& row) {
            return HeightGap{row.getColumn(0).getInt64(), row.getColumn(1).getInt64()};
        });
        const auto last = first_row(ready(db.connection(), kBefore, to - 1, 0),
                                    [](Statement& row) { return row.getColumn(0).getInt64(); });
        const std::int64_t reached = last && *last >= from ? *last + 1 : from;
        if (reached < to) gaps.push_back({reached, to});
        return gaps;
    });
}

Result<std::vector<Sourced<Price>>> prices_between(Database& db, UtcSeconds from, UtcSeconds to) {
    return guarded([&]() -> Result<std::vector<Sourced<Price>>> {
        return all_rows(ready(db.connection(), kPrices, unix_s(from), unix_s(to)), price_of);
    });
}

Result<std::vector<Sourced<FeeMean>>> fee_means_between(Database& db, UtcSeconds from,
                                                        UtcSeconds to) {
    return guarded([&]() -> Result<std::vector<Sourced<FeeMean>>> {
        return all_rows(ready(db.connection(), kFeeMeans, unix_s(from), unix_s(to)), fee_mean_of);
    });
}

Result<std::vector<Sourced<Epoch>>> epochs(Database& db) {
    return guarded([&]() -> Result<std::vector<Sourced<Epoch>>> {
        return all_rows(db.connection().prepared(kEpochs), epoch_of);
    });
}

Result<std::optional<domain::Range>> price_span(Database& db) {
    return guarded([&]() -> Result<std::optional<domain::Range>> {
        return first_and_last(db.connection().prepared(kPriceSpan));
    });
}

}  // namespace hashprice::storage
