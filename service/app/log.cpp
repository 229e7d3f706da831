#include "service/app/log.hpp"

#include <fmt/format.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>
#include <spdlog/details/log_msg.h>
#include <spdlog/formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cassert>
#include <cstdlib>
#include <iterator>

#include "domain/time.hpp"
#include "service/app/repeat_filter.hpp"

namespace hashprice::service::app {
namespace {

constexpr std::chrono::seconds kOnceIn{60};

/// {"time":"2025-11-15T00:00:00Z","level":"info","message":"...","room":"trend"}
class JsonLines final : public spdlog::formatter {
public:
    void format(const spdlog::details::log_msg& msg, spdlog::memory_buf_t& dest) override {
        rapidjson::StringBuffer buffer;
        rapidjson::Writer<rapidjson::StringBuffer> json(buffer);
        const std::string time = domain::format_time(std::chrono::floor<domain::seconds>(msg.time));
        const auto level = spdlog::level::to_string_view(msg.level);
        json.StartObject();
        json.Key("time");
        json.String(time.data(), static_cast<rapidjson::SizeType>(time.size()));
        json.Key("level");
        json.String(level.data(), static_cast<rapidjson::SizeType>(level.size()));
        json.Key("message");
        json.String(msg.payload.data(), static_cast<rapidjson::SizeType>(msg.payload.size()));
        json.Key("room");
        json.String(msg.logger_name.data(),
                    static_cast<rapidjson::SizeType>(msg.logger_name.size()));
        json.EndObject();
        const std::string_view line(buffer.GetString(), buffer.GetSize());
        dest.append(line.data(), line.data() + line.size());
        dest.push_back('\n');
    }
    [[nodiscard]] std::unique_ptr<spdlog::formatter> clone() const override {
        return std::make_unique<JsonLines>();
    }
};

/// "<4>text": journald takes the level from the number, and knows the time itself.
///   source  sd-daemon(3)
class JournalLines final : public spdlog::formatter {
public:
    void format(const spdlog::details::log_msg& msg, spdlog::memory_buf_t& dest) override {
        fmt::format_to(std::back_inserter(dest), "<{}>{}\n", priority_of(msg.level),
                       std::string_view(msg.payload.data(), msg.payload.size()));
    }
    [[nodiscard]] std::unique_ptr<spdlog::formatter> clone() const override {
        return std::make_unique<JournalLines>();
    }

private:
    static int priority_of(spdlog::level::level_enum level) {
        switch (level) {
            case spdlog::level::critical:
                return 2;
            case spdlog::level::err:
                return 3;
            case spdlog::level::warn:
                return 4;
            case spdlog::level::info:
                return 6;
            default:
                return 7;
        }
    }
};

/// systemd names the stream that it connected to the journal, by device and inode.
///   source  systemd.exec(5), $JOURNAL_STREAM
bool read_by_journald() {
    const char* stream = std::getenv("JOURNAL_STREAM");
    struct stat err {};
    if (stream == nullptr || fstat(STDERR_FILENO, &err) != 0) return false;
    return fmt::format("{}:{}", err.st_dev, err.st_ino) == stream;
}

spdlog::level::level_enum level_named(std::string_view name) {
    return spdlog::level::from_str(std::string(name));
}

}  // namespace

std::shared_ptr<spdlog::logger> make_log(const config::Log& settings) {
    auto log = std::make_shared<spdlog::logger>(
        "daemon",
        std::make_shared<RepeatFilter>(std::make_shared<spdlog::sinks::stderr_sink_mt>(), kOnceIn));
    apply_log(*log, settings);
    return log;
}

void apply_log(spdlog::logger& log, const config::Log& settings) {
    if (settings.format == config::LogFormat::json)
        log.set_formatter(std::make_unique<JsonLines>());
    else if (read_by_journald())
        log.set_formatter(std::make_unique<JournalLines>());
    else
        log.set_pattern("%Y-%m-%dT%H:%M:%SZ %l %v", spdlog::pattern_time_type::utc);
    log.set_level(level_named(config::name_of(settings.level)));
}

RoomLogs::RoomLogs(spdlog::logger& log, const config::Log& settings) {
    std::ranges::transform(config::kLogRooms, logs_.begin(),
                           [&](std::string_view room) { return log.clone(std::string(room)); });
    apply(settings);
}

void RoomLogs::apply(const config::Log& settings) {
    for (const auto& log : logs_) {
        log->set_level(level_named(config::name_of(settings.level)));
        const std::string own = log->name() + "=";
        for (const std::string_view choice : settings.rooms) {
            if (choice.starts_with(own)) log->set_level(level_named(choice.substr(own.size())));
        }
    }
}

std::shared_ptr<spdlog::logger> RoomLogs::of(std::string_view room) const {
    const auto* const found =
        std::ranges::find(logs_, room, [](const auto& log) { return log->name(); });
    assert(found != logs_.end());
    return *found;
}

}  // namespace hashprice::service::app
