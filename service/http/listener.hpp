#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "domain/result.hpp"

namespace hashprice::service::http {

/// "127.0.0.1:8480", "[::1]:8480", "localhost:8480", "*:8480" (every address, IPv4 and IPv6).
struct ListenAddress {
    std::string host;
    std::uint16_t port = 0;               ///< 0: any free one
    [[nodiscard]] bool loopback() const;  ///< never reachable from another machine
};

/// errors  usage, naming what is wrong
domain::Result<ListenAddress> parse_listen_address(std::string_view text);

/// A listening TCP socket, closed on destruction.
class Listener {
public:
    /// errors  network: in use, not ours, not allowed; one line that names the address
    static domain::Result<Listener> open(const ListenAddress& address);
    /// Takes over a listening socket (-1: none).
    static Listener adopt(int socket) { return {socket, 0}; }
    Listener(Listener&& other) noexcept;
    Listener& operator=(Listener&&) = delete;
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;
    ~Listener();

    [[nodiscard]] int socket() const { return socket_; }
    [[nodiscard]] std::uint16_t port() const { return port_; }
    /// Gives the socket away.
    int release();

private:
    Listener(int socket, std::uint16_t port) : socket_(socket), port_(port) {}
    int socket_ = -1;
    std::uint16_t port_ = 0;
};

}  // namespace hashprice::service::http
