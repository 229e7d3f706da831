#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/episode.hpp"
#include "trend/series.hpp"
#include "trend/signals.hpp"
#include "trend/window.hpp"

namespace hashprice::trend {

enum class EventKind { pending, dropped, active, escalated, recovering, relapsed, closed };
std::string_view event_name(EventKind kind);

/// One dated thing that happened under a rule: what a backtest lists and a receiver is told.
struct Event {
    Day day;
    EventKind kind{};
    std::string episode;  ///< id
    domain::EpisodeState state{};
    domain::Severity severity{};
    std::optional<domain::Closure> closure;
    double value{};  ///< the day's close, in the rule's denomination
    double drawdown{};
    friend bool operator==(const Event&, const Event&) = default;
};

/// Follows one rule through the days: the episode state machine.
///
///   shape   a value without clock or I/O; copy it to try a day out. The only code that decides
///           about episodes: live, in a backtest and over the whole history
///   cost    O(1) per day on average; slope, significance and attribution are not made here
///   days    a missing day neither counts nor breaks a hold; it only suspends an open episode
///   source  METHOD section 3
class Tracker {
public:
    /// REQUIRES: check_rule(rule).
    explicit Tracker(domain::Rule rule);

    /// The next complete UTC day with its close, or without. Days left out are missing days; a
    /// close that is not usable() is a missing one.
    /// REQUIRES: `day` is later than every day before.
    void step(Day day, std::optional<double> close);

    /// Every episode so far, by peak; a pending one is among them, a dropped one is not.
    [[nodiscard]] std::vector<domain::Episode> episodes() const;
    [[nodiscard]] const std::vector<Event>& events() const { return events_; }
    [[nodiscard]] const domain::Rule& rule() const { return rule_; }

private:
    struct Open {
        domain::Episode episode;
        std::int64_t peak_ordinal{};
        std::int64_t trough_ordinal{};
        int open_hold{};   ///< observed days in a row that triggered
        int close_hold{};  ///< observed days in a row that resolved
    };

    void observe(const Ranked& close);
    void look_for_opening(const Ranked& close);
    void confirm(const Ranked& close);
    void follow(const Ranked& close);
    bool lower_trough(const Ranked& close);
    void activate_if_held();
    void close_if_due(const Signals& signals);
    [[nodiscard]] Reading reading(const Ranked& close, bool new_low) const;
    void record(Day day, const std::optional<domain::Change>& before);
    void emit(EventKind kind, Day day);

    domain::Rule rule_;
    Window window_;
    std::optional<Day> newest_;  ///< of all days stepped through
    std::int64_t observed_{};    ///< days with a close so far
    std::optional<Open> open_;
    std::vector<domain::Episode> closed_;
    std::vector<Event> events_;
};

}  // namespace hashprice::trend
