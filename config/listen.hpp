#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "domain/result.hpp"

namespace hashprice::config {

struct ListenAddress {
    std::string host;  ///< an IP address without brackets, or "localhost"
    std::uint16_t port{};
    bool ipv6 = false;
    bool loopback = false;  ///< reached from this machine only
    friend bool operator==(const ListenAddress&, const ListenAddress&) = default;
};

/// "127.0.0.1:8480", "[::1]:8480", "localhost:8480"; port 0 lets the system choose.
///
///   shape   pure: no name is looked up
///   errors  anything else -> Errc::config, in words to put behind the key's name
domain::Result<ListenAddress> parse_listen(std::string_view text);

}  // namespace hashprice::config
