#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/facts.hpp"
#include "storage/database.hpp"

/// Reading stored facts.
///
///   errors  whatever SQLite says -> Errc::database
namespace hashprice::storage {

/// A fact in use, with who said it and when it was fetched.
template <class Fact>
struct Sourced {
    Fact fact;
    SourceId source{};
    UtcSeconds fetched_at;
};

struct SourceName {
    SourceId id{};
    std::string name;
};

constexpr std::string_view kStarter = "starter";  ///< outranked by whatever was fetched

/// Every source that ever said something, by id.
Result<std::vector<SourceName>> sources(Database& db);
/// The id of a source, given on first use.   errors  a 63rd source -> Errc::database
Result<SourceId> source_id(Database& db, std::string_view name);

/// Blocks with from <= height < to, ascending; `hash` is left out (see block_at).
Result<std::vector<Sourced<domain::Block>>> blocks_between(Database& db, std::int64_t from,
                                                           std::int64_t to);
/// One block with its hash.
Result<std::optional<Sourced<domain::Block>>> block_at(Database& db, std::int64_t height);
/// The highest block.
Result<std::optional<Sourced<domain::Block>>> tip(Database& db);
/// The height of the highest stored block whose header time is <= t, found by bisection; -1 when
/// there is none. Header times are not monotonic: the answer may be off by the few blocks that
/// share two hours.
Result<std::int64_t> height_near(Database& db, UtcSeconds t);
/// The height of the stored block `count` places below `height` in stored order, or of the lowest.
Result<std::int64_t> height_before(Database& db, std::int64_t height, std::int64_t count);

/// A stretch of heights that are not stored: [from, to).
struct HeightGap {
    std::int64_t from{};
    std::int64_t to{};
};
/// What is missing of [from, to), ascending.
Result<std::vector<HeightGap>> missing_heights(Database& db, std::int64_t from, std::int64_t to);

/// Prices with from < time <= to, in time order, then by source and span.
Result<std::vector<Sourced<domain::Price>>> prices_between(Database& db, UtcSeconds from,
                                                           UtcSeconds to);
/// Fee means with from < end <= to, in time order.
Result<std::vector<Sourced<domain::FeeMean>>> fee_means_between(Database& db, UtcSeconds from,
                                                                UtcSeconds to);
/// Every epoch, ascending.
Result<std::vector<Sourced<domain::Epoch>>> epochs(Database& db);
/// Earliest and latest instant at which a price is known; nullopt without prices.
Result<std::optional<domain::Range>> price_span(Database& db);

}  // namespace hashprice::storage
