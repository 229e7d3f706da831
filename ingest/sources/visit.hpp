#pragma once
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "domain/time.hpp"
#include "ingest/transport/http_transport.hpp"

namespace hashprice::ingest {

/// One call on a provider: what a fetch needs, and what it leaves behind for the poll log, the
/// cool-downs and the quarantine.
///
///   outlives  the transport must outlive it
///   threads   one thread
struct Visit {
    HttpTransport& http;
    domain::UtcSeconds now;  ///< judges what is unclosed, in the future, or in milliseconds
    std::stop_token stop;
    std::chrono::milliseconds timeout{10'000};

    int requests = 0;                            ///< how many went out
    int status = 0;                              ///< of the last answer; 0: there was none
    std::optional<domain::seconds> retry_after;  ///< what the last answer asked for
    std::string refused_body;  ///< of the answer that a decoder refused, cut to kRefusedBytes
};
constexpr std::size_t kRefusedBytes = 64U << 10U;

/// Sends and demands status 200.   errors  as HttpTransport; another status -> Errc::http_status
domain::Result<HttpResponse> ask(Visit& visit, HttpRequest request);
domain::Result<HttpResponse> ask(Visit& visit, std::string url);

/// A decoder's verdict on an answer; a refused body stays with the visit.
template <class T>
domain::Result<T> judged(Visit& visit, const HttpResponse& answer, domain::Result<T> verdict) {
    if (!verdict && (verdict.error().code == domain::Errc::bad_payload ||
                     verdict.error().code == domain::Errc::out_of_range)) {
        visit.refused_body = answer.body.substr(0, kRefusedBytes);
    }
    return verdict;
}

/// GET and decode: the whole of most fetches.
template <class Decode>
auto fetch(Visit& visit, std::string url, const Decode& decode)
    -> decltype(decode(std::string_view{})) {
    const auto answer = ask(visit, std::move(url));
    if (!answer) return tl::unexpected(answer.error());
    return judged(visit, *answer, decode(std::string_view(answer->body)));
}

}  // namespace hashprice::ingest
