#pragma once
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "trend/series.hpp"

/// The single largest steps of a stretch of time. Retargets and halvings are steps, not trends.
namespace hashprice::trend {

enum class JumpKind { retarget, halving, price };
std::string_view jump_name(JumpKind kind);

struct Jump {
    JumpKind kind{};
    Day day;                             ///< the first close after it
    std::optional<std::int64_t> height;  ///< of the retarget or halving; none where heights are not
                                         ///< known, or a gap of days holds more than one
    double change{};      ///< of difficulty, subsidy or price, as a ratio: 0.0796 is +7.96 %
    double log_effect{};  ///< on the hash price in USD; all retargets of a window sum to its
                          ///< attribution's difficulty part
    friend bool operator==(const Jump&, const Jump&) = default;
};

/// Every retarget and halving between the closes of `from` and `to`, and the `price_moves` largest
/// moves of the price from one known close to the next; in order of days.
///
///   shape   pure; `inputs` in order of days; days whose inputs make no hash price are left out
std::vector<Jump> jumps_between(std::span<const DailyInputs> inputs, Day from, Day to,
                                std::size_t price_moves = 3);

}  // namespace hashprice::trend
