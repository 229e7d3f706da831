#pragma once
#include <functional>
#include <optional>
#include <vector>

#include "ingest/sources/source.hpp"
#include "storage/facts.hpp"

namespace hashprice::ingest {

using StoredBlock = storage::Sourced<domain::Block>;
/// The stored block at a height, with its hash.
using StoredAt = std::function<domain::Result<std::optional<StoredBlock>>(std::int64_t height)>;

/// Blocks of one source, ascending and linked by parent, read from its tip downward.
struct ChainNews {
    std::vector<domain::Block> blocks;
    /// The lowest of them that stands in the place of another stored block: a reorganization.
    std::optional<std::int64_t> fork;
    /// Why reading ended early, if it did. What was read is good all the same.
    std::optional<domain::Error> cut_short;
};

/// How far to read.
struct ChainWalk {
    std::int64_t top{};     ///< the source's tip
    std::int64_t lowest{};  ///< read down to this height, and further while the branch differs
};
constexpr std::int64_t kDeepestReorg = 100;  ///< of blocks; a deeper one is not believed

/// Pages from `top` downward until height `lowest` is read and the branch meets what is stored.
///
///   errors  the source's; a chain that changed while it was read, that does not fit the stored
///           block below it, or that differs for more than kDeepestReorg blocks ->
///           Errc::out_of_range
domain::Result<ChainNews> walk_chain(const ChainSource& source, Visit& visit, const ChainWalk& walk,
                                     const StoredAt& stored);

}  // namespace hashprice::ingest
