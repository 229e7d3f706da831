#pragma once
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <string>

#include "tests/support/process.hpp"

namespace hashprice::test {

/// The socket on which systemd hears its services (sd_notify(3)): one datagram, several lines.
class NotifySocket {
public:
    explicit NotifySocket(std::filesystem::path at)
        : path(std::move(at)), fd_(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::ranges::copy(path.string(), address.sun_path);
        good_ = bind(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    }
    NotifySocket(const NotifySocket&) = delete;
    NotifySocket& operator=(const NotifySocket&) = delete;
    ~NotifySocket() { close(fd_); }

    [[nodiscard]] bool good() const { return good_; }

    /// The next message; empty: none came in time.
    [[nodiscard]] std::string next(milliseconds patience = kPatience) const {
        pollfd ready{fd_, POLLIN, 0};
        if (poll(&ready, 1, static_cast<int>(patience.count())) != 1) return {};
        std::string message(8192, '\0');
        const ssize_t got = recv(fd_, message.data(), message.size(), 0);
        message.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
        return message;
    }

    /// The first message from now on that holds `text`; empty: none in time.
    [[nodiscard]] std::string wait_for(std::string_view text) const {
        const auto end = std::chrono::steady_clock::now() + kPatience;
        while (std::chrono::steady_clock::now() < end) {
            std::string message = next();
            if (message.find(text) != std::string::npos) return message;
        }
        return {};
    }

    void forget_what_came() const {
        while (!next(milliseconds{0}).empty()) {
        }
    }

    const std::filesystem::path path;

private:
    int fd_;
    bool good_ = false;
};

}  // namespace hashprice::test
