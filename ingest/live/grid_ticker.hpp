#pragma once
#include "ingest/live/pace.hpp"
#include "ingest/live/routine.hpp"
#include "ingest/live/writer.hpp"

namespace hashprice::ingest {

/// Derives every instant t of the live grid at t + grid_lag, from the facts recorded by then.
/// Whatever comes later revises it. Once a day it forgets old rows of the poll log.
class GridTicker final : public Routine {
public:
    GridTicker(Writer& writer, const domain::Clock& clock, seconds poll_log)
        : writer_(writer), clock_(clock), poll_log_(poll_log) {}
    milliseconds round(const std::stop_token& stop) override;

private:
    Writer& writer_;
    const domain::Clock& clock_;
    seconds poll_log_;  ///< how long outcomes are kept; 0: for ever
    std::chrono::sys_days tidied_{};
};

}  // namespace hashprice::ingest
