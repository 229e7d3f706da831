#pragma once
#include <list>
#include <string>

#include "ingest/transport/http_transport.hpp"

namespace hashprice::ingest {

/// Asks again only for what has changed, where the other side takes part: an answer that came with
/// an ETag or a Last-Modified is kept, the next question for the same URL says so, and "304 not
/// modified" brings the kept answer back as if it had been sent once more.
///
///   owns      the newest 8 such answers of up to 64 KiB
///   outlives  the transport below must live longer
///   threads   one
class ConditionalTransport final : public HttpTransport {
public:
    explicit ConditionalTransport(HttpTransport& below) : below_(below) {}
    domain::Result<HttpResponse> send(const HttpRequest& request,
                                      const std::stop_token& stop) override;

private:
    struct Kept {
        std::string url;
        HttpResponse answer;
    };
    void keep(const std::string& url, const HttpResponse& answer);

    HttpTransport& below_;
    std::list<Kept> kept_;  ///< newest first
};

}  // namespace hashprice::ingest
