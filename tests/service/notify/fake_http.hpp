#pragma once
#include <functional>
#include <vector>

#include "ingest/transport/http_transport.hpp"

namespace hashprice::service::notify {

/// Answers as the test says, and keeps what it was asked.
class FakeHttp final : public ingest::HttpTransport {
public:
    using Answer = domain::Result<ingest::HttpResponse>;
    std::function<Answer(const ingest::HttpRequest&)> answer = [](const auto&) {
        return Answer(ingest::HttpResponse{200, "", {}});
    };
    std::vector<ingest::HttpRequest> asked;

    Answer send(const ingest::HttpRequest& request, const std::stop_token& /*stop*/) override {
        asked.push_back(request);
        return answer(request);
    }
    void always(int status) {
        answer = [status](const auto&) { return Answer(ingest::HttpResponse{status, "", {}}); };
    }
};

/// A request's header; empty: it has none of that name.
inline std::string header(const ingest::HttpRequest& request, const std::string& name) {
    for (const auto& [key, value] : request.headers) {
        if (key == name) return value;
    }
    return {};
}

}  // namespace hashprice::service::notify
