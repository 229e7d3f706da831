#pragma once
#include <compare>
#include <cstdint>

namespace hashprice::domain {

/// A number that knows what it counts. Add an operator only when the domain has it.
template <class Tag, class Rep>
struct Quantity {
    Rep value{};
    constexpr Quantity() = default;
    constexpr explicit Quantity(Rep v) : value(v) {}
    // the literal 0 that clang-tidy sees is the compiler's own
    // NOLINTNEXTLINE(modernize-use-nullptr)
    friend constexpr auto operator<=>(Quantity, Quantity) = default;
    friend constexpr Quantity operator+(Quantity a, Quantity b) {
        return Quantity{a.value + b.value};
    }
    friend constexpr Quantity operator-(Quantity a, Quantity b) {
        return Quantity{a.value - b.value};
    }
    constexpr Quantity& operator+=(Quantity b) { return *this = *this + b; }
    constexpr Quantity& operator-=(Quantity b) { return *this = *this - b; }
};

using Satoshi = Quantity<struct SatoshiTag, std::int64_t>;  ///< 1e-8 BTC; never a double in BTC
using MicroUsd =
    Quantity<struct MicroUsdTag, std::int64_t>;             ///< 1e-6 USD, for the price of one BTC
using Difficulty = Quantity<struct DifficultyTag, double>;  ///< multiples of difficulty 1 ("bdiff")
using UsdPerPhDay = Quantity<struct UsdPerPhDayTag, double>;  ///< per petahash/s and day
using SatPerPhDay = Quantity<struct SatPerPhDayTag, double>;  ///< per petahash/s and day
using UsdPerMwh = Quantity<struct UsdPerMwhTag, double>;      ///< of electric energy
using JoulePerTh = Quantity<struct JoulePerThTag, double>;    ///< of a machine: watts per TH/s

/// A block's compact target as it stands in the header (0x1702349e), not yet a difficulty.
struct Bits {
    std::uint32_t value{};
    friend constexpr auto operator<=>(Bits, Bits) = default;
};

constexpr double kSatPerBtc = 1e8;
constexpr double kMicroPerUsd = 1e6;

}  // namespace hashprice::domain
