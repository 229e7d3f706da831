#pragma once
#include <string_view>

#include "ingest/sources/source.hpp"

/// Esplora (blockstream.info, or one of one's own): the chain without fees.
///
///   shape   decode_* are pure
///   source  Blockstream/esplora API.md; base_url ends in /api
namespace hashprice::ingest {

/// Up to 15 blocks, newest first in the body; ascending and linked out, without fees.
domain::Result<std::vector<domain::Block>> decode_esplora_blocks(std::string_view body,
                                                                 domain::UtcSeconds now);

class Esplora final : public Source, public ChainSource {
public:
    using Source::Source;
    [[nodiscard]] const ChainSource* chain() const override { return this; }
    domain::Result<std::int64_t> tip_height(Visit& visit) const override;
    domain::Result<std::vector<domain::Block>> blocks_to(Visit& visit,
                                                         std::int64_t top) const override;
    [[nodiscard]] int page_size() const override { return 10; }
    [[nodiscard]] bool has_fees() const override { return false; }
    /// One request per epoch, and one for the tip.
    domain::Result<std::vector<domain::Epoch>> epochs_from(Visit& visit,
                                                           std::int64_t from_height) const override;
    [[nodiscard]] int epochs_per_visit() const override { return 10; }
};

}  // namespace hashprice::ingest
