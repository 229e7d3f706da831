#pragma once
#include <cassert>
#include <cstdint>
#include <deque>

#include "domain/daily.hpp"

/// What the tracker remembers of the last days: their extremes and their oldest close.
///
///   shape   values; each close enters and leaves every deque once, so a day costs O(1) on average
///   source  the monotonic queue, as in every textbook on sliding-window maxima
namespace hashprice::trend {

using domain::DailyPoint;
using domain::Day;
using domain::Days;

/// A close and its place in the row of observed days (1 for the first).
struct Ranked {
    DailyPoint point;
    std::int64_t ordinal{};
};

/// The extreme of the closes not yet expired. `Beaten` says whether an older value can never be the
/// extreme again once a newer one is known.
template <class Beaten>
class RollingExtreme {
public:
    void add(const Ranked& close) {
        while (!candidates_.empty() && Beaten{}(candidates_.back().point.value, close.point.value))
            candidates_.pop_back();
        candidates_.push_back(close);
    }
    void expire_before(Day first) {
        while (!candidates_.empty() && candidates_.front().point.day < first)
            candidates_.pop_front();
    }
    void clear() { candidates_.clear(); }

    [[nodiscard]] const Ranked& extreme() const {
        assert(!candidates_.empty());
        return candidates_.front();
    }
    /// Of the closes on or after `first` only; `first` is not after the newest one.
    [[nodiscard]] const Ranked& extreme_since(Day first) const {
        auto at = candidates_.begin();
        while (at->point.day < first) ++at;
        return *at;
    }

private:
    std::deque<Ranked> candidates_;
};

struct NotHigher {  ///< of equal peaks the later one counts: the decline starts from there
    bool operator()(double older, double newer) const { return older <= newer; }
};
struct Higher {  ///< of equal troughs the earlier one counts: the later was no new low
    bool operator()(double older, double newer) const { return older > newer; }
};

/// The closes of the last `length` days, today included, and of `fall_days` and today.
class Window {
public:
    Window(Days length, Days fall_days) : length_(length), fall_days_(fall_days) {}

    void add(const Ranked& close) {
        const Day first = close.point.day - length_ + Days{1};
        peaks_.expire_before(first);
        troughs_.expire_before(first);
        peaks_.add(close);
        troughs_.add(close);
        recent_.push_back(close.point);
        while (recent_.front().day < close.point.day - fall_days_) recent_.pop_front();
    }
    /// Peaks are searched from this close on: an episode ended with it.
    void restart(const Ranked& close) {
        peaks_.clear();
        troughs_.clear();
        peaks_.add(close);
        troughs_.add(close);
    }

    [[nodiscard]] const Ranked& peak() const { return peaks_.extreme(); }
    [[nodiscard]] const Ranked& trough_since(Day first) const {
        return troughs_.extreme_since(first);
    }
    /// How much the newest close lies below the oldest one of the last `fall_days`; where days are
    /// missing that is a fall in fewer days, never in more.
    [[nodiscard]] double fall() const { return 1 - recent_.back().value / recent_.front().value; }

private:
    Days length_;
    Days fall_days_;
    RollingExtreme<NotHigher> peaks_;
    RollingExtreme<Higher> troughs_;
    std::deque<DailyPoint> recent_;
};

}  // namespace hashprice::trend
