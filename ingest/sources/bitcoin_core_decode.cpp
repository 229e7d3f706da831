#include <fmt/format.h>

#include <charconv>

#include "domain/consensus.hpp"
#include "ingest/sources/bitcoin_core.hpp"
#include "ingest/sources/json.hpp"
#include "ingest/sources/plausible.hpp"

namespace hashprice::ingest {

using domain::Block;
using domain::BlockHash;
using domain::Epoch;
using domain::Errc;
using domain::Result;
using domain::Satoshi;
using domain::UtcSeconds;

namespace {

constexpr std::int64_t kPruned = -1;        // RPC_MISC_ERROR: block or undo data not available
constexpr std::int64_t kNoSuchHeight = -8;  // RPC_INVALID_PARAMETER: above the tip

/// The rows of a batch's answer by id, each of 0 to count - 1 exactly once.
std::vector<Node> by_id(const Node& root, std::size_t count) {
    std::vector<Node> rows = root.rows("answers", count);
    if (rows.size() != count) {
        root.refuse(Errc::bad_payload,
                    fmt::format("has {} answers to {} calls", rows.size(), count));
        return {};
    }
    std::vector<Node> sorted = rows;
    std::vector<bool> seen(count);
    for (const Node& row : rows) {
        const auto id =
            static_cast<std::size_t>(row["id"].integer(0, static_cast<std::int64_t>(count) - 1));
        if (id >= count) return {};
        if (seen[id]) row["id"].refuse(Errc::bad_payload, "is there twice");
        seen[id] = true;
        sorted[id] = row;
    }
    return sorted;
}

/// The code of the error in a row; 0: it has a result.
std::int64_t error_code(const Node& row) {
    return row.has("error") ? row["error"]["code"].integer(-100'000, 100'000) : 0;
}

Node result_of(const Node& row) {
    if (row.has("error")) {
        const Node error = row["error"];
        row["error"].refuse(Errc::http_status,
                            fmt::format("says {} ({})", error["message"].text(200),
                                        error["code"].integer(-100'000, 100'000)));
    }
    return row["result"];
}

std::int64_t tip_of(const Node& row) {
    const Node info = result_of(row);
    if (info["chain"].text(20) != "main") {
        info["chain"].refuse(Errc::out_of_range, fmt::format("is '{}', not Bitcoin's main chain",
                                                             info["chain"].text(20)));
    }
    const std::int64_t blocks = info["blocks"].integer(1, kHighestHeight);
    const std::int64_t headers = info["headers"].integer(0, kHighestHeight);
    if (info["initialblockdownload"].boolean() || headers - blocks > 1) {
        info["blocks"].refuse(
            Errc::not_found,
            fmt::format("is {} of {}: the node is still downloading the chain", blocks, headers));
    }
    return blocks;
}

domain::Bits bits_of_hex(const Node& node) {
    const std::string_view hex = node.text(8);
    domain::Bits bits;
    const auto [stop, error] = std::from_chars(hex.data(), hex.data() + hex.size(), bits.value, 16);
    if (hex.size() != 8 || error != std::errc{} || stop != hex.data() + hex.size()) {
        node.refuse(Errc::bad_payload, "is no 8 hex digits");
    }
    return bits;
}

Block header_of(const Node& row, const BlockHash& asked, UtcSeconds now) {
    const Node header = result_of(row);
    Block block;
    block.height = header["height"].integer(0, kHighestHeight);
    block.hash = header["hash"].hash();
    if (block.hash != asked) header["hash"].refuse(Errc::out_of_range, "is not the one asked for");
    if (block.height > 0) block.parent = header["previousblockhash"].hash();
    block.time = header["time"].time(now + kHeaderLead);
    block.bits = bits_of_hex(header["bits"]);
    if (header["confirmations"].integer(-1, kHighestHeight) < 0) {
        header["confirmations"].refuse(Errc::not_found,
                                       "is -1: a reorg came between, to be asked again");
    }
    return block;
}

Satoshi fees_of(const Node& row, const Block& block) {
    const Node stats = result_of(row);
    const Satoshi subsidy = domain::subsidy_at(block.height);
    (void)stats["subsidy"].integer(subsidy.value, subsidy.value);
    (void)stats["height"].integer(block.height, block.height);
    (void)stats["time"].integer(domain::unix_s(block.time), domain::unix_s(block.time));
    if (stats["blockhash"].hash() != *block.hash) {
        stats["blockhash"].refuse(Errc::out_of_range, "is not the one asked for");
    }
    return Satoshi{stats["totalfee"].integer(0, kHighestFees)};
}

}  // namespace

Result<std::int64_t> decode_core_tip(std::string_view body) {
    return decode_json(body, [](const Node& root, Verdict&) {
        const std::vector<Node> rows = by_id(root, 1);
        return rows.empty() ? 0 : tip_of(rows.front());
    });
}

Result<std::vector<BlockHash>> decode_core_hashes(std::string_view body, std::size_t count) {
    return decode_json(body, [count](const Node& root, Verdict&) {
        std::vector<BlockHash> hashes;
        const std::vector<Node> rows = by_id(root, count + 1);
        if (rows.empty()) return hashes;
        (void)tip_of(rows.front());
        bool above_tip = false;
        for (std::size_t i = 1; i < rows.size(); ++i) {
            if (error_code(rows[i]) == kNoSuchHeight) {
                above_tip = true;
            } else if (above_tip) {
                rows[i].refuse(Errc::out_of_range, "has a block above one that is not there");
            } else {
                hashes.push_back(result_of(rows[i]).hash());
            }
        }
        return hashes;
    });
}

Result<std::vector<Block>> decode_core_blocks(std::string_view body,
                                              std::span<const BlockHash> hashes, UtcSeconds now) {
    auto blocks = decode_json(body, [&](const Node& root, Verdict&) {
        std::vector<Block> read;
        const std::vector<Node> rows = by_id(root, 2 * hashes.size());
        for (std::size_t i = 0; i < rows.size() / 2; ++i) {
            Block block = header_of(rows[2 * i], hashes[i], now);
            const Node& stats = rows[2 * i + 1];
            if (error_code(stats) != kPruned) block.fees = fees_of(stats, block);
            read.push_back(block);
        }
        return read;
    });
    if (!blocks) return blocks;
    for (const Block& block : *blocks) {
        const auto sane = check_block(block);
        if (!sane) return tl::unexpected(sane.error());
    }
    const auto linked = check_chain(*blocks);
    if (!linked) return tl::unexpected(linked.error());
    return blocks;
}

Result<std::vector<Epoch>> decode_core_epochs(std::string_view body,
                                              std::span<const BlockHash> hashes, UtcSeconds now) {
    return decode_json(body, [&](const Node& root, Verdict& verdict) {
        std::vector<Epoch> epochs;
        const std::vector<Node> rows = by_id(root, hashes.size());
        for (std::size_t i = 0; i < rows.size(); ++i) {
            const Block block = header_of(rows[i], hashes[i], now);
            if (!domain::is_retarget(block.height)) {
                rows[i].refuse(Errc::out_of_range, "is no first block of an epoch");
            }
            const auto sane = check_block(block);
            if (verdict.good() && !sane) verdict.refuse(sane.error());
            epochs.push_back({block.height, block.time, block.bits});
        }
        return epochs;
    });
}

}  // namespace hashprice::ingest
