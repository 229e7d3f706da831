#pragma once
#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "domain/result.hpp"

namespace hashprice::ingest {

enum class HttpMethod { get, post };

/// One request, bounded in time and size.
struct HttpRequest {
    HttpMethod method = HttpMethod::get;
    std::string url;
    std::vector<std::pair<std::string, std::string>> headers;  ///< name, value; may hold secrets
    std::string body;                                          ///< of a POST
    std::chrono::milliseconds timeout{10'000};  ///< for the whole exchange, name lookup included
    std::size_t max_bytes = 8U << 20U;          ///< of the answer's body, after decompression
};

struct HttpResponse {
    int status{};
    std::string body;
    std::map<std::string, std::string> headers;  ///< names in lower case; of two alike the last
};

/// The network, as far as we use it: requests over HTTP.
///
///   threads  one thread at a time for one object, unless the implementation promises more
///   errors   no answer -> Errc::timeout, network, stopped; an answer that is too long or cannot be
///            unpacked -> Errc::bad_payload; a URL that cannot be asked -> Errc::config.
///            Any status is an answer. `what` is one line with host and reason, and holds neither
///            credentials nor the query.
class HttpTransport {
public:
    HttpTransport() = default;
    HttpTransport(const HttpTransport&) = delete;
    HttpTransport& operator=(const HttpTransport&) = delete;
    virtual ~HttpTransport() = default;
    /// Redirects are not followed: a 3xx is an answer like any other. A set `stop` cuts a running
    /// exchange short within about a second.
    virtual domain::Result<HttpResponse> send(const HttpRequest& request,
                                              const std::stop_token& stop) = 0;
};

/// A transport for each thread that asks.
using MakeTransport = std::function<std::unique_ptr<HttpTransport>()>;

}  // namespace hashprice::ingest
