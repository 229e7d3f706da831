#pragma once
#include <chrono>
#include <random>

#include "domain/time.hpp"
#include "ingest/live/breaker.hpp"
#include "ingest/sources/visit.hpp"
#include "ingest/transport/backoff.hpp"

/// When to ask. Requests are spread and jittered; the grid of observations never is.
///
///   shape  pure, but for the state of `random`
namespace hashprice::ingest {

using domain::seconds;
using domain::UtcSeconds;
using std::chrono::milliseconds;

/// The last instant of the grid at or before `t`.
UtcSeconds grid_floor(UtcSeconds t, seconds grid);

/// How long after its instant the grid derives: 10 s, so that what was asked before it has arrived;
/// less on a grid finer than a minute.
seconds grid_lag(seconds grid);

/// Each source's own place in the interval before an instant of the grid.
struct Pace {
    seconds interval{60};
    milliseconds offset{};  ///< after the instant that begins the interval
    milliseconds jitter{};  ///< at most this much later
};

/// Place `n` of `count` before the instant that ends the interval: none on it, none so early that
/// the price were too old by then.
Pace pace_before(int n, int count, seconds interval, seconds max_age);
/// Place `n` of `count` between an instant and its derivation: for prices that are stamped with the
/// instant itself, and would revise what is derived before they come.
Pace pace_after(int n, int count, seconds interval);

/// From now to the next turn.
milliseconds until_turn(const Pace& pace, UtcSeconds now, std::mt19937_64& random);

/// `interval`, shortened by up to a tenth of it.
milliseconds jittered(seconds interval, std::mt19937_64& random);

/// How long a failed visit keeps away: what the answer asked for (Retry-After), at least a minute
/// after "asked too often" and ten after a ban; 0 for other failures.
seconds cool_down(const Visit& visit);
/// The same for a breaker, which doubles what is not asked for but thought fit.
Setback setback_of(const Visit& visit);

/// The chain has somebody else to ask, so one is left soon and rests for longer. Every exchange
/// counts: it is tried more often before it is left.
constexpr BreakerPlan kChainBreaker{.patience = 2};
constexpr BreakerPlan kPriceBreaker{.patience = 6, .longest_rest = milliseconds{300'000}};

}  // namespace hashprice::ingest
