#pragma once
#include <array>
#include <optional>
#include <vector>

#include "ingest/derive/price_index.hpp"

namespace hashprice::ingest {

/// Prices as of one instant after the other, and which instants they support.
///
///   shape   no I/O; `prices` ascend by time, and so must the instants
class PricesAsOf {
public:
    PricesAsOf(std::span<const storage::Sourced<domain::Price>> prices,
               const DeriveOptions& options);

    /// The earliest instant after `t` that has a price: a candle's end, or on the grid.
    [[nodiscard]] std::optional<UtcSeconds> next_after(UtcSeconds t);
    /// One quote a source: the newest tick in (t - max_age, t], else the close of the finest candle
    /// ending at t. Valid until the next call.
    std::vector<Quote>& quotes_at(UtcSeconds t);

private:
    using Sourced = storage::Sourced<domain::Price>;

    [[nodiscard]] UtcSeconds grid_at_or_after(UtcSeconds t) const;
    [[nodiscard]] std::optional<UtcSeconds> next_on_grid(UtcSeconds t);

    const DeriveOptions& options_;
    std::vector<const Sourced*> ticks_;
    std::vector<const Sourced*> candles_;
    std::size_t next_tick_ = 0;  ///< first tick after the last instant asked for
    std::size_t next_candle_ = 0;
    std::size_t grid_tick_ = 0;                ///< next_on_grid's own place in ticks_
    std::array<const Sourced*, 62> newest_{};  ///< by source
    std::vector<Quote> quotes_;
};

}  // namespace hashprice::ingest
