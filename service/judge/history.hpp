#pragma once
#include <optional>
#include <vector>

#include "domain/rule.hpp"
#include "storage/observations.hpp"
#include "trend/series.hpp"

/// The closes of complete UTC days, read from what is stored: the material of every verdict.
namespace hashprice::service::judge {

using domain::Day;
using domain::Days;
using domain::Result;
using domain::UtcSeconds;

/// A close is waited for so long after midnight before its day counts as one without.
constexpr domain::seconds kGrace{600};

struct History {
    std::vector<domain::DailyInputs> inputs;  ///< a row a day that has a close, in order of days
    std::vector<domain::DailyPoint> usd;      ///< the closes: USD per PH/s and day
    std::vector<domain::DailyPoint> sat;      ///< satoshi per PH/s and day
    std::optional<Day> through;  ///< the newest day that was complete at the newest observation
    Day complete;                ///< the newest day that is complete by the clock

    /// Whether days went by of which nothing is known yet.
    [[nodiscard]] bool stale() const { return !through || *through < complete; }
    [[nodiscard]] trend::Series series(domain::Denomination denomination) const;
    /// As it stood when `day` was the newest complete one: later closes are not known.
    [[nodiscard]] History upto(Day day) const;
    friend bool operator==(const History&, const History&) = default;
};

/// A day's close is the observation as of its 24:00, and only that; a day without is not there.
///
///   errors  SQLite's -> Errc::database
Result<History> history_of(storage::Database& db, UtcSeconds now);

/// What a close was made of.
domain::DailyInputs inputs_of(const domain::Observation& o);

}  // namespace hashprice::service::judge
