// What the server costs beside a bare microhttpd handler that sends the same bytes.
//
//   http_bench [seconds per run] [rounds]
//
// Both stand in this process, on one core; wrk drives them from the other, alternately, and the
// medians of the rounds are compared. (LIMITS of the machine: only ratios within one run count.)
#include <microhttpd.h>
#include <sched.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "service/http/metrics.hpp"
#include "service/http/server.hpp"
#include "tests/bench/lines.hpp"

namespace {

using namespace hashprice;
namespace http = hashprice::service::http;

class SystemClock : public domain::Clock {
public:
    [[nodiscard]] domain::UtcSeconds now() const override {
        return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    }
    [[nodiscard]] std::chrono::milliseconds uptime() const override { return {}; }
    bool sleep_for(std::chrono::milliseconds /*nap*/, const std::stop_token& /*stop*/) override {
        return false;
    }
};

using Header = std::pair<const char*, const char*>;

/// The least that answers: one response object, one handler.
class Bare {
public:
    Bare(std::string body, const std::vector<Header>& headers) : body_(std::move(body)) {
        response_ =
            MHD_create_response_from_buffer(body_.size(), body_.data(), MHD_RESPMEM_PERSISTENT);
        for (const auto& [name, value] : headers) {
            MHD_add_response_header(response_, name, value);
        }
        daemon_ = MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD, 0, nullptr, nullptr, &answer,
                                   this, MHD_OPTION_END);
    }
    Bare(const Bare&) = delete;
    Bare& operator=(const Bare&) = delete;
    ~Bare() {
        MHD_stop_daemon(daemon_);
        MHD_destroy_response(response_);
    }
    [[nodiscard]] unsigned port() const {
        return MHD_get_daemon_info(daemon_, MHD_DAEMON_INFO_BIND_PORT)->port;
    }

private:
    // The signature is microhttpd's. NOLINTNEXTLINE(readability-function-size)
    static MHD_Result answer(void* self, MHD_Connection* connection, const char* /*url*/,
                             const char* /*method*/, const char* /*version*/,
                             const char* /*upload*/, std::size_t* /*size*/, void** context) {
        static int seen = 0;
        if (*context == nullptr) {  // an answer before the end of the question ends keep-alive
            *context = &seen;
            return MHD_YES;
        }
        return MHD_queue_response(connection, 200, static_cast<Bare*>(self)->response_);
    }
    std::string body_;
    MHD_Response* response_;
    MHD_Daemon* daemon_;
};

void pin_to(int core) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(core, &set);
    sched_setaffinity(0, sizeof set, &set);
}

struct Rate {
    double per_s = 0;
    double cpu_us = 0;  // of this process, per request
    double p99_ms = 0;
};

double cpu_s() {
    timespec used{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) * 1e-9;
}

/// As wrk writes a time: 655.00us, 1.02ms, 1.10s.
double milliseconds(std::string_view text) {
    const double number = std::atof(std::string(text).c_str());
    if (text.find("us") != std::string_view::npos) return number / 1000;
    return text.find("ms") != std::string_view::npos ? number : number * 1000;
}

Rate drive(unsigned port, const std::string& path, int seconds, const std::string& header) {
    const std::string command = "taskset -c 1 wrk -t1 -c64 --latency -d" + std::to_string(seconds) +
                                "s " + header + " http://127.0.0.1:" + std::to_string(port) + path;
    const double before = cpu_s();
    const std::unique_ptr<FILE, int (*)(FILE*)> wrk(popen(command.c_str(), "r"), &pclose);
    std::array<char, 256> line{};
    Rate rate;
    while (wrk && std::fgets(line.data(), line.size(), wrk.get()) != nullptr) {
        const std::string_view text(line.data());
        if (text.find(" requests in ") != std::string_view::npos) {
            rate.cpu_us = (cpu_s() - before) * 1e6 / std::atof(line.data());
        }
        if (text.starts_with("Requests/sec:")) rate.per_s = std::atof(line.data() + 13);
        if (text.find(" 99%") != std::string_view::npos) rate.p99_ms = milliseconds(text.substr(9));
        if (text.find("Non-2xx") != std::string_view::npos && header.empty()) {
            std::printf("unexpected: %s", line.data());
        }
    }
    return rate;
}

