#include "service/http/listener.hpp"

#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <memory>
#include <system_error>
#include <utility>

#include "service/http/options.hpp"

namespace hashprice::service::http {
namespace {

using domain::Errc;
using domain::fail;

constexpr int kBacklog = 4'096;

struct FreeAddresses {
    void operator()(addrinfo* list) const { freeaddrinfo(list); }
};
using Addresses = std::unique_ptr<addrinfo, FreeAddresses>;

std::string system_text(int error) { return std::generic_category().message(error); }

domain::Result<Addresses> resolve(const ListenAddress& address) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
    const bool any = address.host == "*";
    if (any) hints.ai_family = AF_INET6;
    addrinfo* list = nullptr;
    const std::string port = std::to_string(address.port);
    const int outcome = getaddrinfo(any ? "::" : address.host.c_str(), port.c_str(), &hints, &list);
    if (outcome != 0) {
        return fail(Errc::network, fmt::format("cannot listen on {}:{}: {}", address.host, port,
                                               gai_strerror(outcome)));
    }
    return Addresses(list);
}

std::string why_not(const ListenAddress& address, int error) {
    std::string hint;
    if (error == EADDRINUSE) hint = "; another program has the port: choose another one";
    if (error == EACCES) hint = "; ports below 1024 need a privilege: choose a higher one";
    if (error == EADDRNOTAVAIL) hint = "; no interface of this machine has the address";
    return fmt::format("cannot listen on {}:{}: {}{}", address.host, address.port,
                       system_text(error), hint);
}

std::uint16_t bound_port(int socket) {
    sockaddr_storage address{};
    socklen_t length = sizeof address;
    if (getsockname(socket, reinterpret_cast<sockaddr*>(&address), &length) != 0) return 0;
    if (address.ss_family == AF_INET6) {
        return ntohs(reinterpret_cast<const sockaddr_in6&>(address).sin6_port);
    }
    return ntohs(reinterpret_cast<const sockaddr_in&>(address).sin_port);
}

bool bind_and_listen(int socket, const addrinfo& to, bool any) {
    const int on = 1;
    const int v6_only = any ? 0 : 1;
    setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (to.ai_family == AF_INET6) {
        setsockopt(socket, IPPROTO_IPV6, IPV6_V6ONLY, &v6_only, sizeof v6_only);
    }
    return bind(socket, to.ai_addr, to.ai_addrlen) == 0 && listen(socket, kBacklog) == 0;
}

}  // namespace

bool ListenAddress::loopback() const {
    return host == "localhost" || host == "::1" ||
           (host.starts_with("127.") && host.find_first_not_of("0123456789.") == std::string::npos);
}

domain::Result<ListenAddress> parse_listen_address(std::string_view text) {
    const auto refuse = [text](std::string_view why) {
        return fail(Errc::usage, fmt::format("listen address '{}': {}; write 127.0.0.1:8480, "
                                             "[::1]:8480 or *:8480",
                                             text, why));
    };
    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos) return refuse("no port");
    std::string_view host = text.substr(0, colon);
    const std::string_view port = text.substr(colon + 1);
    if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
        host = host.substr(1, host.size() - 2);
    } else if (host.find(':') != std::string_view::npos) {
        return refuse("an IPv6 address stands in brackets");
    }
    if (host.empty()) return refuse("no address");
    ListenAddress address{std::string(host), 0};
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), address.port);
    if (port.empty() || error != std::errc{} || end != port.data() + port.size()) {
        return refuse("the port is not 0 to 65535");
    }
    return address;
}

domain::Result<Listener> Listener::open(const ListenAddress& address) {
    const auto addresses = resolve(address);
    if (!addresses) return tl::unexpected(addresses.error());
    int error = EADDRNOTAVAIL;
    for (const addrinfo* to = addresses->get(); to != nullptr; to = to->ai_next) {
        const int socket = ::socket(to->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        if (socket >= 0 && bind_and_listen(socket, *to, address.host == "*")) {
            return Listener(socket, bound_port(socket));
        }
        error = errno;
        if (socket >= 0) ::close(socket);
    }
    if (address.host == "*" && error == EAFNOSUPPORT) return open({"0.0.0.0", address.port});
    return fail(Errc::network, why_not(address, error));
}

Listener::Listener(Listener&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)), port_(other.port_) {}

Listener::~Listener() {
    if (socket_ >= 0) ::close(socket_);
}

int Listener::release() { return std::exchange(socket_, -1); }

std::size_t raise_file_limit() {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 1'024;
    constexpr rlim_t kEnough = 65'536;  // some systems allow a thousand million
    const rlimit wanted{std::max(limit.rlim_cur, std::min(limit.rlim_max, kEnough)),
                        limit.rlim_max};
    if (setrlimit(RLIMIT_NOFILE, &wanted) == 0) return wanted.rlim_cur;
    return limit.rlim_cur;
}

}  // namespace hashprice::service::http
