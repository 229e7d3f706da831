#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>

#include <sstream>

#include "service/app/log.hpp"

namespace hashprice::service::app {
namespace {

class Rooms : public testing::Test {
protected:
    std::string said_of(const RoomLogs& rooms, std::string_view room) {
        written_.str("");
        const auto log = rooms.of(room);
        log->debug("debug");
        log->info("info");
        log->warn("warn");
        return written_.str();
    }

    std::ostringstream written_;
    spdlog::logger log_{"daemon", std::make_shared<spdlog::sinks::ostream_sink_mt>(written_)};
};

TEST_F(Rooms, HaveTheirOwnLevelOrThatOfAll) {
    log_.set_pattern("%n:%v ");

    const RoomLogs rooms(log_,
                         {.level = config::LogLevel::info, .rooms = {"http=debug", "ingest=warn"}});

    EXPECT_EQ(said_of(rooms, "http"), "http:debug \nhttp:info \nhttp:warn \n");
    EXPECT_EQ(said_of(rooms, "ingest"), "ingest:warn \n");
    EXPECT_EQ(said_of(rooms, "trend"), "trend:info \ntrend:warn \n");
}

TEST_F(Rooms, FollowNewSettingsWhileTheyAreInUse) {
    log_.set_pattern("%v");
    RoomLogs rooms(log_, {.level = config::LogLevel::info, .rooms = {"http=debug"}});

    rooms.apply({.level = config::LogLevel::warn, .rooms = {"trend=info"}});

    EXPECT_EQ(said_of(rooms, "http"), "warn\n");
    EXPECT_EQ(said_of(rooms, "trend"), "info\nwarn\n");
}

}  // namespace
}  // namespace hashprice::service::app
