#include "service/app/repeat_filter.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hashprice::service::app {

RepeatFilter::RepeatFilter(spdlog::sink_ptr behind, std::chrono::seconds once_in)
    : behind_(std::move(behind)), once_in_(once_in) {}

RepeatFilter::~RepeatFilter() {
    for (const auto& [text, line] : lines_) say_how_often(text, line, line.first);
}

void RepeatFilter::sink_it_(const spdlog::details::log_msg& msg) {
    forget_before(msg.time - once_in_, msg.time);
    const std::string_view text(msg.payload.data(), msg.payload.size());
    const auto known = lines_.find(text);
    if (known != lines_.end()) {
        ++known->second.held_back;
        return;
    }
    if (lines_.size() >= kMostLines) forget_oldest(msg.time);
    lines_.emplace(text, Line{msg.level, msg.time, 0});
    behind_->log(msg);
}

void RepeatFilter::forget_before(Time limit, Time now) {
    for (auto line = lines_.begin(); line != lines_.end();) {
        // a clock that was set back must not silence anything
        const bool over = line->second.first <= limit || line->second.first > now;
        if (over) say_how_often(line->first, line->second, now);
        line = over ? lines_.erase(line) : std::next(line);
    }
}

void RepeatFilter::forget_oldest(Time now) {
    const auto oldest = std::ranges::min_element(
        lines_, {}, [](const Lines::value_type& entry) { return entry.second.first; });
    say_how_often(oldest->first, oldest->second, now);
    lines_.erase(oldest);
}

void RepeatFilter::say_how_often(const std::string& text, const Line& line, Time now) {
    if (line.held_back == 0) return;
    const std::string said = fmt::format("{} more times: {}", line.held_back, text);
    behind_->log(spdlog::details::log_msg(now, {}, "daemon", line.level, said));
}

}  // namespace hashprice::service::app
