#include "ingest/sources/bitcoin_core.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>

#include "domain/consensus.hpp"
#include "ingest/transport/url.hpp"

namespace hashprice::ingest {

using domain::Block;
using domain::BlockHash;
using domain::Epoch;
using domain::Errc;
using domain::fail;
using domain::Result;

namespace {

std::string rpc(std::size_t id, std::string_view method, std::string_view params) {
    return fmt::format(R"({{"jsonrpc":"1.0","id":{},"method":"{}","params":[{}]}})", id, method,
                       params);
}

std::string info_call() { return rpc(0, "getblockchaininfo", ""); }

std::string header_call(std::size_t id, const BlockHash& hash) {
    return rpc(id, "getblockheader", fmt::format(R"("{}")", domain::format_hash(hash)));
}

std::string stats_call(std::size_t id, const BlockHash& hash) {
    return rpc(id, "getblockstats",
               fmt::format(R"("{}",["blockhash","height","subsidy","time","totalfee"])",
                           domain::format_hash(hash)));
}

/// The URL with the login in it, where curl takes it from; errors show neither.
std::string url_with_login(std::string_view base_url, std::string_view login) {
    const std::size_t scheme_end = base_url.find("://") + 3;
    std::string_view rest = base_url.substr(scheme_end);
    const std::size_t at = rest.substr(0, rest.find('/')).rfind('@');
    if (at != std::string_view::npos) rest.remove_prefix(at + 1);
    const std::size_t colon = login.find(':');
    const std::string user = url_encoded(login.substr(0, colon));
    const std::string password =
        colon == std::string_view::npos ? "" : url_encoded(login.substr(colon + 1));
    return fmt::format("{}{}:{}@{}", base_url.substr(0, scheme_end), user, password,
                       join_url(rest, "/"));
}

}  // namespace

Result<std::string> BitcoinCore::login() const {
    if (!options().rpc_user.empty()) return options().rpc_user + ":" + options().rpc_password;
    std::ifstream file(options().cookie_file);
    std::string cookie;
    if (!std::getline(file, cookie) || cookie.find(':') == std::string::npos) {
        return fail(Errc::config, fmt::format("{}: no cookie in cookie_file '{}': is the node "
                                              "running, and may we read it?",
                                              name(), options().cookie_file));
    }
    return cookie;
}

Result<HttpResponse> BitcoinCore::call(Visit& visit, const std::vector<std::string>& calls) const {
    std::string used;
    for (;;) {
        const auto now = login();
        if (!now) return tl::unexpected(now.error());
        HttpRequest request;
        request.method = HttpMethod::post;
        request.url = url_with_login(base_url(), *now);
        request.headers.emplace_back("Content-Type", "application/json");
        request.body = fmt::format("[{}]", fmt::join(calls, ","));
        auto answer = ask(visit, std::move(request));
        if (answer || visit.status != 401 || !used.empty()) return answer;
        used = *now;
        const auto renewed = login();
        if (!renewed || *renewed == used) return answer;
    }
}

Result<std::int64_t> BitcoinCore::tip_height(Visit& visit) const {
    const auto answer = call(visit, {info_call()});
    if (!answer) return tl::unexpected(answer.error());
    return judged(visit, *answer, decode_core_tip(answer->body));
}

Result<std::vector<BlockHash>> BitcoinCore::hashes_of(
    Visit& visit, const std::vector<std::int64_t>& heights) const {
    std::vector<std::string> calls{info_call()};
    for (const std::int64_t height : heights) {
        calls.push_back(rpc(calls.size(), "getblockhash", fmt::format("{}", height)));
    }
    const auto answer = call(visit, calls);
    if (!answer) return tl::unexpected(answer.error());
    return judged(visit, *answer, decode_core_hashes(answer->body, heights.size()));
}

Result<std::vector<Block>> BitcoinCore::blocks_to(Visit& visit, std::int64_t top) const {
    std::vector<std::int64_t> heights;
    for (auto h = std::max<std::int64_t>(0, top - page_size() + 1); h <= top; ++h) {
        heights.push_back(h);
    }
    const auto hashes = hashes_of(visit, heights);
    if (!hashes) return tl::unexpected(hashes.error());
    if (hashes->empty()) return std::vector<Block>{};
    std::vector<std::string> calls;
    for (const BlockHash& hash : *hashes) {
        calls.push_back(header_call(calls.size(), hash));
        calls.push_back(stats_call(calls.size(), hash));
    }
    const auto answer = call(visit, calls);
    if (!answer) return tl::unexpected(answer.error());
    auto blocks = judged(visit, *answer, decode_core_blocks(answer->body, *hashes, visit.now));
    if (blocks && blocks->front().height != heights.front()) {
        return fail(Errc::out_of_range, fmt::format("asked for blocks from {}, got {}",
                                                    heights.front(), blocks->front().height));
    }
    return blocks;
}

Result<std::vector<Epoch>> BitcoinCore::epochs_from(Visit& visit, std::int64_t from_height) const {
    std::vector<std::int64_t> heights;
    auto height =
        domain::epoch_start(std::max<std::int64_t>(from_height, 0) + domain::kBlocksPerEpoch - 1);
    for (int n = 0; n < epochs_per_visit(); ++n, height += domain::kBlocksPerEpoch) {
        heights.push_back(height);
    }
    const auto hashes = hashes_of(visit, heights);
    if (!hashes) return tl::unexpected(hashes.error());
    if (hashes->empty()) return std::vector<Epoch>{};
    std::vector<std::string> calls;
    for (const BlockHash& hash : *hashes) calls.push_back(header_call(calls.size(), hash));
    const auto answer = call(visit, calls);
    if (!answer) return tl::unexpected(answer.error());
    return judged(visit, *answer, decode_core_epochs(answer->body, *hashes, visit.now));
}

}  // namespace hashprice::ingest
