#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string_view>
#include <thread>

#include "tests/support/fake_upstream.hpp"

/// The fake upstream as a program: `fake_upstream [--port N] [--max-seconds N]`. Prints its port on
/// the first line, and ends by itself after an hour at the latest unless told otherwise.
namespace {

volatile std::sig_atomic_t asked_to_stop = 0;

long option(int argc, char** argv, std::string_view name, long otherwise) {
    for (int i = 1; i + 1 < argc; ++i) {
        if (argv[i] == name) return std::strtol(argv[i + 1], nullptr, 10);
    }
    return otherwise;
}

int serve(int argc, char** argv) {
    using namespace std::chrono_literals;
    std::signal(SIGTERM, [](int) { asked_to_stop = 1; });
    std::signal(SIGINT, [](int) { asked_to_stop = 1; });
    const auto port = static_cast<std::uint16_t>(option(argc, argv, "--port", 0));
    const hashprice::fake::FakeUpstream upstream(port);
    std::printf("%u\n", static_cast<unsigned>(upstream.port()));
    std::fflush(stdout);
    const auto end =
        std::chrono::steady_clock::now() + option(argc, argv, "--max-seconds", 3600) * 1s;
    while (asked_to_stop == 0 && std::chrono::steady_clock::now() < end) {
        std::this_thread::sleep_for(20ms);
    }
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return serve(argc, argv);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
}
