#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/result.hpp"
#include "domain/time.hpp"
#include "domain/units.hpp"

/// What a source said. Exact integers only; whoever said it and when it was fetched stand on the
/// batch.
namespace hashprice::domain {

/// In the order people write it: most significant byte first, so the zeros lead.
struct BlockHash {
    std::array<std::uint8_t, 32> bytes{};
    friend constexpr auto operator<=>(const BlockHash&, const BlockHash&) = default;
};
Result<BlockHash> parse_hash(std::string_view hex);  ///< 64 hex digits, else Errc::bad_payload
std::string format_hash(const BlockHash& hash);

struct Block {
    std::int64_t height{};
    std::optional<BlockHash> hash;    ///< fee histories by height know none
    std::optional<BlockHash> parent;  ///< unknown in some collections; checked where it is known
    UtcSeconds time;                  ///< header time: not monotonic along the chain
    Bits bits;
    std::optional<Satoshi>
        fees;  ///< total fees of the block; a source without fees leaves it empty
    friend bool operator==(const Block&, const Block&) = default;
};

/// A price of one BTC: a tick (span 0) at its own time, or a candle's close as of the candle's end.
struct Price {
    UtcSeconds time;  ///< of a candle: its end, a multiple of its span
    seconds span{};   ///< 0 for a tick
    MicroUsd price;
    friend bool operator==(const Price&, const Price&) = default;
};

enum class FeeWindow { blocks_144 = 0, utc_day = 1 };
std::string_view fee_window_name(FeeWindow window);
Result<FeeWindow> parse_fee_window(std::string_view name);

/// A sum of fees over a window that ends at `end`, where the single blocks are not known.
struct FeeMean {
    UtcSeconds end;
    FeeWindow window{};
    Satoshi fee_sum;
    std::int32_t blocks{};      ///< 144, or the blocks of that UTC day; > 0
    std::int64_t tip_height{};  ///< the highest block at `end`
    friend bool operator==(const FeeMean&, const FeeMean&) = default;
};

/// A difficulty epoch: 2016 blocks that share their bits.
struct Epoch {
    std::int64_t start_height{};  ///< a multiple of 2016
    UtcSeconds start_time;  ///< header time of its first block; some origins know only the day
    Bits bits;
    friend bool operator==(const Epoch&, const Epoch&) = default;
};

/// Something a source said that cannot be believed: kept with the reason, used nowhere.
struct Refused {
    std::string kind;     ///< block, price, fee_mean, epoch, body
    std::string reason;   ///< names the field
    std::string payload;  ///< as it was sent, cut to a bounded length
};

/// Everything one answer of one source brought. Facts in any order; storage sorts them.
struct FactBatch {
    std::string source;  ///< "mempool", "coinbase", "starter", ...
    UtcSeconds fetched_at;
    std::vector<Block> blocks;
    std::vector<Price> prices;
    std::vector<FeeMean> fee_means;
    std::vector<Epoch> epochs;
    std::vector<Refused> refused;
};

}  // namespace hashprice::domain
