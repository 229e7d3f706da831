#include "storage/changed_heights.hpp"

#include <algorithm>

#include "storage/connection.hpp"
#include "storage/rows.hpp"

namespace hashprice::storage {
namespace {

constexpr std::string_view kTimeAtOrBelow =
    "SELECT time_s FROM blocks WHERE height <= ? ORDER BY height DESC LIMIT 1";
constexpr std::string_view kTimeAfter =
    "SELECT time_s FROM blocks WHERE height > ? ORDER BY height LIMIT 1 OFFSET ?";

}  // namespace

void ChangedHeights::add(const domain::Block& b) {
    if (stretches_.empty() || b.height > stretches_.back().last + kFeeBlocks) {
        stretches_.push_back({b.time, b.height});
    }
    stretches_.back().first_time = std::min(stretches_.back().first_time, b.time);
    stretches_.back().last = b.height;
}

void ChangedHeights::touch(Connection& c, Recorded& done) const {
    for (const Stretch& s : stretches_) {
        const auto end = first_row(ready(c, kTimeAtOrBelow, s.last + kFeeBlocks),
                                   [](Statement& row) { return time_at(row, 0); });
        const UtcSeconds last = std::max(s.first_time, end.value_or(s.first_time));
        done.touched.push_back({s.first_time, last + domain::kDay + kHeaderSlack});
    }
}

void ChangedHeights::touch_removed(Connection& c, Recorded& done) const {
    for (const Stretch& s : stretches_) {
        const auto end = first_row(ready(c, kTimeAfter, s.last, kFeeBlocks),
                                   [](Statement& row) { return time_at(row, 0); });
        const UtcSeconds last = end ? *end + domain::kDay + kHeaderSlack : kForEver;
        done.touched.push_back({s.first_time, std::max(s.first_time, last)});
    }
}

}  // namespace hashprice::storage
