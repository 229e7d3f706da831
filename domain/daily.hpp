#pragma once
#include <chrono>
#include <optional>

#include "domain/time.hpp"
#include "domain/units.hpp"

/// Days as the trend room counts them: whole UTC days, known by their close (24:00).
namespace hashprice::domain {

using Days = std::chrono::days;
using Day = std::chrono::sys_days;  ///< the UTC date; also the start of its daily bar

/// The close of one complete UTC day.
struct DailyPoint {
    Day day;
    double value{};
    friend bool operator==(const DailyPoint&, const DailyPoint&) = default;
};

/// What the hash price of one day's close was made of: the material of attribution.
struct DailyInputs {
    Day day;
    std::optional<std::int64_t> height;  ///< of the tip at 24:00; unknown in old daily figures
    double price_usd{};
    Difficulty difficulty;
    Satoshi subsidy;
    double fee_sat_mean{};
    friend bool operator==(const DailyInputs&, const DailyInputs&) = default;
};

}  // namespace hashprice::domain
