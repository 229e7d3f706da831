#include "tests/support/raw_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>

namespace hashprice::fake {
namespace {

int listening_socket(std::uint16_t& port) {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* any = reinterpret_cast<sockaddr*>(&address);
    if (socket < 0 || ::bind(socket, any, size) != 0 || ::listen(socket, 8) != 0 ||
        ::getsockname(socket, any, &size) != 0) {
        throw std::runtime_error("no loopback socket to listen on");
    }
    port = ntohs(address.sin_port);
    return socket;
}

}  // namespace

std::string RawConnection::read_until(const std::string& end) const {
    std::string read;
    char byte = 0;
    while (!read.ends_with(end) && ::recv(socket_, &byte, 1, 0) == 1) read += byte;
    return read;
}

std::string RawConnection::read_bytes(std::size_t count) const {
    std::string read;
    char byte = 0;
    while (read.size() < count && ::recv(socket_, &byte, 1, 0) == 1) read += byte;
    return read;
}

void RawConnection::send(const std::string& bytes) const {
    (void)!::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
}

RawServer::RawServer(std::function<void(RawConnection&)> script)
    : script_(std::move(script)),
      listener_(listening_socket(port_)),
      thread_([this] { serve(); }) {}

void RawServer::serve() {
    while (!stopping_) {
        const int accepted = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (accepted < 0) return;
        ++connections_;
        current_ = accepted;
        RawConnection connection(accepted);
        if (!stopping_) script_(connection);
        current_ = -1;
        ::close(accepted);
    }
}

RawServer::~RawServer() {
    stopping_ = true;
    ::shutdown(listener_, SHUT_RDWR);
    const int open = current_;
    if (open >= 0) ::shutdown(open, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
}

std::uint16_t closed_port() {
    std::uint16_t port = 0;
    ::close(listening_socket(port));
    return port;
}

}  // namespace hashprice::fake
