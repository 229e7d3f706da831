#pragma once
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/fake_world.hpp"

/// What each provider would answer, in its own shape, order and types.
///
///   shape  pure functions of the view and the request
namespace hashprice::fake {

struct Request {
    std::string method;
    std::string path;  ///< behind the provider's prefix
    std::map<std::string, std::string> query;
    std::string body;
    std::string authorization;
    std::string if_none_match;

    [[nodiscard]] std::string text(const std::string& key, const std::string& otherwise = {}) const;
    [[nodiscard]] std::int64_t number(const std::string& key, std::int64_t otherwise) const;
};

struct Reply {
    int status = 200;
    std::string body;
    std::string type = "application/json";
    std::vector<std::pair<std::string, std::string>> headers;
};
Reply not_found(const std::string& text);

/// The world as one provider sees it.
struct View {
    const World& world;
    UtcSeconds now;
    std::int64_t offset_micro_usd = 0;  ///< how much its prices differ from the figures
    double price_factor = 1.0;
    bool wrong_chain = false;
    std::string rpc_login;  ///< what bitcoin_core demands, "user:password"

    [[nodiscard]] domain::MicroUsd price_at(UtcSeconds t) const;
    [[nodiscard]] WorldCandle candle(UtcSeconds start, seconds span) const;
    [[nodiscard]] std::optional<WorldBlock> block(std::int64_t height) const;
    [[nodiscard]] std::optional<WorldBlock> header(std::int64_t height) const;
    [[nodiscard]] std::int64_t tip() const { return world.tip(now); }
    /// Up to `most` blocks that are there without a hole, from `top` downward.
    [[nodiscard]] std::vector<WorldBlock> page(std::int64_t top, std::size_t most) const;

private:
    [[nodiscard]] domain::MicroUsd shifted(domain::MicroUsd price) const;
};

std::string usd(domain::MicroUsd price);  ///< "113102.18"
std::string iso(UtcSeconds t);
std::string join(const std::vector<std::string>& rows);  ///< "[a,b]"
std::string bits_hex(domain::Bits bits);
double difficulty(domain::Bits bits);

Reply mempool_reply(const View& view, const Request& request);
Reply esplora_reply(const View& view, const Request& request);
Reply coinbase_reply(const View& view, const Request& request);
Reply kraken_reply(const View& view, const Request& request);
Reply bitstamp_reply(const View& view, const Request& request);
Reply gemini_reply(const View& view, const Request& request);
Reply blockchain_reply(const View& view, const Request& request);
Reply core_reply(const View& view, const Request& request);
Reply braiins_reply(const View& view, const Request& request);
Reply luxor_reply(const View& view, const Request& request);

}  // namespace hashprice::fake
