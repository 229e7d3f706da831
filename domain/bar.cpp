#include "domain/bar.hpp"

#include <algorithm>
#include <cassert>

namespace hashprice::domain {
namespace {

/// The seconds of a bar that no piece speaks for yet.
class FreeSeconds {
public:
    FreeSeconds(UtcSeconds start, UtcSeconds end)
        : stretches_{{start, end, (end - start).count()}} {}

    /// Takes up to `most` free seconds out of (lo, hi]; how many it got.
    std::int64_t take(UtcSeconds lo, UtcSeconds hi, std::int64_t most) {
        std::int64_t taken = 0;
        for (std::size_t i = first_ending_after(lo);
             i < stretches_.size() && stretches_[i].lo < hi;) {
            split(i, lo, hi);
            if (stretches_[i].hi <= lo) {
                ++i;
                continue;
            }
            const std::int64_t part = std::min(stretches_[i].free, most - taken);
            taken += part;
            stretches_[i].free -= part;
            if (stretches_[i].free == 0) {
                stretches_.erase(stretches_.begin() + static_cast<std::ptrdiff_t>(i));
            } else {
                ++i;
            }
        }
        return taken;
    }

private:
    struct Stretch {
        UtcSeconds lo;
        UtcSeconds hi;
        std::int64_t free;  ///< below hi - lo once a finer bar with holes has passed
    };

    [[nodiscard]] std::size_t first_ending_after(UtcSeconds lo) const {
        std::size_t i = stretches_.size();
        while (i > 0 && stretches_[i - 1].hi > lo) --i;
        return i;
    }

    /// Cuts stretch i at lo and hi where they fall inside it; what is before `lo` stays at i.
    void split(std::size_t i, UtcSeconds lo, UtcSeconds hi) {
        for (const UtcSeconds at : {hi, lo}) {
            const Stretch whole = stretches_[i];
            if (at <= whole.lo || at >= whole.hi) continue;
            const std::int64_t used = (whole.hi - whole.lo).count() - whole.free;
            const std::int64_t left = std::max<std::int64_t>(0, (at - whole.lo).count() - used);
            stretches_[i] = {whole.lo, at, left};
            stretches_.insert(stretches_.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                              {at, whole.hi, whole.free - left});
        }
    }

    std::vector<Stretch> stretches_;
};

struct Mean {
    double sum = 0;
    void add(double value, std::int64_t weight) { sum += value * static_cast<double>(weight); }
};

void extend(Ohlc& bar, const Ohlc& piece, bool first) {
    if (first) bar = piece;
    bar.high = std::max(bar.high, piece.high);
    bar.low = std::min(bar.low, piece.low);
    bar.close = piece.close;
}

/// A mean of equal values, rounded twice, may leave their range by the last bit: held to it here.
double mean_within(const Ohlc& bar, const Mean& mean, std::int64_t weight) {
    return std::clamp(mean.sum / static_cast<double>(weight), bar.low, bar.high);
}

Ohlc flat(double v) { return {v, v, v, v, v}; }

}  // namespace

BarPiece piece_of(const Observation& o) {
    return {o.time, o.span, o.span.count(), flat(o.usd_per_ph_day), flat(o.sat_per_ph_day)};
}

BarPiece piece_of(const Bar& b, seconds length) {
    return {b.start + length, length, b.covered_s, b.usd, b.sat};
}

Bar fold_bar(UtcSeconds start, UtcSeconds end, std::span<const BarPiece> pieces) {
    assert(!pieces.empty() && start < end);
    FreeSeconds free(start, end);
    Bar bar{.start = start};
    Mean usd;
    Mean sat;
    for (const BarPiece& piece : pieces) {
        const UtcSeconds lo = std::max(start, piece.end - piece.span);
        const std::int64_t weight = free.take(lo, piece.end, piece.covered_s);
        extend(bar.usd, piece.usd, &piece == pieces.data());
        extend(bar.sat, piece.sat, &piece == pieces.data());
        usd.add(piece.usd.mean, weight);
        sat.add(piece.sat.mean, weight);
        bar.covered_s += weight;
    }
    // a piece always speaks at least for its own last second, so nothing divides by zero
    bar.usd.mean = mean_within(bar.usd, usd, bar.covered_s);
    bar.sat.mean = mean_within(bar.sat, sat, bar.covered_s);
    return bar;
}

}  // namespace hashprice::domain
