#include "trend/jumps.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "domain/consensus.hpp"
#include "trend/attribution.hpp"

namespace hashprice::trend {
namespace {

constexpr std::array<std::string_view, 3> kJumpNames{"retarget", "halving", "price"};

/// The one multiple of `every` in (before, after], if there is exactly one.
std::optional<std::int64_t> only_multiple(const DailyInputs& before, const DailyInputs& after,
                                          std::int64_t every) {
    if (!before.height) return std::nullopt;
    if (!after.height) return std::nullopt;
    if (*after.height / every - *before.height / every != 1) return std::nullopt;
    return *after.height / every * every;
}

void add_chain_jumps(const DailyInputs& a, const DailyInputs& b, const domain::Attribution& parts,
                     std::vector<Jump>& jumps) {
    if (a.difficulty != b.difficulty) {
        jumps.push_back({JumpKind::retarget, b.day, only_multiple(a, b, domain::kBlocksPerEpoch),
                         b.difficulty.value / a.difficulty.value - 1, parts.difficulty});
    }
    if (b.subsidy < a.subsidy) {
        const auto ratio =
            static_cast<double>(b.subsidy.value) / static_cast<double>(a.subsidy.value);
        jumps.push_back({JumpKind::halving, b.day, only_multiple(a, b, domain::kBlocksPerHalving),
                         ratio - 1, parts.subsidy});
    }
}

void keep_largest(std::vector<Jump>& moves, std::size_t wanted) {
    std::ranges::stable_sort(moves, std::ranges::greater{},
                             [](const Jump& j) { return std::abs(j.log_effect); });
    moves.resize(std::min(wanted, moves.size()));
}

}  // namespace

std::string_view jump_name(JumpKind kind) { return kJumpNames.at(static_cast<std::size_t>(kind)); }

std::vector<Jump> jumps_between(std::span<const DailyInputs> inputs, Day from, Day to,
                                std::size_t price_moves) {
    std::vector<Jump> jumps;
    std::vector<Jump> moves;
    const DailyInputs* before = nullptr;
    for (const DailyInputs& in : inputs) {
        if (in.day < from || in.day > to) continue;
        // attributing a day to itself asks no more than whether it makes a hash price
        if (!attribution_of(in, in, domain::Denomination::usd)) continue;
        if (before != nullptr) {
            const auto parts = attribution_of(*before, in, domain::Denomination::usd);
            add_chain_jumps(*before, in, *parts, jumps);
            if (in.price_usd != before->price_usd) {
                moves.push_back({JumpKind::price, in.day, std::nullopt,
                                 in.price_usd / before->price_usd - 1, parts->price});
            }
        }
        before = &in;
    }
    keep_largest(moves, price_moves);
    jumps.insert(jumps.end(), moves.begin(), moves.end());
    std::ranges::stable_sort(jumps, {}, &Jump::day);
    return jumps;
}

}  // namespace hashprice::trend
