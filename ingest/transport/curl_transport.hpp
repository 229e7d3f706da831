#pragma once
#include <chrono>
#include <memory>
#include <string>

#include "ingest/transport/http_transport.hpp"

namespace hashprice::ingest {

struct CurlOptions {
    std::string user_agent = "hashprice";
    /// http, https, socks5 or socks5h; empty: none, whatever the environment says. Requests to
    /// this machine itself never go through it.
    std::string proxy;
    std::string ca_file;  ///< empty: the system's certificates
    std::chrono::milliseconds connect_timeout{5'000};
};

/// HTTP by libcurl: TLS verified, gzip, only http and https, no .netrc, no redirects.
///
///   owns     one easy handle, whose connections stay open between requests
///   threads  one thread at a time; make one per thread
class CurlTransport final : public HttpTransport {
public:
    explicit CurlTransport(CurlOptions options);
    ~CurlTransport() override;
    CurlTransport(const CurlTransport&) = delete;
    CurlTransport& operator=(const CurlTransport&) = delete;
    domain::Result<HttpResponse> send(const HttpRequest& request,
                                      const std::stop_token& stop) override;

private:
    struct Handle;
    CurlOptions options_;
    std::unique_ptr<Handle> handle_;
};

}  // namespace hashprice::ingest
