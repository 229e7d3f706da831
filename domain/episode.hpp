#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/daily.hpp"
#include "domain/rule.hpp"

/// One decline, from its peak to its end, as every room speaks of it.
///
///   shape   values; trend/ makes them, storage/ keeps them, service/ shows them
///   units   values in the rule's denomination per PH/s and day; depths are ratios
///   source  METHOD section 3
namespace hashprice::domain {

enum class EpisodeState { pending, active, recovering, closed };
enum class Severity { none, notice, warning, critical };  ///< none: still pending
enum class Closure { recovered, settled };

std::string_view state_name(EpisodeState state);
std::string_view severity_name(Severity severity);
std::string_view closure_name(Closure closure);
Result<EpisodeState> parse_state(std::string_view name);  ///< else Errc::usage
Result<Severity> parse_severity(std::string_view name);   ///< else Errc::usage
Result<Closure> parse_closure(std::string_view name);     ///< else Errc::usage

/// The day from which an episode was in this state at this severity.
struct Change {
    Day day;
    EpisodeState state{};
    Severity severity{};
    friend bool operator==(const Change&, const Change&) = default;
};

/// Theil-Sen slope of the log of the closes, as percent per 30 days.
struct Slope {
    double percent_per_30d{};
    double low{};  ///< 95 % interval
    double high{};
    friend bool operator==(const Slope&, const Slope&) = default;
};

/// Mann-Kendall test, its variance corrected for autocorrelation (Hamed & Rao 1998).
struct Significance {
    std::int64_t closes{};  ///< how many days went in
    std::int64_t s{};
    double tau{};
    double plain_z{};          ///< uncorrected: overstates on such series
    double factor{};           ///< what the variance was multiplied by
    double z{};                ///< corrected; 0 where the factor is not above 0
    double p{};                ///< two-sided, of z
    bool significant = false;  ///< p < 0.05
    friend bool operator==(const Significance&, const Significance&) = default;
};

/// A change of the hash price split exactly: the four parts add up to the whole, in natural logs.
struct Attribution {
    Day from;
    Day to;
    double log_change{};
    double price{};
    double difficulty{};
    double fees{};
    double subsidy{};

    [[nodiscard]] double change() const;  ///< as a ratio: -0.354 is a fall of 35.4 %
    /// Share of the whole; none where nothing changed.
    [[nodiscard]] std::optional<double> share(double part) const;
    friend bool operator==(const Attribution&, const Attribution&) = default;
};

struct Episode {
    std::string id;  ///< rule and peak date: no two episodes of a rule share a peak
    std::string rule;
    Denomination denomination{};
    EpisodeState state{};
    Severity severity{};  ///< of the greatest depth so far; never falls
    std::optional<Closure> closure;
    std::vector<Change> history;  ///< in order of days, never empty; the last is the present one

    DailyPoint peak;
    DailyPoint trough;
    DailyPoint last;  ///< the newest close seen
    Day through;      ///< the newest day it speaks for: its closing day, else the newest
                      ///< complete day, with a close or without
    std::int64_t observed_days{};  ///< from peak to `through`, both included
    bool suspended = false;        ///< open, but the newest complete day has no close

    /// From the peak to `through`; filled in by trend::explain, none where there is too little.
    std::optional<Slope> slope;
    std::optional<Significance> significance;
    std::optional<Attribution> attribution;          ///< from peak to trough: the depth
    std::optional<Attribution> attribution_to_date;  ///< from peak to the newest close

    [[nodiscard]] bool open() const { return state != EpisodeState::closed; }
    [[nodiscard]] double depth() const { return 1 - trough.value / peak.value; }
    [[nodiscard]] double drawdown() const;  ///< of the newest close; 0 at or above the peak
    [[nodiscard]] Days days_to_trough() const { return trough.day - peak.day; }
    [[nodiscard]] Days days_under_water() const { return through - peak.day; }
    [[nodiscard]] double coverage() const;  ///< share of the days from peak to `through` observed
    [[nodiscard]] Day pending_since() const { return history.front().day; }
    /// The first day in a state, or at least at a severity; none if it never came to that.
    [[nodiscard]] std::optional<Day> first(EpisodeState wanted) const;
    [[nodiscard]] std::optional<Day> first(Severity at_least) const;
    friend bool operator==(const Episode&, const Episode&) = default;
};

std::string episode_id(std::string_view rule, Day peak);  ///< sustained-decline-2025-07-11

}  // namespace hashprice::domain
