#include "ingest/transport/conditional.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace hashprice::ingest {
namespace {

constexpr std::size_t kMost = 8;
constexpr std::size_t kLongest = std::size_t{64} << 10U;
constexpr int kOk = 200;
constexpr int kNotModified = 304;

/// What an answer is marked with, and how the next question names the mark.
struct Mark {
    const char* answer;
    const char* question;
};
constexpr std::array kMarks{Mark{"etag", "If-None-Match"},
                            Mark{"last-modified", "If-Modified-Since"}};

bool marked(const HttpResponse& answer) {
    return std::ranges::any_of(
        kMarks, [&](const Mark& mark) { return answer.headers.contains(mark.answer); });
}

HttpRequest conditional(HttpRequest request, const HttpResponse& kept) {
    for (const Mark& mark : kMarks) {
        const auto header = kept.headers.find(mark.answer);
        if (header != kept.headers.end())
            request.headers.emplace_back(mark.question, header->second);
    }
    return request;
}

}  // namespace

domain::Result<HttpResponse> ConditionalTransport::send(const HttpRequest& request,
                                                        const std::stop_token& stop) {
    if (request.method != HttpMethod::get) return below_.send(request, stop);
    const auto kept = std::ranges::find(kept_, request.url, &Kept::url);
    if (kept == kept_.end()) {
        auto answer = below_.send(request, stop);
        if (answer) keep(request.url, *answer);
        return answer;
    }
    auto answer = below_.send(conditional(request, kept->answer), stop);
    if (answer && answer->status == kNotModified) {
        kept_.splice(kept_.begin(), kept_, kept);
        return kept_.front().answer;
    }
    if (answer && answer->status == kOk) {
        kept_.erase(kept);
        keep(request.url, *answer);
    }
    return answer;
}

void ConditionalTransport::keep(const std::string& url, const HttpResponse& answer) {
    if (answer.status != kOk || !marked(answer) || answer.body.size() > kLongest) return;
    kept_.push_front({url, answer});
    if (kept_.size() > kMost) kept_.pop_back();
}

}  // namespace hashprice::ingest
