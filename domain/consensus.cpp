#include "domain/consensus.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>

namespace hashprice::domain {
namespace {

constexpr std::uint32_t kMantissaMask = 0x00ffffff;
constexpr std::uint32_t kSignBit = 0x00800000;
constexpr Satoshi kFirstSubsidy{50 * 100'000'000LL};

std::uint32_t mantissa(Bits bits) { return bits.value & kMantissaMask; }
int exponent(Bits bits) { return static_cast<int>(bits.value >> 24); }

/// Compact form of floor(value * 256^shift); what does not fit the three bytes is cut, as in Core.
Bits compact(std::uint64_t value, int shift) {
    int size = static_cast<int>((std::bit_width(value) + 7) / 8);
    std::uint64_t top = size <= 3 ? value << (8 * (3 - size)) : value >> (8 * (size - 3));
    if ((top & kSignBit) != 0) {
        top >>= 8;
        ++size;
    }
    return Bits{static_cast<std::uint32_t>(top) | static_cast<std::uint32_t>(size + shift) << 24};
}

double raw_difficulty(Bits bits) {
    return std::ldexp(65535.0 / mantissa(bits), 8 * (29 - exponent(bits)));
}

}  // namespace

Result<Difficulty> difficulty_of(Bits bits) {
    const bool negative = (mantissa(bits) & kSignBit) != 0;
    if (mantissa(bits) == 0 || negative || exponent(bits) < 3 || raw_difficulty(bits) < 1.0) {
        return fail(Errc::out_of_range,
                    fmt::format("bits 0x{:08x} are no valid target", bits.value));
    }
    return Difficulty{raw_difficulty(bits)};
}

Result<Bits> bits_of(Difficulty difficulty) {
    const double d = difficulty.value;
    const auto none = [d] {
        return fail(Errc::out_of_range, fmt::format("difficulty {} belongs to no bits", d));
    };
    if (!std::isfinite(d) || d < 1.0) return none();
    // target / 256^26 = 0xffff / d; 32 bits of it are more than the 24 that compact keeps
    const double target = 65535.0 / d;
    const int bytes = std::ilogb(target) >> 3;  // rounded down, below zero too
    const auto scaled = std::ldexp(target, 32 - 8 * bytes);
    const Bits near = compact(static_cast<std::uint64_t>(std::llround(scaled)), bytes + 26 - 4);
    // a difficulty that was rounded up when it was printed leads to one too low
    for (const std::uint32_t step : {0U, 1U}) {
        const Bits candidate{near.value + step};
        const auto back = difficulty_of(candidate);
        if (back && std::abs(back->value / d - 1.0) < 1e-9) return candidate;
    }
    return none();
}

Satoshi subsidy_at(std::int64_t height) {
    const std::int64_t halvings = height / kBlocksPerHalving;
    if (height < 0 || halvings >= 64) return Satoshi{0};
    return Satoshi{kFirstSubsidy.value >> halvings};
}

Bits retarget(Bits old, UtcSeconds first, UtcSeconds last) {
    const auto actual = std::clamp(last - first, kTargetTimespan / 4, kTargetTimespan * 4);
    // 24 + 23 + 8 bits fit; floors nest, so cutting to three bytes afterwards loses nothing
    const std::uint64_t scaled = std::uint64_t{mantissa(old)} *
                                 static_cast<std::uint64_t>(actual.count()) * 256 /
                                 static_cast<std::uint64_t>(kTargetTimespan.count());
    const Bits next = compact(scaled, exponent(old) - 4);
    return raw_difficulty(next) < 1.0 ? kPowLimit : next;
}

bool within_retarget_clamp(Bits before, Bits after) {
    const auto from = difficulty_of(before);
    const auto to = difficulty_of(after);
    if (!from || !to) return false;
    const double ratio = to->value / from->value;
    constexpr double kRounding = 1e-4;  // the compact form keeps 15 bits at the least
    return ratio <= 4.0 * (1 + kRounding) && ratio >= 0.25 * (1 - kRounding);
}

}  // namespace hashprice::domain
