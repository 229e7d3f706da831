#pragma once
#include <chrono>
#include <random>

namespace hashprice::ingest {

struct BackoffPlan {
    std::chrono::milliseconds first{1'000};      ///< the most that may pass after the first failure
    std::chrono::milliseconds longest{600'000};  ///< however many failures there were
};

/// How long to wait after `failures` failures in a row: evenly between 0 and first * 2^(n-1), at
/// most `longest` ("full jitter": clients that failed together do not come back together).
///
///   shape  pure but for the state of `random`; 0 after no failure
std::chrono::milliseconds backoff_delay(const BackoffPlan& plan, int failures,
                                        std::mt19937_64& random);

}  // namespace hashprice::ingest
