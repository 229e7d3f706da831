#pragma once
#include <spdlog/logger.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <thread>

#include "domain/clock.hpp"
#include "service/answers/trend_settings.hpp"
#include "service/http/events.hpp"
#include "service/judge/judge.hpp"

namespace hashprice::service::app {

/// Looks once a minute whether a day was completed or a past close changed, follows every rule,
/// stores what came of it, and tells the event stream.
///
///   owns      a writing connection and the thread
///   outlives  clock and events must live longer
class TrendWatch {
public:
    struct Options {
        std::filesystem::path database;
        std::vector<domain::Rule> rules;
        std::vector<domain::Fleet> fleets;
        std::uint64_t keep_free = 0;  ///< bytes of the disk below which nothing is written
    };
    TrendWatch(Options options, domain::Clock& clock, http::EventHub& events,
               std::shared_ptr<spdlog::logger> log);

private:
    void run(const std::stop_token& stop);
    domain::Status look();
    void tell(const storage::EpisodeChange& change);

    Options options_;
    domain::Clock& clock_;
    http::EventHub& events_;
    std::shared_ptr<spdlog::logger> log_;
    std::optional<storage::Database> db_;
    judge::Judge judge_;
    std::optional<judge::History> judged_;
    std::jthread thread_;  // last: it uses all of the above
};

}  // namespace hashprice::service::app
