#include "ingest/sources/block_json.hpp"

#include "ingest/sources/plausible.hpp"

namespace hashprice::ingest {

Fields block_fields(const Node& row) {
    return {row, {"id", "height", "previousblockhash", "timestamp", "bits", "extras"}};
}

domain::Block read_block(const Fields& row, domain::UtcSeconds now) {
    domain::Block block;
    block.height = row["height"].integer(0, kHighestHeight);
    block.hash = row["id"].hash();
    if (block.height > 0) block.parent = row["previousblockhash"].hash();
    block.time = row["timestamp"].time(now + kHeaderLead);
    block.bits = domain::Bits{static_cast<std::uint32_t>(row["bits"].integer(0, UINT32_MAX))};
    return block;
}

}  // namespace hashprice::ingest
