#pragma once
#include <spdlog/logger.h>

#include <memory>
#include <stop_token>

#include "config/settings.hpp"
#include "domain/clock.hpp"
#include "ingest/roster.hpp"

namespace hashprice::service::app {

/// What healing works with.   outlives  everything must live longer than the thread that heals
struct HealContext {
    const config::Settings& settings;
    domain::Clock& clock;
    ingest::Roster& roster;  ///< its budgets are shared with polling
    std::shared_ptr<spdlog::logger> log;
};

/// Fills the gaps of the last poll.backfill_on_start, newest month first, then looks again from
/// time to time: soon while sources fail, rarely when all is there. Waits while a backfill runs.
/// Returns when `stop` is set, at once when healing is off.
///
///   owns     a writing connection and a transport of its own
///   threads  the body of one thread
void heal(const HealContext& context, const std::stop_token& stop);

}  // namespace hashprice::service::app
