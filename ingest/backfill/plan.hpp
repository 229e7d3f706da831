#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "ingest/sources/source.hpp"
#include "storage/facts.hpp"

/// Which requests a stretch of the past needs, given what is stored.
///
///   shape   pure: no clock, no I/O
///   source  DESIGN "polite history": few and wide requests, nothing that is stored
namespace hashprice::ingest {

using domain::Range;
using domain::seconds;
using domain::UtcSeconds;

constexpr seconds kChunk = 30 * domain::kDay;
/// The first instants of a range need the fees of the 144 blocks before them: a day's, and some
/// more where blocks came slowly.
constexpr seconds kPrelude = 36 * domain::kHour;
/// Shorter stretches without blocks are filled from pages; longer ones are asked as fee windows.
constexpr seconds kPageStretch = 4 * domain::kHour;
/// Blocks further apart than this have a hole between them, as far as time alone can tell.
constexpr seconds kLongestPause = 3 * domain::kHour;

/// With a step of a day, what lies further back is filled from fees by day instead of by block.
constexpr seconds kByBlock = 400 * domain::kDay;
/// 900 days of candles are one request to most exchanges.
constexpr seconds kDayChunk = 900 * domain::kDay;

/// What is fetched, stored and derived in one go.
struct Chunk {
    Range instants;  ///< observations with from < t <= to
    Range blocks;    ///< header times; together the chunks' blocks reach further back, by kPrelude
    bool oldest = false;
    bool by_day = false;  ///< fees of whole days, no blocks
};
/// A range cut into chunks, newest first. With `kPrelude` each chunk's blocks are 30 days: ten
/// windows of three days.
std::vector<Chunk> chunks_of(Range range);
/// The same; with a step of a day, what is older than kByBlock is cut into chunks by day.
std::vector<Chunk> chunks_of(Range range, seconds step, UtcSeconds now);

/// Block heights [from, to).
struct Heights {
    std::int64_t from{};
    std::int64_t to{};
    friend bool operator==(const Heights&, const Heights&) = default;
};

/// A block that is known, fees included.
struct HeldBlock {
    std::int64_t height{};
    UtcSeconds time;
    friend bool operator==(const HeldBlock&, const HeldBlock&) = default;
};

/// Stretches of `wanted` in which blocks are missing, ascending; `held` ascends by height and
/// reaches somewhat beyond `wanted` where something is stored there.
std::vector<Range> missing_stretches(std::span<const HeldBlock> held, Range wanted);

/// Fee windows for those stretches: what is short is left to pages.
std::vector<Range> fee_windows(std::span<const Range> stretches, seconds longest);

/// Heights missing between held ones.
std::vector<Heights> missing_heights_of(std::span<const HeldBlock> held);

/// The ends of candles that one exchange still owes.
struct CandlePlan {
    std::vector<Range> requests;           ///< aligned; ascending
    std::vector<UtcSeconds> missing;       ///< ends of the candles asked for, ascending
    std::optional<UtcSeconds> reaches_to;  ///< it has nothing that starts earlier, and that matters
};

/// What the question is about.
struct CandleQuestion {
    Range instants;  ///< ends of candles in (from, to]
    seconds span{};
    UtcSeconds now;  ///< judges how far back an offer reaches
    CandleOffer offer;
};
/// `held`: ends of candles that need not be asked for, ascending; one step beyond the range at
/// either side. Up to three candles missing between held ones are spans without a trade.
CandlePlan plan_candles(const CandleQuestion& question, std::span<const UtcSeconds> held);

/// Every aligned instant of (from, to], ascending.
std::vector<UtcSeconds> instants_of(Range instants, seconds step);

/// Down, and up, to a multiple of the step.
UtcSeconds floor_to(UtcSeconds t, seconds step);
UtcSeconds ceil_to(UtcSeconds t, seconds step);

/// Neighbouring instants as stretches: (from, to] holds each of them, one step apart.
std::vector<Range> joined(std::span<const UtcSeconds> instants, seconds step);

}  // namespace hashprice::ingest
