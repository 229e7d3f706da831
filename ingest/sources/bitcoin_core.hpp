#pragma once
#include <span>
#include <string_view>

#include "ingest/sources/source.hpp"

/// One's own Bitcoin Core node: the whole chain with fees, over JSON-RPC in batches.
///
///   shape   decode_* are pure; each takes the answer to one batch, in any order of ids
///   source  Bitcoin Core src/rpc/blockchain.cpp
///   errors  an error that the node names -> Errc::http_status; another chain than main ->
///           Errc::out_of_range; still downloading -> Errc::not_found
namespace hashprice::ingest {

/// Height of the tip from getblockchaininfo (id 0).
domain::Result<std::int64_t> decode_core_tip(std::string_view body);

/// getblockchaininfo (id 0), then getblockhash of ascending heights (ids 1 to `count`); those above
/// the node's tip are left out.
domain::Result<std::vector<domain::BlockHash>> decode_core_hashes(std::string_view body,
                                                                  std::size_t count);

/// getblockheader (id 2i) and getblockstats (id 2i + 1) of ascending blocks; linked out. A node
/// that has pruned a block still has its header: such a block has no fees.
domain::Result<std::vector<domain::Block>> decode_core_blocks(
    std::string_view body, std::span<const domain::BlockHash> hashes, domain::UtcSeconds now);

/// getblockheader (id i) of the first blocks of epochs, ascending.
domain::Result<std::vector<domain::Epoch>> decode_core_epochs(
    std::string_view body, std::span<const domain::BlockHash> hashes, domain::UtcSeconds now);

class BitcoinCore final : public Source, public ChainSource {
public:
    using Source::Source;
    [[nodiscard]] const ChainSource* chain() const override { return this; }
    domain::Result<std::int64_t> tip_height(Visit& visit) const override;
    domain::Result<std::vector<domain::Block>> blocks_to(Visit& visit,
                                                         std::int64_t top) const override;
    [[nodiscard]] int page_size() const override { return 50; }
    [[nodiscard]] bool has_fees() const override { return true; }
    domain::Result<std::vector<domain::Epoch>> epochs_from(Visit& visit,
                                                           std::int64_t from_height) const override;
    [[nodiscard]] int epochs_per_visit() const override { return 200; }

private:
    /// user:password of the settings, or what the cookie file holds now.
    [[nodiscard]] domain::Result<std::string> login() const;
    /// Sends calls as one batch. A node that was started again has a new cookie: on 401 it is read
    /// once more.
    domain::Result<HttpResponse> call(Visit& visit, const std::vector<std::string>& calls) const;
    domain::Result<std::vector<domain::BlockHash>> hashes_of(
        Visit& visit, const std::vector<std::int64_t>& heights) const;
};

}  // namespace hashprice::ingest
