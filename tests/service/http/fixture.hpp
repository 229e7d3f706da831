#pragma once
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <deque>
#include <filesystem>
#include <iterator>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "domain/clock.hpp"
#include "service/http/server.hpp"
#include "tests/service/http/client.hpp"

namespace hashprice::service::http::test {

/// A clock that stands until it is moved.
class FixedClock : public domain::Clock {
public:
    [[nodiscard]] domain::UtcSeconds now() const override { return domain::utc(now_s.load()); }
    [[nodiscard]] std::chrono::milliseconds uptime() const override { return {}; }
    bool sleep_for(std::chrono::milliseconds /*nap*/, const std::stop_token& /*stop*/) override {
        return false;
    }
    std::atomic<std::int64_t> now_s{1'763'164'800};  // 2025-11-15T00:00:00Z
};

/// A server on a free port of the loopback; routes are added before `start`.
class HttpTest : public testing::Test {
protected:
    Route& add(const std::string& pattern, Handler handler) {
        Route route;
        route.pattern = pattern;
        route.operation_id = "op" + std::to_string(routes_.size());
        route.summary = "a route of the test";
        route.handler = std::move(handler);
        return add(std::move(route));
    }
    Route& add(Route route) {
        routes_.push_back(std::move(route));
        return routes_.back();
    }
    Route& add_text(const std::string& pattern, const std::string& body,
                    const std::string& media_type = "application/json") {
        return add(pattern, [=, this](const Request&) -> domain::Result<Response> {
            ++calls;
            return ok(body, media_type);
        });
    }
    void start() {
        options.listen = "127.0.0.1:0";
        options.clock = &clock;
        if (!options.data_version) options.data_version = [this] { return version.load(); };
        RouteTable table;
        for (Route& route : routes_) {
            const auto added = table.add(std::move(route));
            ASSERT_TRUE(added) << added.error().what;
        }
        auto started = Server::start(options, std::move(table));
        ASSERT_TRUE(started) << started.error().what;
        server = std::move(*started);
        port = server->port();
    }
    Answer ask(const std::string& target, const std::string& headers = {},
               const std::string& method = "GET") const {
        return get(port, target, headers, method);
    }

    FixedClock clock;
    Options options;
    std::atomic<std::uint64_t> version{1};
    std::atomic<int> calls{0};  ///< of handlers made by add_text
    std::uint16_t port = 0;

private:
    std::deque<Route> routes_;

protected:
    std::unique_ptr<Server> server;  // dies first
};

inline std::size_t open_files() {
    return static_cast<std::size_t>(
        std::distance(std::filesystem::directory_iterator("/proc/self/fd"),
                      std::filesystem::directory_iterator{}));
}

/// Waits, in small steps and not for ever, until the claim holds.
template <class Claim>
bool eventually(const Claim& claim, std::chrono::milliseconds patience = std::chrono::seconds{5}) {
    const auto end = std::chrono::steady_clock::now() + patience;
    while (!claim()) {
        if (std::chrono::steady_clock::now() > end) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds{2});
    }
    return true;
}

}  // namespace hashprice::service::http::test
