#pragma once
#include <spdlog/sinks/base_sink.h>

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace hashprice::service::app {

/// Lets the same line through once in a while: what repeats in between is counted, and the count
/// is written when the while is over, so that nothing is lost silently.
///
///   owns     a share of the sink behind it
///   threads  thread-safe
///   bounds   remembers kMostLines different lines; beyond that the oldest are written and
///   forgotten
class RepeatFilter final : public spdlog::sinks::base_sink<std::mutex> {
public:
    static constexpr std::size_t kMostLines = 256;

    RepeatFilter(spdlog::sink_ptr behind, std::chrono::seconds once_in);
    RepeatFilter(const RepeatFilter&) = delete;
    RepeatFilter& operator=(const RepeatFilter&) = delete;
    ~RepeatFilter() override;

protected:
    void sink_it_(const spdlog::details::log_msg& msg) override;
    void flush_() override { behind_->flush(); }
    void set_pattern_(const std::string& pattern) override { behind_->set_pattern(pattern); }
    void set_formatter_(std::unique_ptr<spdlog::formatter> formatter) override {
        behind_->set_formatter(std::move(formatter));
    }

private:
    using Time = spdlog::log_clock::time_point;
    struct Line {
        spdlog::level::level_enum level{};
        Time first;
        std::size_t held_back = 0;
    };
    using Lines = std::map<std::string, Line, std::less<>>;
    void forget_before(Time limit, Time now);
    void forget_oldest(Time now);
    void say_how_often(const std::string& text, const Line& line, Time now);

    spdlog::sink_ptr behind_;
    std::chrono::seconds once_in_;
    Lines lines_;
};

}  // namespace hashprice::service::app
