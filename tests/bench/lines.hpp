#pragma once
#include <chrono>
#include <cstdio>
#include <ctime>
#include <string_view>

/// What a bench says: one JSON object a line, which bench.py turns into the table.
namespace hashprice::bench {

inline void say(std::string_view what, std::string_view who, double value, std::string_view unit) {
    std::printf(R"({"what":"%.*s","who":"%.*s","value":%.9g,"unit":"%.*s"})"
                "\n",
                static_cast<int>(what.size()), what.data(), static_cast<int>(who.size()),
                who.data(), value, static_cast<int>(unit.size()), unit.data());
    std::fflush(stdout);
}

/// Time spent in stretches: by the clock on the wall, and by this thread's own.
class Stopwatch {
public:
    template <class Work>
    auto measure(const Work& work) {
        const double wall = wall_now();
        const double cpu = cpu_now();
        const auto stop = [&] {
            wall_s += wall_now() - wall;
            cpu_s += cpu_now() - cpu;
        };
        if constexpr (std::is_void_v<decltype(work())>) {
            work();
            stop();
        } else {
            auto result = work();
            stop();
            return result;
        }
    }
    double wall_s = 0;
    double cpu_s = 0;

private:
    static double wall_now() {
        return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch())
            .count();
    }
    static double cpu_now() {
        timespec used{};
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
        return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) * 1e-9;
    }
};

}  // namespace hashprice::bench
