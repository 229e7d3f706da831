#pragma once
#include <spdlog/logger.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <thread>

#include "domain/clock.hpp"
#include "service/answers/latest.hpp"
#include "service/answers/trend_settings.hpp"
#include "service/http/events.hpp"
#include "service/judge/judge.hpp"

namespace hashprice::service::app {

/// Looks once a minute whether a day was completed or a past close changed, follows every rule,
/// stores what came of it with the messages for receivers, and tells the event stream. Notes when
/// the data become stale, or fresh again, and stay so for some minutes.
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
        /// Whether the data are fresh is watched too; none: somebody else does that.
        std::optional<answers::Freshness> freshness{};
    };
    TrendWatch(Options options, domain::Clock& clock, http::EventHub& events,
               std::shared_ptr<spdlog::logger> log);

private:
    /// The data look otherwise than what was last noted, since then.
    struct Turn {
        bool fresh;
        std::chrono::milliseconds since;
    };
    void run(const std::stop_token& stop);
    domain::Status look();
    domain::Status judge_days();
    domain::Status look_whether_fresh();
    void tell(const storage::EpisodeChange& change);

    Options options_;
    domain::Clock& clock_;
    http::EventHub& events_;
    std::shared_ptr<spdlog::logger> log_;
    std::optional<storage::Database> db_;
    judge::Judge judge_;
    std::optional<judge::History> judged_;
    std::optional<Turn> turn_;
    std::jthread thread_;  // last: it uses all of the above
};

}  // namespace hashprice::service::app
