#include "tests/ingest/decoders.hpp"

#include <fmt/format.h>

#include <array>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "ingest/sources/bitcoin_core.hpp"
#include "ingest/sources/bitstamp.hpp"
#include "ingest/sources/blockchain_com.hpp"
#include "ingest/sources/coinbase.hpp"
#include "ingest/sources/comparison.hpp"
#include "ingest/sources/esplora.hpp"
#include "ingest/sources/gemini.hpp"
#include "ingest/sources/kraken.hpp"
#include "ingest/sources/mempool.hpp"
#include "tests/ingest/facts_text.hpp"

namespace hashprice::ingest {

using domain::kDay;
using domain::kHour;
using domain::utc;

namespace {

const domain::UtcSeconds kNow = utc(1'764'547'200);  // 2025-12-01, later than all the bodies

/// A case from a call that decodes one body.
template <class Decode>
DecoderCase make_case(const std::string& name, Decode decode) {
    return {name, [decode](std::string_view body) {
                return decode(body).map([](const auto& value) { return text(value); });
            }};
}

/// The hashes of blocks 903167 to 903169, which the node was asked for.
const std::vector<domain::BlockHash>& asked_hashes() {
    static const std::vector<domain::BlockHash> hashes = [] {
        std::vector<domain::BlockHash> parsed;
        for (const char* hex :
             {"000000000000000000009d9d77c8ae464658da8ad3ba1b2d07eca1937b9cef39",
              "0000000000000000000146b38bc5b5ebb511427e4549638c27a195e4bc720f53",
              "00000000000000000002359ec27a2d06673770cb4a2eb9f19c1e147aba2c1b02"}) {
            parsed.push_back(domain::parse_hash(hex).value());
        }
        return parsed;
    }();
    return hashes;
}

std::vector<DecoderCase> chain_cases() {
    using Body = std::string_view;
    const domain::Range fees{utc(1'756'062'000), utc(1'756'069'200)};
    return {
        make_case("mempool_blocks", [](Body b) { return decode_mempool_blocks(b, kNow); }),
        make_case("mempool_epochs", [](Body b) { return decode_mempool_epochs(b, kNow); }),
        make_case("mempool_fees", [=](Body b) { return decode_mempool_block_fees(b, fees); }),
        make_case("mempool_day_fees",
                  [](Body b) { return decode_mempool_day_fees(b, utc(1'652'313'600)); }),
        make_case("mempool_prices", [](Body b) { return decode_mempool_price(b, kNow); }),
        make_case("esplora_blocks", [](Body b) { return decode_esplora_blocks(b, kNow); }),
        make_case("core_info", [](Body b) { return decode_core_tip(b); }),
        make_case("core_hashes", [](Body b) { return decode_core_hashes(b, 4); }),
        make_case("core_blocks",
                  [](Body b) { return decode_core_blocks(b, asked_hashes(), kNow); }),
        make_case("blockchain_fees", [](Body b) { return decode_blockchain_fees(b, kNow); }),
    };
}

std::vector<DecoderCase> price_cases() {
    using Body = std::string_view;
    // inside the last of the four hours: it is still open
    const domain::UtcSeconds then = utc(1'760'169'600 + 1800);
    return {
        make_case("coinbase_ticker", [](Body b) { return decode_coinbase_ticker(b, kNow); }),
        make_case("coinbase_candles",
                  [=](Body b) { return decode_coinbase_candles(b, kHour, then); }),
        make_case("kraken_ohlc", [=](Body b) { return decode_kraken_candles(b, kHour, then); }),
        make_case("bitstamp_ticker", [](Body b) { return decode_bitstamp_ticker(b, kNow); }),
        make_case("bitstamp_ohlc",
                  [](Body b) { return decode_bitstamp_candles(b, kDay, utc(1'317'000'000)); }),
        make_case("gemini_ticker", [](Body b) { return decode_gemini_ticker(b, kNow); }),
        make_case("gemini_candles", [=](Body b) { return decode_gemini_candles(b, kHour, then); }),
        make_case("blockchain_prices", [](Body b) { return decode_blockchain_prices(b, kNow); }),
        make_case("braiins", [](Body b) { return decode_braiins(b, kNow); }),
        make_case("luxor", [](Body b) { return decode_luxor(b, kNow); }),
    };
}

}  // namespace

const std::vector<DecoderCase>& decoder_cases() {
    static const std::vector<DecoderCase> all = [] {
        std::vector<DecoderCase> cases = chain_cases();
        for (DecoderCase& c : price_cases()) cases.push_back(std::move(c));
        return cases;
    }();
    return all;
}

std::string payload(const std::string& name) {
    std::ifstream file(std::string(HP_PAYLOADS) + "/" + name + ".json");
    if (!file) throw std::runtime_error("no payload " + name);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

}  // namespace hashprice::ingest
