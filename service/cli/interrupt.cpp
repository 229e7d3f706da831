#include "service/cli/interrupt.hpp"

#include <csignal>
#include <ctime>

namespace hashprice::service::cli {
namespace {

sigset_t the_signals() {
    sigset_t set;
    sigemptyset(&set);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&set, signal);
    return set;
}

}  // namespace

Interrupt::Interrupt() {
    const sigset_t set = the_signals();
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    waiter_ = std::jthread([this, set](const std::stop_token& ended) {
        constexpr timespec kLook{0, 100'000'000};
        while (!ended.stop_requested()) {
            if (sigtimedwait(&set, nullptr, &kLook) > 0) source_.request_stop();
        }
    });
}

Interrupt::~Interrupt() {
    waiter_.request_stop();
    waiter_.join();
    const sigset_t set = the_signals();
    pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

}  // namespace hashprice::service::cli
