#include "ingest/sources/visit.hpp"

#include <fmt/format.h>

#include "ingest/transport/retry_after.hpp"
#include "ingest/transport/url.hpp"

namespace hashprice::ingest {
namespace {

std::string_view meaning_of(int status) {
    switch (status) {
        case 301:
        case 302:
        case 303:
        case 307:
        case 308:
            return "redirected, which is not followed: correct base_url";
        case 304:
            return "not modified, although nothing was asked conditionally";
        case 401:
            return "not authorized";
        case 403:
            return "forbidden: blocked, or asked too often";
        case 404:
            return "not found";
        case 418:
            return "banned for asking too often";
        case 429:
            return "asked too often";
        default:
            return status >= 500 ? "trouble on their side" : "not the answer that was asked for";
    }
}

domain::Error status_error(const HttpRequest& request, const Visit& visit) {
    std::string what = fmt::format("{}: HTTP {} ({})", host_of(request.url), visit.status,
                                   meaning_of(visit.status));
    if (visit.retry_after) {
        what += fmt::format(", to be asked again in {}", domain::format_age(*visit.retry_after));
    }
    return {domain::Errc::http_status, std::move(what)};
}

}  // namespace

domain::Result<HttpResponse> ask(Visit& visit, HttpRequest request) {
    request.timeout = visit.timeout;
    ++visit.requests;
    visit.status = 0;
    visit.retry_after.reset();
    auto answer = visit.http.send(request, visit.stop);
    if (!answer) return answer;
    visit.status = answer->status;
    const auto header = answer->headers.find("retry-after");
    if (header != answer->headers.end()) {
        visit.retry_after = parse_retry_after(header->second, visit.now);
    }
    if (answer->status != 200) return tl::unexpected(status_error(request, visit));
    return answer;
}

domain::Result<HttpResponse> ask(Visit& visit, std::string url) {
    HttpRequest request;
    request.url = std::move(url);
    request.headers.emplace_back("Accept", "application/json");
    return ask(visit, std::move(request));
}

}  // namespace hashprice::ingest
