#pragma once
#include <spdlog/logger.h>

#include <deque>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "config/settings.hpp"
#include "domain/clock.hpp"
#include "ingest/transport/curl_transport.hpp"
#include "service/notify/courier.hpp"
#include "service/sinks/influx.hpp"

namespace hashprice::service::app {

/// What the settings say a receiver is told of.
notify::Filter filter_of(const config::Receiver& receiver, const config::Settings& all);

/// A receiver of the settings, and how it is spoken to.
///
///   owns      its transport
///   outlives  clock must live longer
class ConfiguredReceiver {
public:
    ConfiguredReceiver(const config::Receiver& settings, const config::Settings& all,
                       domain::Clock& clock);
    notify::Receiver& receiver() { return *receiver_; }

private:
    ingest::CurlTransport http_;
    std::unique_ptr<notify::Receiver> receiver_;
};

/// Everything that leaves: a courier for each receiver, a feeder for each sink, a thread each. One
/// that hangs holds up nobody but itself.
///
///   owns      all of them; the destructor stops them, running requests included, and waits
///   outlives  clock must live longer
class Outbound {
public:
    /// Nobody sends before start(): what is registered is told of all that happens from here on.
    ///   errors  the database -> Errc::database
    static domain::Result<std::unique_ptr<Outbound>> make(const config::Settings& settings,
                                                          domain::Clock& clock,
                                                          std::shared_ptr<spdlog::logger> log);
    Outbound(const Outbound&) = delete;
    Outbound& operator=(const Outbound&) = delete;
    ~Outbound();

    void start();

private:
    Outbound(const config::Settings& settings, domain::Clock& clock,
             std::shared_ptr<spdlog::logger> log);
    [[nodiscard]] notify::Courier::Say say_about(const std::string& what) const;
    void add_receiver(const config::Receiver& settings, const config::Settings& all);
    void add_sink(const config::Sink& settings, const config::Settings& all);

    domain::Clock& clock_;
    std::shared_ptr<spdlog::logger> log_;
    std::deque<ConfiguredReceiver> receivers_;
    std::deque<notify::Courier> couriers_;
    std::deque<ingest::CurlTransport> sink_transports_;
    std::deque<sinks::Influx> sinks_;
    std::vector<std::jthread> threads_;  // last: they use all of the above
};

}  // namespace hashprice::service::app
