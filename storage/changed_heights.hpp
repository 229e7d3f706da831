#pragma once
// Private to storage/: which instants a change of the chain may alter.
#include <vector>

#include "domain/facts.hpp"
#include "storage/record.hpp"

namespace hashprice::storage {

constexpr std::int64_t kFeeBlocks = 144;
/// Header times may run ahead by this much.
constexpr domain::seconds kHeaderSlack = 2 * domain::kHour;
/// Derivation cuts it at the present.
constexpr UtcSeconds kForEver{domain::seconds{253'402'300'799}};

/// Heights that changed, as stretches whose fee windows do not reach each other; in ascending
/// order.
class ChangedHeights {
public:
    void add(const domain::Block& b);

    /// A block counts until its 144th successor is a day old: fee windows, and the day that an old
    /// one may serve.
    void touch(Connection& c, Recorded& done) const;
    /// Where blocks went away, the tip below them counts until the next one that is left.
    void touch_removed(Connection& c, Recorded& done) const;

private:
    struct Stretch {
        UtcSeconds first_time;
        std::int64_t last{};
    };
    std::vector<Stretch> stretches_;
};

}  // namespace hashprice::storage
