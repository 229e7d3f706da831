#include "service/app/repeat_filter.hpp"

#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>

#include <optional>
#include <sstream>

namespace hashprice::service::app {
namespace {

using namespace std::chrono_literals;

class FilteredLog {
public:
    FilteredLog() { filter->set_pattern("%l %v"); }
    void say(std::string_view text, std::chrono::seconds at,
             spdlog::level::level_enum level = spdlog::level::warn) {
        filter->log(
            spdlog::details::log_msg(kStart + at, {}, "test", level, {text.data(), text.size()}));
    }
    [[nodiscard]] std::string written() const { return out.str(); }
    void end() { filter.reset(); }

private:
    static constexpr spdlog::log_clock::time_point kStart{std::chrono::hours{500'000}};
    std::ostringstream out;
    std::optional<RepeatFilter> filter{std::in_place,
                                       std::make_shared<spdlog::sinks::ostream_sink_st>(out), 60s};
};

TEST(RepeatFilter, ALineThatRepeatsIsWrittenOnceAndThenCounted) {
    FilteredLog log;

    for (int n = 0; n < 5; ++n) log.say("kraken: timeout", std::chrono::seconds(n));
    EXPECT_EQ(log.written(), "warning kraken: timeout\n");
    log.say("something else", 61s);

    EXPECT_EQ(log.written(),
              "warning kraken: timeout\n"
              "warning 4 more times: kraken: timeout\n"
              "warning something else\n");
}

TEST(RepeatFilter, LinesThatTakeTurnsAreHeldBackAsWell) {
    FilteredLog log;

    for (int n = 0; n < 3; ++n) {
        log.say("a", std::chrono::seconds(n));
        log.say("b", std::chrono::seconds(n), spdlog::level::err);
    }

    EXPECT_EQ(log.written(), "warning a\nerror b\n");
}

TEST(RepeatFilter, AfterTheWhileTheLineIsNewAgain) {
    FilteredLog log;

    log.say("a", 0s);
    log.say("a", 60s);

    EXPECT_EQ(log.written(), "warning a\nwarning a\n");
}

TEST(RepeatFilter, WhatIsStillCountedIsSaidAtTheEnd) {
    FilteredLog log;
    log.say("a", 0s);
    log.say("a", 1s);

    log.end();

    EXPECT_EQ(log.written(), "warning a\nwarning 1 more times: a\n");
}

TEST(RepeatFilter, AClockThatIsSetBackSilencesNothing) {
    FilteredLog log;
    log.say("a", 7200s);

    log.say("a", 0s);

    EXPECT_EQ(log.written(), "warning a\nwarning a\n");
}

TEST(RepeatFilter, ManyDifferentLinesAllPassAndAreNotKept) {
    FilteredLog log;
    const int many = 3 * static_cast<int>(RepeatFilter::kMostLines);

    for (int n = 0; n < many; ++n) log.say("line " + std::to_string(n), 0s);

    const std::string written = log.written();
    EXPECT_EQ(std::count(written.begin(), written.end(), '\n'), many);
}

}  // namespace
}  // namespace hashprice::service::app
