#pragma once
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "service/http/message.hpp"
#include "service/http/options.hpp"
#include "service/http/route.hpp"

struct MHD_Response;

namespace hashprice::service::http {

class CorsPolicy;

/// Which of the spellings of one answer a client gets.
struct Selection {
    bool gzip = false;
    std::size_t origin = 0;  ///< CorsPolicy::number_of
    [[nodiscard]] std::size_t index() const { return origin * 2 + (gzip ? 1 : 0); }
};

/// What stands in Cache-Control: the response's own word, else the route's.
std::string cache_control_of(const Response& response, const Route* route, bool is_private);

/// A finished answer with a body, and all that does not depend on who asked.
///
///   threads  thread-safe
class Payload {
public:
    Payload(Response response, const Route* route, bool is_private);

    [[nodiscard]] const Response& response() const { return response_; }
    [[nodiscard]] const Body& body() const { return response_.body; }
    [[nodiscard]] const std::string& cache_control() const { return cache_control_; }
    /// The quoted tag for one encoding; empty when the answer has none.
    [[nodiscard]] std::string etag(bool gzip) const;
    /// The compressed body, made once; none when zlib gave up.
    [[nodiscard]] Body gzipped() const;

private:
    Response response_;
    std::string cache_control_;
    std::string tag_;
    int level_ = 1;
    mutable std::once_flag once_;
    mutable Body gzipped_;
};

/// Ready to be queued, as often as wanted: the whole answer and its 304.
///
///   owns     the microhttpd responses
///   threads  thread-safe
struct Variant {
    Variant() = default;
    Variant(const Variant&) = delete;
    Variant& operator=(const Variant&) = delete;
    ~Variant();

    MHD_Response* whole = nullptr;
    MHD_Response* not_modified = nullptr;  ///< none when the answer has no tag
    std::string etag;
    unsigned status = 200;
    std::size_t bytes = 0;
};

/// Puts answers into microhttpd's form, with every header that the cross-cutting rules ask for.
class Preparer {
public:
    Preparer(const Options& options, const CorsPolicy& cors);

    /// none: out of memory
    [[nodiscard]] std::shared_ptr<const Variant> prepare(const Payload& payload,
                                                         Selection selection) const;
    /// A body that is made while it is sent. `tag` (without quotes) may be empty.
    [[nodiscard]] std::shared_ptr<const Variant> prepare_stream(Response response,
                                                                std::string_view cache_control,
                                                                Selection selection,
                                                                std::string_view tag) const;
    /// Headers of an event stream, on a response made elsewhere.
    void dress_events(MHD_Response* response, Selection selection) const;

    /// Would this body be compressed for a client that asks?
    [[nodiscard]] bool worth_gzip(const Response& response) const;

private:
    struct Dress {
        std::string_view media_type;
        std::string_view cache_control;
        std::string_view etag;
        Selection selection;
        bool gzip = false;
    };
    /// What an answer depends on besides its address; empty: on nothing.
    [[nodiscard]] std::string_view varies_with(std::string_view media_type) const;
    bool add_not_modified(Variant& variant, Dress clothes) const;
    void dress(MHD_Response* response, const Dress& dress, const Response* extra) const;

    const Options& options_;
    const CorsPolicy& cors_;
};

}  // namespace hashprice::service::http
