#include "ingest/transport/backoff.hpp"

#include <algorithm>

namespace hashprice::ingest {

std::chrono::milliseconds backoff_delay(const BackoffPlan& plan, int failures,
                                        std::mt19937_64& random) {
    if (failures <= 0) return std::chrono::milliseconds{0};
    std::chrono::milliseconds most = std::min(plan.first, plan.longest);
    for (int n = 1; n < failures && most < plan.longest; ++n) {
        most = std::min(most * 2, plan.longest);
    }
    std::uniform_int_distribution<std::int64_t> pick(0, most.count());
    return std::chrono::milliseconds{pick(random)};
}

}  // namespace hashprice::ingest
