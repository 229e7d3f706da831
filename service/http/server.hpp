#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "service/http/options.hpp"
#include "service/http/route.hpp"

namespace hashprice::service::http {

/// The HTTP server: answers the routes of one table, on one event loop (or a few).
///
///   owns      socket, event loops, connections, cache
///   threads   thread-safe
///   outlives  what Options points to must live longer
///   errors    start: a listen address, base path or route that cannot work; a port in use
class Server {
public:
    static domain::Result<std::unique_ptr<Server>> start(Options options, RouteTable routes);
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;
    /// Stops.
    ~Server();

    [[nodiscard]] std::uint16_t port() const;
    /// Where a browser finds it: "http://127.0.0.1:8480/".
    [[nodiscard]] std::string url() const;

    struct Load {
        std::size_t connections = 0;
        std::size_t cached_answers = 0;
        std::size_t cached_bytes = 0;
    };
    [[nodiscard]] Load load() const;

    /// Takes no more connections, ends event streams, lets running answers go out for
    /// Options::drain_timeout, then closes everything. A second call does nothing.
    void stop();

private:
    class Loop;
    explicit Server(std::unique_ptr<Loop> loop);
    std::unique_ptr<Loop> loop_;
};

}  // namespace hashprice::service::http
