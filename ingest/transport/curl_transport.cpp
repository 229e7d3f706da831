#include "ingest/transport/curl_transport.hpp"

#include <curl/curl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <mutex>
#include <string_view>

#include "ingest/transport/url.hpp"

namespace hashprice::ingest {
namespace {

using domain::Errc;
using domain::fail;

constexpr std::size_t kMaxHeaders = 64;
constexpr std::size_t kMaxHeaderBytes = 1024;

/// What the callbacks of one exchange share.
struct Exchange {
    const HttpRequest& request;
    const std::stop_token& stop;
    HttpResponse response;
    bool too_long = false;
};

void init_curl_once() {
    static std::once_flag once;
    std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
}

std::size_t on_body(const char* data, std::size_t size, std::size_t count, void* user) {
    auto& exchange = *static_cast<Exchange*>(user);
    const std::size_t bytes = size * count;
    if (bytes > exchange.request.max_bytes - exchange.response.body.size()) {
        exchange.too_long = true;
        return 0;  // anything but `bytes` ends the exchange
    }
    exchange.response.body.append(data, bytes);
    return bytes;
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view kBlank = " \t\r\n";
    const std::size_t first = text.find_first_not_of(kBlank);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

std::size_t on_header(const char* data, std::size_t size, std::size_t count, void* user) {
    auto& headers = static_cast<Exchange*>(user)->response.headers;
    const std::string_view line(data, size * count);
    const std::size_t colon = line.find(':');
    if (line.starts_with("HTTP/")) headers.clear();  // a new answer, after 100 Continue or a proxy
    if (colon == std::string_view::npos || line.size() > kMaxHeaderBytes ||
        headers.size() >= kMaxHeaders) {
        return line.size();
    }
    std::string name(trimmed(line.substr(0, colon)));
    std::ranges::transform(name, name.begin(), [](unsigned char c) {
        return static_cast<char>(std::tolower(c));  // ASCII: the "C" locale is never changed
    });
    headers[name] = trimmed(line.substr(colon + 1));
    return line.size();
}

/// curl asks about once a second even when nothing moves.
int on_progress(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return static_cast<Exchange*>(user)->stop.stop_requested() ? 1 : 0;
}

Errc kind_of(CURLcode code) {
    switch (code) {
        case CURLE_OPERATION_TIMEDOUT:
            return Errc::timeout;
        case CURLE_ABORTED_BY_CALLBACK:
            return Errc::stopped;
        case CURLE_BAD_CONTENT_ENCODING:
            return Errc::bad_payload;
        case CURLE_URL_MALFORMAT:
        case CURLE_UNSUPPORTED_PROTOCOL:
            return Errc::config;
        default:
            return Errc::network;
    }
}

/// One line, no control characters: part of it may come from the other side.
std::string one_line(std::string_view text) {
    std::string line(trimmed(text.substr(0, 200)));
    std::ranges::replace_if(
        line, [](unsigned char c) { return c < 0x20 || c == 0x7f; }, ' ');
    return line;
}

/// curl's own list, freed with it.
class HeaderList {
public:
    HeaderList() = default;
    HeaderList(const HeaderList&) = delete;
    HeaderList& operator=(const HeaderList&) = delete;
    ~HeaderList() { curl_slist_free_all(list_); }
    void add(const std::string& line) { list_ = curl_slist_append(list_, line.c_str()); }
    [[nodiscard]] curl_slist* get() const { return list_; }

private:
    curl_slist* list_ = nullptr;
};

}  // namespace

struct CurlTransport::Handle {
    CURL* easy = nullptr;
    std::array<char, CURL_ERROR_SIZE> error{};
    Handle() : easy((init_curl_once(), curl_easy_init())) {}
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;
    ~Handle() { curl_easy_cleanup(easy); }

