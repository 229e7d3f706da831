#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/clock.hpp"

namespace hashprice::service::http {

class EventHub;
class Registry;

/// Everything that the server may be told; every default is safe for a machine on the open net.
///
///   outlives  `clock`, `events` and `metrics` must live longer than the Server
struct Options {
    std::string listen = "127.0.0.1:8480";  ///< "ADDR:PORT", "[v6]:PORT"; port 0: any free one
    std::string base_path = "/";            ///< where a reverse proxy shows us; "/hashprice"
    std::string token;  ///< bearer token for `protected_prefixes`; empty: open. Kept as a digest
    std::vector<std::string> protected_prefixes = {"/api", "/metrics"};
    std::vector<std::string> cors_origins;  ///< "https://host[:port]" each, or "*"

    unsigned threads = 1;  ///< event loops; handlers run on them
    unsigned max_connections = 16'384;
    unsigned max_connections_per_ip = 4'096;
    /// A silent or dripping client, waiting for its request or not reading its answer, is dropped.
    std::chrono::seconds idle_timeout{75};
    std::chrono::seconds head_timeout{10};     ///< from the first line to the end of the headers
    std::chrono::seconds answer_timeout{900};  ///< even a slowly moving download ends here
    std::chrono::milliseconds drain_timeout{500};
    std::chrono::milliseconds housekeeping{1'000};  ///< how often the deadlines are looked at
    std::size_t max_target_bytes = 4'096;           ///< path and query; beyond: 414
    std::size_t max_header_bytes = 8'192;           ///< request line and headers; beyond: 431
    std::size_t connection_bytes = 16'384;          ///< memory of one connection
    std::size_t cache_bytes = 8U << 20U;  ///< finished answers kept; 0 turns the cache off
    std::size_t gzip_min_bytes = 1'024;

    std::string content_security_policy =
        "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    const domain::Clock* clock = nullptr;         ///< required
    std::function<std::uint64_t()> data_version;  ///< cheap, thread-safe; absent: data never change
    EventHub* events = nullptr;                   ///< driven (heartbeats) and closed by the Server
    Registry* metrics = nullptr;                  ///< gets request counts and durations
    std::function<void(std::string_view)> log;    ///< one line each; clients can cause many
};

/// Raises the soft limit of open files to the hard one (65,536 at most).  returns  the limit now in
/// force
std::size_t raise_file_limit();

}  // namespace hashprice::service::http
