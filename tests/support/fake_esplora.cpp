#include <fmt/format.h>

#include "tests/support/fake_replies.hpp"

/// Esplora: blocks without fees, errors in plain text.
namespace hashprice::fake {
namespace {

Reply text(const std::string& body) { return {200, body, "text/plain", {}}; }
Reply bad(const std::string& body) { return {400, body, "text/plain", {}}; }

std::string block_json(const WorldBlock& b) {
    const auto& block = b.block;
    const std::string parent =
        block.parent ? '"' + domain::format_hash(*block.parent) + '"' : "null";
    return fmt::format(
        R"({{"id":"{}","height":{},"version":536870912,"timestamp":{},"tx_count":{},)"
        R"("size":1580021,"weight":3993112,"merkle_root":"{}","previousblockhash":{},)"
        R"("mediantime":{},"nonce":2083236893,"bits":{},"difficulty":{:.1f}}})",
        domain::format_hash(*block.hash), block.height, domain::unix_s(block.time), b.transactions,
        domain::format_hash(*block.hash), parent, domain::unix_s(block.time) - 2900,
        block.bits.value, difficulty(block.bits));
}

/// Ten at or below the start; the first block of an epoch is known where the others are not.
Reply blocks(const View& view, const std::string& start) {
    const std::int64_t top = start.empty() ? view.tip() : std::strtoll(start.c_str(), nullptr, 10);
    if (top > view.tip()) return not_found("Block not found");
    std::vector<std::string> rows;
    for (const WorldBlock& b : view.page(top, 10)) rows.push_back(block_json(b));
    const auto first = view.header(top);
    if (rows.empty() && first) rows.push_back(block_json(*first));
    return {200, join(rows)};
}

Reply block(const View& view, const std::string& hex) {
    const auto hash = domain::parse_hash(hex);
    if (!hash) return bad("Invalid hash string");
    const auto known = view.header(height_in(*hash));
    if (!known || known->block.hash != *hash) return not_found("Block not found");
    return {200, block_json(*known)};
}

}  // namespace

Reply esplora_reply(const View& view, const Request& request) {
    const std::string& path = request.path;
    if (path == "/blocks/tip/height") return text(fmt::format("{}", view.tip()));
    if (path == "/blocks") return blocks(view, "");
    if (path.starts_with("/blocks/")) return blocks(view, path.substr(8));
    if (path.starts_with("/block/")) return block(view, path.substr(7));
    if (path.starts_with("/block-height/")) {
        const auto known = view.header(std::strtoll(path.c_str() + 14, nullptr, 10));
        return known ? text(domain::format_hash(*known->block.hash)) : not_found("Block not found");
    }
    return not_found("endpoint does not exist");
}

}  // namespace hashprice::fake
