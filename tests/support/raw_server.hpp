#pragma once
#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <thread>

namespace hashprice::fake {

/// One accepted connection, closed when the script is done with it.
class RawConnection {
public:
    explicit RawConnection(int socket) : socket_(socket) {}
    /// Reads until `end` has come or the other side is gone; what came, `end` included.
    std::string read_until(const std::string& end) const;
    std::string read_bytes(std::size_t count) const;
    void send(const std::string& bytes) const;

private:
    int socket_;
};

/// A TCP server on loopback that plays a script with every connection: for what a well-behaved
/// HTTP server cannot be made to do. Connections are served one after the other.
class RawServer {
public:
    explicit RawServer(std::function<void(RawConnection&)> script);
    ~RawServer();
    RawServer(const RawServer&) = delete;
    RawServer& operator=(const RawServer&) = delete;
    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] int connections() const { return connections_; }

private:
    void serve();
    std::function<void(RawConnection&)> script_;
    std::uint16_t port_ = 0;  // before listener_, which sets it
    int listener_ = -1;
    std::atomic<int> current_ = -1;
    std::atomic<int> connections_ = 0;
    std::atomic<bool> stopping_ = false;
    std::thread thread_;
};

/// A port on loopback where nobody listens.
std::uint16_t closed_port();

}  // namespace hashprice::fake
