#include "config/builtin.hpp"

namespace hashprice::config {
namespace {

Source source(SourceKind kind, std::string base_url, std::int64_t priority, double per_minute) {
    return {.name = std::string(name_of(kind)),
            .kind = kind,
            .base_url = std::move(base_url),
            .priority = priority,
            .requests_per_minute = per_minute};
}

}  // namespace

std::vector<Source> built_in_sources() {
    using enum SourceKind;
    // one's own node, once it is switched on, is the best witness and has no limit but its own
    Source node = source(bitcoin_core, "http://127.0.0.1:8332", 5, 600);
    node.enabled = false;
    return {source(mempool, "https://mempool.space", 10, 30),
            source(esplora, "https://blockstream.info/api", 20, 6),
            std::move(node),
            source(blockchain_com, "https://api.blockchain.info", 30, 6),   // one in ten seconds
            source(coinbase, "https://api.exchange.coinbase.com", 10, 60),  // ten a second allowed
            source(kraken, "https://api.kraken.com", 20, 30),               // one a second allowed
            source(bitstamp, "https://www.bitstamp.net", 30, 60),           // 10,000 in ten minutes
            source(gemini, "https://api.gemini.com", 40, 30)};              // one a second advised
}

std::vector<TrendRule> built_in_rules() {
    return {TrendRule{.name = "sustained-decline", .kind = RuleKind::drawdown}};
}

}  // namespace hashprice::config
