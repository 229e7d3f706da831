#pragma once
#include <spdlog/logger.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "domain/clock.hpp"
#include "domain/result.hpp"

namespace hashprice::service::app {

/// Tells the service manager that the daemon works, as long as it proves it.
///
///   owns      a thread; it ends with the object
///   outlives  clock must live longer, and what the functions name
class Heartbeat {
public:
    struct Options {
        std::chrono::milliseconds period{30'000};
        /// What the daemon can do right now, in one line for people. An error: it does not work.
        std::function<domain::Result<std::string>()> proof;
        /// Called after each proof that held, with its line.
        std::function<void(const std::string&)> beat;
    };
    Heartbeat(Options options, domain::Clock& clock, std::shared_ptr<spdlog::logger> log);

private:
    void run(const std::stop_token& stop);

    Options options_;
    domain::Clock& clock_;
    std::shared_ptr<spdlog::logger> log_;
    std::jthread thread_;
};

/// A third of what the watchdog allows: one proof may come late and one may be lost.
std::chrono::milliseconds heartbeat_period(std::chrono::milliseconds watchdog);

/// The proof: a request to our own address is answered, and the newest observation can be read.
///
///   url     the server's own, with a slash at its end
///   errors  what does not work, as its room says it
domain::Result<std::string> vital_signs(const std::string& url,
                                        const std::filesystem::path& database);

}  // namespace hashprice::service::app