Rate median(std::vector<Rate> rates) {
    std::sort(rates.begin(), rates.end(),
              [](const Rate& a, const Rate& b) { return a.per_s < b.per_s; });
    return rates[rates.size() / 2];
}

struct Case {
    const char* name;
    std::string path;
    std::size_t bytes;
    std::string header;  // wrk arguments for our server
};

void compare(const Case& given, unsigned ours, int seconds, int rounds) {
    const std::string body(given.bytes, 'x');
    const Bare plain(body, {{"Content-Type", "application/json"}});
    const Bare dressed(body, {{"Content-Type", "application/json"},
                              {"Cache-Control", "no-cache"},
                              {"ETag", "\"00000000000000000\""},
                              {"Vary", "Accept-Encoding"},
                              {"X-Content-Type-Options", "nosniff"}});
    std::vector<Rate> a;
    std::vector<Rate> b;
    std::vector<Rate> c;
    for (int i = 0; i < rounds; ++i) {
        a.push_back(drive(plain.port(), "/", seconds, ""));
        b.push_back(drive(dressed.port(), "/", seconds, ""));
        c.push_back(drive(ours, given.path, seconds, given.header));
    }
    const Rate bare = median(a);
    const Rate same = median(b);
    const Rate own = median(c);
    const std::string what(given.name);
    const auto line = [&](const char* who, const Rate& rate) {
        hashprice::bench::say(what, who, rate.per_s, "1/s");
        hashprice::bench::say(what + ", CPU a request", who, rate.cpu_us, "us");
        hashprice::bench::say(what + ", p99", who, rate.p99_ms, "ms");
    };
    line("bare", bare);
    line("bare, same headers", same);
    line("product", own);
}

http::Route route_of(const std::string& pattern, std::size_t bytes) {
    http::Route route;
    route.pattern = pattern;
    route.operation_id = pattern.substr(1);
    route.summary = "bytes";
    route.parameters = {{.name = "from", .kind = http::Kind::time, .default_text = "-30d"},
                        {.name = "step", .kind = http::Kind::enumeration, .choices = {"1h", "1d"}}};
    route.now_grid = domain::kMinute;
    if (bytes < 1000) route.parameters.clear();
    route.handler = [bytes](const http::Request&) -> domain::Result<http::Response> {
        return http::ok(std::string(bytes, 'x'));
    };
    return route;
}

}  // namespace

int main(int count, char** arguments) {
    if (std::system("wrk -v >/dev/null 2>&1; test $? -eq 1") != 0) {
        std::puts("http_bench needs wrk (apt install wrk)");
        return 1;
    }
    const int seconds = count > 1 ? std::atoi(arguments[1]) : 2;
    const int rounds = count > 2 ? std::atoi(arguments[2]) : 5;
    pin_to(0);  // the event loops inherit it
    const SystemClock clock;
    http::Registry metrics;
    http::Options options;
    options.listen = "127.0.0.1:0";
    options.clock = &clock;
    options.metrics = &metrics;
    options.data_version = [] { return std::uint64_t{1}; };
    http::RouteTable routes;
    for (const auto& [pattern, bytes] :
         {std::pair{"/latest", std::size_t{480}}, std::pair{"/series", std::size_t{60'000}}}) {
        if (!routes.add(route_of(pattern, bytes))) return 1;
    }
    const auto server = http::Server::start(options, std::move(routes));
    if (!server) {
        std::puts(server.error().what.c_str());
        return 1;
    }
    const unsigned port = (*server)->port();
    compare({"latest, 480 B", "/latest", 480, ""}, port, seconds, rounds);
    compare({"latest, If-None-Match", "/latest", 480, "-H 'If-None-Match: *'"}, port, seconds,
            rounds);
    compare({"series, 60 kB, cached", "'/series?from=-30d&step=1d'", 60'000, ""}, port, seconds,
            rounds);
    return 0;
}
