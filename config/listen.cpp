#include "config/listen.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <array>
#include <charconv>
#include <optional>

#include "config/origin.hpp"

namespace hashprice::config {
namespace {

std::optional<std::uint16_t> parse_port(std::string_view text) {
    std::uint16_t port = 0;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, port);
    if (text.empty() || error != std::errc{} || stop != end) return std::nullopt;
    return port;
}

bool read_ipv4(ListenAddress& address) {
    std::array<unsigned char, 4> bytes{};
    if (inet_pton(AF_INET, address.host.c_str(), bytes.data()) != 1) return false;
    address.loopback = bytes[0] == 127;
    return true;
}

bool read_ipv6(ListenAddress& address) {
    std::array<unsigned char, 16> bytes{};
    if (inet_pton(AF_INET6, address.host.c_str(), bytes.data()) != 1) return false;
    constexpr std::array<unsigned char, 16> kLoopback{0, 0, 0, 0, 0, 0, 0, 0,
                                                      0, 0, 0, 0, 0, 0, 0, 1};
    address.ipv6 = true;
    address.loopback = bytes == kLoopback;
    return true;
}

std::optional<ListenAddress> parse(std::string_view text) {
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos) return std::nullopt;
    const auto port = parse_port(text.substr(colon + 1));
    std::string_view host = text.substr(0, colon);
    if (!port || host.find('\0') != std::string_view::npos) return std::nullopt;
    ListenAddress address{.port = *port};
    const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
    address.host = bracketed ? host.substr(1, host.size() - 2) : host;
    if (!bracketed && host == "localhost") {
        address.loopback = true;
        return address;
    }
    if (!(bracketed ? read_ipv6(address) : read_ipv4(address))) return std::nullopt;
    return address;
}

}  // namespace

domain::Result<ListenAddress> parse_listen(std::string_view text) {
    if (auto address = parse(text)) return *std::move(address);
    return domain::fail(domain::Errc::config,
                        fmt::format("'{}' is no IP address and port: write 127.0.0.1:8480, "
                                    "[::1]:8480 or, for all of IPv4, 0.0.0.0:8480",
                                    printable(text)));
}

}  // namespace hashprice::config
