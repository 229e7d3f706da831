#pragma once
#include <chrono>
#include <map>
#include <string>
#include <vector>

/// HTTP as a well-behaved client speaks it (libcurl), against servers on loopback.
namespace hashprice::test {

struct HttpAnswer {
    int status = 0;                              ///< 0: no answer; `error` says why
    std::map<std::string, std::string> headers;  ///< names in lower case
    std::string body;                            ///< unpacked when it came with gzip
    std::string error;
    [[nodiscard]] std::string header(const std::string& name) const {
        const auto found = headers.find(name);
        return found == headers.end() ? std::string{} : found->second;
    }
};

struct HttpQuestion {
    std::string url;
    std::string method = "GET";
    std::vector<std::string> headers;  ///< whole lines: "If-None-Match: ..."
    std::string body;
    bool gzip = false;
    std::chrono::milliseconds patience{20'000};
};

HttpAnswer http(const HttpQuestion& question);
HttpAnswer http_get(const std::string& url, const std::vector<std::string>& headers = {});

}  // namespace hashprice::test
