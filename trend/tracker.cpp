#include "trend/tracker.hpp"

#include <array>
#include <cassert>
#include <utility>

namespace hashprice::trend {

using domain::Change;
using domain::Closure;
using domain::Episode;
using domain::EpisodeState;
using domain::Severity;

namespace {

constexpr std::array<std::string_view, 7> kEventNames{
    "pending", "dropped", "active", "escalated", "recovering", "relapsed", "closed"};

EventKind kind_of(const std::optional<Change>& before, const Change& now) {
    if (now.state == EpisodeState::closed) return EventKind::closed;
    if (now.state == EpisodeState::pending) return EventKind::pending;
    if (!before || before->state == EpisodeState::pending) return EventKind::active;
    if (now.severity > before->severity) return EventKind::escalated;
    return now.state == EpisodeState::active ? EventKind::relapsed : EventKind::recovering;
}

}  // namespace

std::string_view event_name(EventKind kind) {
    return kEventNames.at(static_cast<std::size_t>(kind));
}

Tracker::Tracker(domain::Rule rule)
    : rule_(std::move(rule)), window_(rule_.window, rule_.fall_days) {
    assert(domain::check_rule(rule_));
}

void Tracker::step(Day day, std::optional<double> close) {
    assert(!newest_ || day > *newest_);
    newest_ = day;
    const bool seen = close && usable(*close);
    if (seen) observe({{day, *close}, ++observed_});
    if (!open_) return;
    Episode& e = open_->episode;
    e.through = day;
    e.suspended = !seen;
    e.observed_days = observed_ - open_->peak_ordinal + 1;
    if (e.open()) return;
    closed_.push_back(std::move(e));
    open_.reset();
}

std::vector<Episode> Tracker::episodes() const {
    std::vector<Episode> all = closed_;
    if (open_) all.push_back(open_->episode);
    return all;
}

void Tracker::observe(const Ranked& close) {
    window_.add(close);
    std::optional<Change> before;
    if (open_) before = open_->episode.history.back();
    if (!open_) {
        look_for_opening(close);
    } else {
        open_->episode.last = close.point;
        if (open_->episode.state == EpisodeState::pending) {
            confirm(close);
        } else {
            follow(close);
        }
    }
    if (open_) record(close.point.day, before);
    if (open_ && !open_->episode.open()) window_.restart(close);
}

void Tracker::look_for_opening(const Ranked& close) {
    const Ranked& peak = window_.peak();
    const Reading today{
        .value = close.point.value, .fall = window_.fall(), .peak = peak.point.value};
    if (!triggers(rule_, today)) return;
    const Ranked& trough = window_.trough_since(peak.point.day);
    open_ = Open{.episode = {.id = domain::episode_id(rule_.name, peak.point.day),
                             .rule = rule_.name,
                             .denomination = rule_.denomination,
                             .state = EpisodeState::pending,
                             .severity = Severity::none,
                             .peak = peak.point,
                             .trough = trough.point,
                             .last = close.point},
                 .peak_ordinal = peak.ordinal,
                 .trough_ordinal = trough.ordinal,
                 .open_hold = 1};
    activate_if_held();
}

/// A pending episode's day: one more towards open_for, or the end of it.
void Tracker::confirm(const Ranked& close) {
    const bool new_low = lower_trough(close);
    if (!triggers(rule_, reading(close, new_low))) {
        emit(EventKind::dropped, close.point.day);
        open_.reset();
        return;
    }
    ++open_->open_hold;
    activate_if_held();
}

void Tracker::activate_if_held() {
    if (open_->open_hold < rule_.open_for) return;
    open_->episode.state = EpisodeState::active;
    open_->episode.severity = severity_of(rule_, open_->episode.depth());
}

/// An active or recovering episode's day.
void Tracker::follow(const Ranked& close) {
    const bool new_low = lower_trough(close);
    Episode& e = open_->episode;
    e.severity = std::max(e.severity, severity_of(rule_, e.depth()));
    const Signals signals = signals_of(rule_, reading(close, new_low));
    if (e.state == EpisodeState::recovering && signals.relapses) {
        e.state = EpisodeState::active;
    } else if (signals.eases) {
        e.state = EpisodeState::recovering;
    }
    close_if_due(signals);
}

void Tracker::close_if_due(const Signals& signals) {
    Episode& e = open_->episode;
    open_->close_hold = signals.resolves ? open_->close_hold + 1 : 0;
    if (open_->close_hold >= rule_.close_for) {
        e.closure = Closure::recovered;
    } else if (signals.settles) {
        e.closure = Closure::settled;
    }
    if (e.closure) e.state = EpisodeState::closed;
}

bool Tracker::lower_trough(const Ranked& close) {
    if (close.point.value >= open_->episode.trough.value) return false;
    open_->episode.trough = close.point;
    open_->trough_ordinal = close.ordinal;
    return true;
}

Reading Tracker::reading(const Ranked& close, bool new_low) const {
    const Episode& e = open_->episode;
    return {.value = close.point.value,
            .fall = window_.fall(),
            .peak = e.peak.value,
            .trough = e.trough.value,
            .new_low = new_low,
            .peak_age = close.point.day - e.peak.day,
            .closes_since_low = close.ordinal - open_->trough_ordinal};
}

void Tracker::record(Day day, const std::optional<Change>& before) {
    Episode& e = open_->episode;
    const Change now{day, e.state, e.severity};
    if (before && before->state == now.state && before->severity == now.severity) return;
    e.history.push_back(now);
    emit(kind_of(before, now), day);
}

void Tracker::emit(EventKind kind, Day day) {
    const Episode& e = open_->episode;
    events_.push_back(
        {day, kind, e.id, e.state, e.severity, e.closure, e.last.value, e.drawdown()});
}

}  // namespace hashprice::trend
