#include "ingest/derive/prices_as_of.hpp"

#include <algorithm>

namespace hashprice::ingest {

PricesAsOf::PricesAsOf(std::span<const Sourced> prices, const DeriveOptions& options)
    : options_(options) {
    for (const Sourced& p : prices) (p.fact.span == seconds{0} ? ticks_ : candles_).push_back(&p);
}

UtcSeconds PricesAsOf::grid_at_or_after(UtcSeconds t) const {
    const auto steps = (t.time_since_epoch() + options_.grid - seconds{1}) / options_.grid;
    return UtcSeconds{steps * options_.grid};
}

std::optional<UtcSeconds> PricesAsOf::next_on_grid(UtcSeconds t) {
    const UtcSeconds next = grid_at_or_after(t + seconds{1});
    while (grid_tick_ < ticks_.size() && ticks_[grid_tick_]->fact.time <= next) ++grid_tick_;
    if (grid_tick_ > 0 && ticks_[grid_tick_ - 1]->fact.time > next - options_.max_age) return next;
    if (grid_tick_ == ticks_.size()) return std::nullopt;
    return grid_at_or_after(ticks_[grid_tick_]->fact.time);
}

std::optional<UtcSeconds> PricesAsOf::next_after(UtcSeconds t) {
    while (next_candle_ < candles_.size() && candles_[next_candle_]->fact.time <= t) ++next_candle_;
    std::optional<UtcSeconds> next = next_on_grid(t);
    if (next_candle_ < candles_.size()) {
        const UtcSeconds end = candles_[next_candle_]->fact.time;
        next = next ? std::min(*next, end) : end;
    }
    return next;
}

std::vector<Quote>& PricesAsOf::quotes_at(UtcSeconds t) {
    for (; next_tick_ < ticks_.size() && ticks_[next_tick_]->fact.time <= t; ++next_tick_) {
        newest_[static_cast<std::size_t>(ticks_[next_tick_]->source)] = ticks_[next_tick_];
    }
    quotes_.clear();
    for (const Sourced* tick : newest_) {
        if (tick != nullptr && tick->fact.time > t - options_.max_age) quotes_.push_back({*tick});
    }
    while (next_candle_ < candles_.size() && candles_[next_candle_]->fact.time < t) ++next_candle_;
    // candles of one source stand finest first, so the first one wins
    for (std::size_t i = next_candle_; i < candles_.size() && candles_[i]->fact.time == t; ++i) {
        const auto same = [&](const Quote& q) { return q.price.source == candles_[i]->source; };
        if (std::ranges::none_of(quotes_, same)) quotes_.push_back({*candles_[i]});
    }
    std::ranges::sort(quotes_, {}, [](const Quote& q) { return q.price.source; });
    return quotes_;
}

}  // namespace hashprice::ingest
