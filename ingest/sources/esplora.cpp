#include "ingest/sources/esplora.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "domain/consensus.hpp"
#include "ingest/sources/block_json.hpp"
#include "ingest/sources/heights.hpp"
#include "ingest/sources/json.hpp"
#include "ingest/transport/url.hpp"

namespace hashprice::ingest {

using domain::Block;
using domain::Epoch;
using domain::Errc;
using domain::fail;
using domain::Result;
using domain::UtcSeconds;

Result<std::vector<Block>> decode_esplora_blocks(std::string_view body, UtcSeconds now) {
    constexpr std::size_t kMostBlocks = 15;  // 10, some forks 15
    auto blocks = decode_json(body, [now](const Node& root, Verdict&) {
        std::vector<Block> read;
        for (const Node& row : root.rows("blocks", kMostBlocks)) {
            read.push_back(read_block(block_fields(row), now));
        }
        return read;
    });
    if (!blocks) return blocks;
    return checked_page(std::move(*blocks));
}

Result<std::int64_t> Esplora::tip_height(Visit& visit) const {
    return fetch(visit, join_url(base_url(), "/blocks/tip/height"), decode_height_text);
}

Result<std::vector<Block>> Esplora::blocks_to(Visit& visit, std::int64_t top) const {
    auto page = fetch(visit, join_url(base_url(), fmt::format("/blocks/{}", top)),
                      [&](std::string_view body) {
                          return not_above(top, decode_esplora_blocks(body, visit.now));
                      });
    // above its tip it has no page at all, where others send what is below
    if (!page && visit.status == 404) return std::vector<Block>{};
    return page;
}

Result<std::vector<Epoch>> Esplora::epochs_from(Visit& visit, std::int64_t from_height) const {
    const auto tip = tip_height(visit);
    if (!tip) return tl::unexpected(tip.error());
    std::vector<Epoch> epochs;
    auto height =
        domain::epoch_start(std::max<std::int64_t>(from_height, 0) + domain::kBlocksPerEpoch - 1);
    for (; height <= *tip && static_cast<int>(epochs.size()) < epochs_per_visit();
         height += domain::kBlocksPerEpoch) {
        const auto page = blocks_to(visit, height);
        if (!page) return tl::unexpected(page.error());
        if (page->empty() || page->back().height != height) {
            return fail(Errc::out_of_range,
                        fmt::format("the page of block {} does not start with it", height));
        }
        epochs.push_back({height, page->back().time, page->back().bits});
    }
    return epochs;
}

}  // namespace hashprice::ingest
