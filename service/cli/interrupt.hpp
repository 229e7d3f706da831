#pragma once
#include <stop_token>
#include <thread>

namespace hashprice::service::cli {

/// While it lives, SIGINT, SIGTERM and SIGHUP set a stop token instead of ending the program. Make
/// it before any other thread: those made afterwards inherit that they leave the signals to it.
///
///   owns     the thread that waits for the signals
///   threads  token() may be handed to any
class Interrupt {
public:
    Interrupt();
    Interrupt(const Interrupt&) = delete;
    Interrupt& operator=(const Interrupt&) = delete;
    ~Interrupt();

    [[nodiscard]] std::stop_token token() const { return source_.get_token(); }

private:
    std::stop_source source_;
    std::jthread waiter_;
};

}  // namespace hashprice::service::cli
