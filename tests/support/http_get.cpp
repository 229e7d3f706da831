#include "tests/support/http_get.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <cctype>
#include <memory>

namespace hashprice::test {
namespace {

std::size_t take_body(char* data, std::size_t size, std::size_t count, void* answer) {
    static_cast<HttpAnswer*>(answer)->body.append(data, size * count);
    return size * count;
}

std::string trimmed(std::string text) {
    const auto blank = [](unsigned char c) { return std::isspace(c) != 0; };
    text.erase(std::find_if_not(text.rbegin(), text.rend(), blank).base(), text.end());
    text.erase(text.begin(), std::find_if_not(text.begin(), text.end(), blank));
    return text;
}

std::size_t take_header(char* data, std::size_t size, std::size_t count, void* answer) {
    const std::string line(data, size * count);
    const auto colon = line.find(':');
    if (colon != std::string::npos) {
        std::string name = line.substr(0, colon);
        std::ranges::transform(name, name.begin(), [](unsigned char c) { return std::tolower(c); });
        static_cast<HttpAnswer*>(answer)->headers[name] = trimmed(line.substr(colon + 1));
    }
    return size * count;
}

}  // namespace

HttpAnswer http(const HttpQuestion& question) {
    HttpAnswer answer;
    const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> curl(curl_easy_init(),
                                                                   &curl_easy_cleanup);
    curl_slist* lines = nullptr;
    for (const std::string& line : question.headers) lines = curl_slist_append(lines, line.c_str());
    const std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> owned(lines,
                                                                            &curl_slist_free_all);
    curl_easy_setopt(curl.get(), CURLOPT_URL, question.url.c_str());
    curl_easy_setopt(curl.get(), CURLOPT_PROXY,
                     "");  // loopback only, whatever the environment says
    curl_easy_setopt(curl.get(), CURLOPT_HTTPHEADER, lines);
    curl_easy_setopt(curl.get(), CURLOPT_TIMEOUT_MS, static_cast<long>(question.patience.count()));
    curl_easy_setopt(curl.get(), CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, &take_body);
    curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, &answer);
    curl_easy_setopt(curl.get(), CURLOPT_HEADERFUNCTION, &take_header);
    curl_easy_setopt(curl.get(), CURLOPT_HEADERDATA, &answer);
    if (question.gzip) curl_easy_setopt(curl.get(), CURLOPT_ACCEPT_ENCODING, "gzip");
    if (!question.body.empty()) {
        curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDS, question.body.data());
        curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDSIZE,
                         static_cast<long>(question.body.size()));
    }
    if (question.method == "HEAD") curl_easy_setopt(curl.get(), CURLOPT_NOBODY, 1L);
    if (question.method != "GET")
        curl_easy_setopt(curl.get(), CURLOPT_CUSTOMREQUEST, question.method.c_str());
    const CURLcode code = curl_easy_perform(curl.get());
    long status = 0;
    curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
    answer.status = static_cast<int>(status);
    if (code != CURLE_OK) answer.error = curl_easy_strerror(code);
    return answer;
}

HttpAnswer http_get(const std::string& url, const std::vector<std::string>& headers) {
    return http({.url = url, .headers = headers});
}

}  // namespace hashprice::test
