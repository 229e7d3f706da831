#include "tests/bench/chain.hpp"

#include <fmt/format.h>

#include <cmath>

#include "domain/consensus.hpp"

namespace hashprice::bench {

using domain::kHour;
using domain::UtcSeconds;

namespace {

/// SplitMix64: the same digits everywhere.
std::uint64_t mixed(std::uint64_t n) {
    n += 0x9e37'79b9'7f4a'7c15;
    n = (n ^ n >> 30) * 0xbf58'476d'1ce4'e5b9;
    n = (n ^ n >> 27) * 0x94d0'49bb'1331'11eb;
    return n ^ n >> 31;
}

/// Far below the target of kBits, as a hash must be.
std::string hash_of(std::int64_t height) {
    const auto h = static_cast<std::uint64_t>(height);
    return fmt::format("{:024x}{:08x}{:016x}{:016x}", 0, mixed(h) & 0xffff'ffff, mixed(h + 1),
                       mixed(h + 2));
}

std::string block_json(std::int64_t height) {
    const std::string hash = hash_of(height);
    const std::int64_t fees = fees_of(height).value;
    const std::int64_t time = domain::unix_s(time_of(height));
    return fmt::format(
        R"({{"id":"{0}","height":{1},"version":536870912,"timestamp":{2},"tx_count":3121,)"
        R"("size":1580021,"weight":3993112,"merkle_root":"{3}","previousblockhash":"{4}",)"
        R"("mediantime":{5},"nonce":2083236893,"bits":{6},"difficulty":94559034246848.5,)"
        R"("extras":{{"totalFees":{7},"medianFee":2,"feeRange":[1,1.02,2,3,5,9,301],)"
        R"("reward":{8},"pool":{{"id":111,"name":"Foundry USA","slug":"foundryusa"}},)"
        R"("avgFee":{9},"avgFeeRate":3,"coinbaseRaw":"{10}","utxoSetChange":-1822,)"
        R"("coinbaseAddress":"bc1qxhmdufsvnuaaaer4ynz88fspdsxq2h9e9cetdj","avgTxSize":506.03,)"
        R"("coinbaseSignature":"OP_0 OP_PUSHBYTES_20 35f6de260c9f3bdee47524c473a6016c0c055cb9",)"
        R"("coinbaseSignatureAscii":"Foundry USA Pool #dropgold","totalInputs":7912,)"
        R"("totalOutputs":9734,"totalOutputAmt":871262811233,"medianFeeAmt":1008,)"
        R"("feePercentiles":[162,440,702,1008,2115,4520,1312640],"segwitTotalTxs":2941,)"
        R"("segwitTotalSize":1402315,"segwitTotalWeight":3282420,"header":"{11}",)"
        R"("utxoSetSize":null,"virtualSize":998278,"matchRate":99.87,"expectedFees":{7},)"
        R"("expectedWeight":3991832,"similarity":0.98,"firstSeen":null,"orphans":[]}}}})",
        hash, height, time, hash, hash_of(height - 1), time - 2900, kBits.value, fees,
        domain::subsidy_at(height).value + fees, fees / 3121, std::string(120, '3'),
        std::string(160, 'a'));
}

}  // namespace

UtcSeconds time_of(std::int64_t height) {
    const auto jitter = static_cast<std::int64_t>(mixed(static_cast<std::uint64_t>(height)) % 840);
    return domain::kGenesisTime + domain::seconds{height == 0 ? 0 : height * 600 + jitter - 420};
}

domain::Satoshi fees_of(std::int64_t height) {
    return domain::Satoshi{static_cast<std::int64_t>(
        1'000'000 + mixed(static_cast<std::uint64_t>(height) ^ 7) % 4'000'000)};
}

std::string page_from(std::int64_t first) {
    std::string page = "[";
    for (std::int64_t height = first + kPageBlocks - 1; height >= first; --height) {
        page += block_json(height);
        page += height == first ? ']' : ',';
    }
    return page;
}

domain::MicroUsd price_at(UtcSeconds t) {
    const double days = static_cast<double>(domain::unix_s(t)) / 86'400;
    const double usd = 60'000 + 20'000 * std::sin(days / 90) + 500 * std::sin(days * 40);
    return domain::MicroUsd{std::llround(usd * 100) * 10'000};
}

std::vector<domain::Price> hourly_closes(UtcSeconds from, UtcSeconds to) {
    std::vector<domain::Price> closes;
    for (UtcSeconds t = std::chrono::floor<std::chrono::hours>(from) + kHour; t <= to; t += kHour) {
        closes.push_back({t, kHour, price_at(t)});
    }
    return closes;
}

}  // namespace hashprice::bench
