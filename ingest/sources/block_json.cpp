#include "ingest/sources/block_json.hpp"

#include "ingest/sources/plausible.hpp"

namespace hashprice::ingest {

domain::Block read_block(const Node& row, domain::UtcSeconds now) {
    domain::Block block;
    block.height = row["height"].integer(0, kHighestHeight);
    block.hash = row["id"].hash();
    if (block.height > 0) block.parent = row["previousblockhash"].hash();
    block.time = row["timestamp"].time(now + kHeaderLead);
    block.bits = domain::Bits{static_cast<std::uint32_t>(row["bits"].integer(0, UINT32_MAX))};
    return block;
}

}  // namespace hashprice::ingest