    template <class Value>
    void set(CURLoption option, Value value) const {
        curl_easy_setopt(easy, option, value);
    }
    void set_standing(const CurlOptions& options);
    void trust(const std::string& ca_file) const;
    void set_exchange(Exchange& exchange, const HeaderList& headers) const;
};

/// What holds for every request of this transport.
void CurlTransport::Handle::set_standing(const CurlOptions& options) {
    set(CURLOPT_ERRORBUFFER, error.data());
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_QUICK_EXIT, 1L);  // a name lookup that hangs must not hold up a stop
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
    set(CURLOPT_SSL_VERIFYPEER, 1L);
    set(CURLOPT_SSL_VERIFYHOST, 2L);
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    trust(options.ca_file);
    set(CURLOPT_ACCEPT_ENCODING, "gzip");
    set(CURLOPT_USERAGENT, options.user_agent.c_str());
    set(CURLOPT_PROXY, options.proxy.c_str());  // "" also turns the environment's proxy off
    set(CURLOPT_NOPROXY, "localhost,127.0.0.0/8,::1");
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options.connect_timeout.count()));
    set(CURLOPT_TCP_KEEPALIVE, 1L);
    set(CURLOPT_MAXCONNECTS, 4L);
    set(CURLOPT_NOPROGRESS, 0L);
    set(CURLOPT_XFERINFOFUNCTION, &on_progress);
    set(CURLOPT_WRITEFUNCTION, &on_body);
    set(CURLOPT_HEADERFUNCTION, &on_header);
}

/// One file of certificates, which curl reads once: where a directory is named besides, as Debian's
/// curl does of itself, it reads the file again for each connection, 15 ms of processor time.
void CurlTransport::Handle::trust(const std::string& ca_file) const {
    const char* bundle = nullptr;
    curl_easy_getinfo(easy, CURLINFO_CAINFO, &bundle);
    if (!ca_file.empty()) set(CURLOPT_CAINFO, ca_file.c_str());
    if (!ca_file.empty() || (bundle != nullptr && access(bundle, R_OK) == 0))
        set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));
}

void CurlTransport::Handle::set_exchange(Exchange& exchange, const HeaderList& headers) const {
    const HttpRequest& request = exchange.request;
    set(CURLOPT_URL, request.url.c_str());
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(request.timeout.count()));
    set(CURLOPT_HTTPHEADER, headers.get());
    set(CURLOPT_XFERINFODATA, &exchange);
    set(CURLOPT_WRITEDATA, &exchange);
    set(CURLOPT_HEADERDATA, &exchange);
    if (request.method == HttpMethod::post) {
        set(CURLOPT_POST, 1L);
        set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
        set(CURLOPT_POSTFIELDS, request.body.c_str());
    } else {
        set(CURLOPT_HTTPGET, 1L);
    }
}

CurlTransport::CurlTransport(CurlOptions options)
    : options_(std::move(options)), handle_(std::make_unique<Handle>()) {
    handle_->set_standing(options_);
}

CurlTransport::~CurlTransport() = default;

domain::Result<HttpResponse> CurlTransport::send(const HttpRequest& request,
                                                 const std::stop_token& stop) {
    const std::string host = host_of(request.url);
    if (host.empty()) return fail(Errc::config, "a URL without a host cannot be asked");
    if (stop.stop_requested()) return fail(Errc::stopped, host + ": stopped before asking");
    HeaderList headers;
    headers.add("Expect:");  // no round trip before a POST's body
    for (const auto& [name, value] : request.headers)
        headers.add(fmt::format("{}: {}", name, value));
    Exchange exchange{request, stop, {}, false};
    handle_->set_exchange(exchange, headers);
    handle_->error.front() = '\0';
    const CURLcode code = curl_easy_perform(handle_->easy);
    handle_->set(CURLOPT_HTTPHEADER, static_cast<curl_slist*>(nullptr));
    if (exchange.too_long) {
        return fail(Errc::bad_payload,
                    fmt::format("{}: the answer is longer than {} bytes", host, request.max_bytes));
    }
    if (code == CURLE_ABORTED_BY_CALLBACK) return fail(Errc::stopped, host + ": stopped");
    if (code != CURLE_OK) {
        const char* detail = handle_->error.data();
        const std::string why = one_line(*detail == '\0' ? curl_easy_strerror(code) : detail);
        return fail(kind_of(code), fmt::format("{}: {}", host, why));
    }
    long status = 0;
    curl_easy_getinfo(handle_->easy, CURLINFO_RESPONSE_CODE, &status);
    exchange.response.status = static_cast<int>(status);
    return std::move(exchange.response);
}

}  // namespace hashprice::ingest
