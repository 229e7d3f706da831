#pragma once
#include <spdlog/logger.h>

#include <memory>
#include <stop_token>

#include "config/settings.hpp"
#include "domain/clock.hpp"
#include "ingest/live/writer.hpp"

namespace hashprice::service::app {

/// Keeps the database as small as the operator wants it: hourly it forgets prices that are older
/// than retention.price_ticks and what was said of sources before retention.poll_log, and gives
/// room back when much has become unused. (What is older than retention.poll_log goes with
/// polling.)
///
///   threads   one
///   outlives  everything must live longer
class Caretaker {
public:
    Caretaker(ingest::Writer& writer, const config::Settings& settings, domain::Clock& clock,
              std::shared_ptr<spdlog::logger> log)
        : writer_(writer),
          keep_(settings.retention),
          price_max_age_(settings.price.max_age),
          clock_(clock),
          log_(std::move(log)) {}

    /// Rounds until stopped.
    void run(const std::stop_token& stop);
    /// One round. A set `stop` cuts it short.
    void round(const std::stop_token& stop);

private:
    void forget_ticks(const std::stop_token& stop);
    void forget_messages();
    void compact();

    ingest::Writer& writer_;
    config::Retention keep_;
    domain::seconds price_max_age_;
    domain::Clock& clock_;
    std::shared_ptr<spdlog::logger> log_;
};

}  // namespace hashprice::service::app
