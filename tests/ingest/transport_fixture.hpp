#pragma once
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "ingest/transport/curl_transport.hpp"
#include "tests/support/fake_upstream.hpp"

namespace hashprice::ingest {

struct Timed {
    domain::Result<HttpResponse> answer;
    std::chrono::steady_clock::duration took;
};

class Transport : public testing::Test {
protected:
    Timed send(const HttpRequest& request, CurlOptions options = {}) {
        CurlTransport http(std::move(options));
        const auto start = std::chrono::steady_clock::now();
        auto answer = http.send(request, stop_.get_token());
        return {std::move(answer), std::chrono::steady_clock::now() - start};
    }
    Timed get(const std::string& url, std::chrono::milliseconds timeout = std::chrono::seconds{5}) {
        HttpRequest request;
        request.url = url;
        request.timeout = timeout;
        request.max_bytes = 1U << 20U;
        return send(request);
    }
    Timed get_with(fake::Fault fault, std::chrono::milliseconds timeout = std::chrono::seconds{5}) {
        fault.prefix = "/mempool";
        upstream().order(fault);
        return get(upstream().url("/mempool/api/v1/blocks"), timeout);
    }
    fake::FakeUpstream& upstream() {
        if (!upstream_) upstream_ = std::make_unique<fake::FakeUpstream>();
        return *upstream_;
    }

    std::unique_ptr<fake::FakeUpstream> upstream_;
    std::stop_source stop_;
};

/// An answer as bytes on the wire.
inline std::string reply(const std::string& body) {
    return "HTTP/1.1 200 OK\r\nX-Mixed-CASE:  some value \r\nContent-Length: " +
           std::to_string(body.size()) + "\r\n\r\n" + body;
}

}  // namespace hashprice::ingest
