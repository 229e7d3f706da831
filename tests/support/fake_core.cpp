#include <fmt/format.h>
#include <simdjson.h>

#include <array>

#include "domain/consensus.hpp"
#include "tests/support/fake_replies.hpp"

/// Bitcoin Core's JSON-RPC over HTTP: cookie, batches, errors as it names them.
namespace hashprice::fake {
namespace {

using simdjson::dom::element;

std::string base64(std::string_view text) {
    constexpr std::string_view kLetters =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    for (std::size_t i = 0; i < text.size(); i += 3) {
        std::uint32_t three = 0;
        for (std::size_t j = 0; j < 3; ++j) {
            three =
                three << 8U | (i + j < text.size() ? static_cast<std::uint8_t>(text[i + j]) : 0U);
        }
        for (std::size_t j = 0; j < 4; ++j) {
            out += i + j > text.size() ? '=' : kLetters[three >> (18 - 6 * j) & 63U];
        }
    }
    return out;
}

struct Rpc {
    std::string result;  ///< empty: an error
    int code = 0;
    std::string message;
};

Rpc info(const View& view) {
    const std::int64_t tip = view.tip();
    const auto block = view.header(tip);
    const std::string hash = block ? domain::format_hash(*block->block.hash) : "";
    return {fmt::format(R"({{"chain":"{}","blocks":{},"headers":{},"bestblockhash":"{}",)"
                        R"("difficulty":1.26e+14,"time":{},"mediantime":{},)"
                        R"("verificationprogress":0.9999987,"initialblockdownload":false,)"
                        R"("chainwork":"00","size_on_disk":700000000000,"pruned":false,)"
                        R"("warnings":[]}})",
                        view.wrong_chain ? "test" : "main", tip, tip, hash,
                        domain::unix_s(view.now), domain::unix_s(view.now) - 2900),
            0,
            {}};
}

Rpc block_hash(const View& view, std::int64_t height) {
    const auto block = view.header(height);
    if (!block) return {"", -8, "Block height out of range"};
    return {'"' + domain::format_hash(*block->block.hash) + '"', 0, {}};
}

std::optional<WorldBlock> by_hash(const View& view, std::string_view hex) {
    const auto hash = domain::parse_hash(hex);
    auto known = hash ? view.header(height_in(*hash)) : std::nullopt;
    return known && known->block.hash == *hash ? known : std::nullopt;
}

Rpc block_header(const View& view, std::string_view hex) {
    const auto known = by_hash(view, hex);
    if (!known) return {"", -5, "Block not found"};
    const auto& block = known->block;
    const std::string parent = block.parent ? fmt::format(R"("previousblockhash":"{}",)",
                                                          domain::format_hash(*block.parent))
                                            : "";
    return {fmt::format(R"({{"hash":"{}","confirmations":{},"height":{},"version":536870912,)"
                        R"("merkleroot":"{}","time":{},"mediantime":{},"nonce":2083236893,)"
                        R"("bits":"{}","difficulty":{},"chainwork":"00",{}"nTx":{}}})",
                        hex, view.tip() - block.height + 1, block.height, hex,
                        domain::unix_s(block.time), domain::unix_s(block.time) - 2900,
                        bits_hex(block.bits), difficulty(block.bits), parent, known->transactions),
            0,
            {}};
}

Rpc block_stats(const View& view, std::string_view hex) {
    const auto known = by_hash(view, hex);
    if (!known) return {"", -5, "Block not found"};
    if (!known->block.fees) return {"", -1, "Block not available (pruned data)"};
    return {fmt::format(R"({{"blockhash":"{}","height":{},"subsidy":{},"time":{},"totalfee":{}}})",
                        hex, known->block.height, domain::subsidy_at(known->block.height).value,
                        domain::unix_s(known->block.time), known->block.fees->value),
            0,
            {}};
}

Rpc call(const View& view, const element& request) {
    std::string_view method;
    std::string_view text;
    std::int64_t number = 0;
    if (request["method"].get(method)) return {"", -32600, "Missing method"};
    const auto first = request["params"].at(0);
    if (method == "getblockchaininfo") return info(view);
    if (method == "getblockcount") return {fmt::format("{}", view.tip()), 0, {}};
    if (method == "getblockhash" && !first.get(number)) return block_hash(view, number);
    if (method == "getblockheader" && !first.get(text)) return block_header(view, text);
    if (method == "getblockstats" && !first.get(text)) return block_stats(view, text);
    return {"", -32601, "Method not found"};
}

std::string answer(const Rpc& rpc, std::int64_t id) {
    if (!rpc.result.empty()) {
        return fmt::format(R"({{"result":{},"error":null,"id":{}}})", rpc.result, id);
    }
    return fmt::format(R"({{"result":null,"error":{{"code":{},"message":"{}"}},"id":{}}})",
                       rpc.code, rpc.message, id);
}

std::int64_t id_of(const element& request) {
    std::int64_t id = 0;
    return request["id"].get(id) ? 0 : id;
}

}  // namespace

Reply core_reply(const View& view, const Request& request) {
    if (request.method != "POST") return {405, "JSONRPC server handles only POST requests"};
    if (request.authorization != "Basic " + base64(view.rpc_login)) return {401, ""};
    simdjson::dom::parser parser;
    element root;
    if (parser.parse(request.body).get(root)) {
        return {500, answer({"", -32700, "Parse error"}, 0)};
    }
    if (!root.is_array()) {
        const Rpc rpc = call(view, root);
        const int failed = rpc.code == -32601 ? 404 : 500;
        return {rpc.result.empty() ? failed : 200, answer(rpc, id_of(root))};
    }
    std::vector<std::string> answers;
    for (const element one : simdjson::dom::array(root)) {
        answers.push_back(answer(call(view, one), id_of(one)));
    }
    return {200, join(answers)};
}

}  // namespace hashprice::fake
