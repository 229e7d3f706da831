#include "service/http/prepared.hpp"

#include <microhttpd.h>

#include <chrono>

#include "service/answers/gzip.hpp"
#include "service/http/negotiation.hpp"

namespace hashprice::service::http {
namespace {

constexpr int kFastLevel = 1;   // answers that the next data change throws away
constexpr int kSmallLevel = 9;  // files that stay as long as the process
constexpr std::size_t kStreamBlock = 32'768;
constexpr std::size_t kResponseOverhead = 1'024;  // microhttpd's own memory for a response

constexpr std::string_view kEventStream = "text/event-stream";

void header(MHD_Response* response, const char* name, std::string_view value) {
    MHD_add_response_header(response, name, std::string(value).c_str());
}

std::string with_charset(std::string_view media_type) {
    const bool bare_text = media_type.starts_with("text/") && media_type != kEventStream &&
                           media_type.find("charset") == std::string_view::npos;
    return std::string(media_type) + (bare_text ? "; charset=utf-8" : "");
}

std::string quoted_tag(std::string_view tag, bool gzip) {
    return "\"" + std::string(tag) + (gzip ? "-gz\"" : "\"");
}

MHD_Response* response_over(Body body) {
    if (!body || body->empty()) {
        return MHD_create_response_from_buffer(0, nullptr, MHD_RESPMEM_PERSISTENT);
    }
    auto keep = std::make_unique<Body>(std::move(body));
    // microhttpd asks for a writable pointer but only reads from it.
    void* bytes = const_cast<char*>((*keep)->data());
    const std::size_t size = (*keep)->size();
    MHD_Response* response = MHD_create_response_from_buffer_with_free_callback_cls(
        size, bytes, [](void* owner) { delete static_cast<Body*>(owner); }, keep.get());
    if (response != nullptr) static_cast<void>(keep.release());
    return response;
}

/// A body that is made while it is sent.
///
///   owns     the generator, and the piece that is being sent
///   threads  one thread: the event loop of its connection
class Pull {
public:
    explicit Pull(Generator generator) : generator_(std::move(generator)) {}

    ssize_t read(char* out, std::size_t max) {
        while (sent_ == piece_.size()) {
            if (!more_) return MHD_CONTENT_READER_END_OF_STREAM;
            piece_.clear();
            sent_ = 0;
            const domain::Result<bool> more = generator_(piece_);
            if (!more) return MHD_CONTENT_READER_END_WITH_ERROR;
            more_ = *more;
        }
        const std::size_t count = piece_.copy(out, max, sent_);
        sent_ += count;
        return static_cast<ssize_t>(count);
    }

private:
    Generator generator_;
    std::string piece_;
    std::size_t sent_ = 0;
    bool more_ = true;
};

ssize_t read_pull(void* pull, std::uint64_t /*position*/, char* out, std::size_t max) {
    try {
        return static_cast<Pull*>(pull)->read(out, max);
    } catch (...) {  // nothing may be thrown through C; the client sees a cut-off answer
        return MHD_CONTENT_READER_END_WITH_ERROR;
    }
}

}  // namespace

std::string cache_control_of(const Response& response, const Route* route, bool is_private) {
    if (!response.cache_control.empty()) return response.cache_control;
    if (route == nullptr || route->caching == Caching::none) return "no-store";
    return (is_private ? "private, " : "") + route->cache_control;
}

Payload::Payload(Response response, const Route* route, bool is_private)
    : response_(std::move(response)),
      cache_control_(cache_control_of(response_, route, is_private)) {
    const bool tagged = route != nullptr && route->caching != Caching::none &&
                        response_.status == 200 && response_.cacheable;
    if (tagged) {
        tag_ = !response_.etag.empty() ? response_.etag
                                       : content_tag(response_.body ? *response_.body : "");
    }
    const bool fixed = route != nullptr && route->caching == Caching::fixed;
    level_ = fixed ? kSmallLevel : kFastLevel;
}

std::string Payload::etag(bool gzip) const { return tag_.empty() ? tag_ : quoted_tag(tag_, gzip); }

Body Payload::gzipped() const {
    std::call_once(once_, [this] {
        if (auto small = answers::gzip(*response_.body, level_)) {
            gzipped_ = std::make_shared<const std::string>(std::move(*small));
        }
    });
    return gzipped_;
}

Variant::~Variant() {
    if (whole != nullptr) MHD_destroy_response(whole);
    if (not_modified != nullptr) MHD_destroy_response(not_modified);
}

Preparer::Preparer(const Options& options, const CorsPolicy& cors)
    : options_(options), cors_(cors) {}

bool Preparer::worth_gzip(const Response& response) const {
    const bool large =
        response.stream || (response.body && response.body->size() >= options_.gzip_min_bytes);
    return large && compressible(response.media_type);
}

std::string_view Preparer::varies_with(std::string_view media_type) const {
    const bool by_origin = cors_.enabled() && !cors_.any();
    if (!compressible(media_type)) return by_origin ? "Origin" : "";
    return by_origin ? "Accept-Encoding, Origin" : "Accept-Encoding";
}

void Preparer::dress(MHD_Response* response, const Dress& dress, const Response* extra) const {
    if (!dress.media_type.empty()) header(response, "Content-Type", with_charset(dress.media_type));
    if (!dress.cache_control.empty()) header(response, "Cache-Control", dress.cache_control);
    if (!dress.etag.empty()) header(response, "ETag", dress.etag);
    if (dress.gzip) header(response, "Content-Encoding", "gzip");
    const std::string_view vary = varies_with(dress.media_type);
    if (!vary.empty()) header(response, "Vary", vary);
    header(response, "X-Content-Type-Options", "nosniff");
    if (dress.media_type.starts_with("text/html")) {
        header(response, "Content-Security-Policy", options_.content_security_policy);
        header(response, "Referrer-Policy", "no-referrer");
    }
    if (dress.selection.origin != 0) {
        header(response, "Access-Control-Allow-Origin", cors_.allowed(dress.selection.origin));
        header(response, "Access-Control-Expose-Headers", "ETag");
    }
    if (extra == nullptr) return;
    for (const auto& [name, value] : extra->headers) header(response, name.c_str(), value);
}

std::shared_ptr<const Variant> Preparer::prepare(const Payload& payload,
                                                 Selection selection) const {
    const Response& response = payload.response();
    Body body = payload.body();
    bool gzip = selection.gzip && worth_gzip(response);
    if (gzip) {
        const Body small = payload.gzipped();
        gzip = small != nullptr;
        if (gzip) body = small;
    }

    auto variant = std::make_shared<Variant>();
    variant->status = static_cast<unsigned>(response.status);
    variant->etag = payload.etag(gzip);
    variant->bytes = (gzip ? body->size() : 0) + 2 * kResponseOverhead;
    variant->whole = response_over(body);
    if (variant->whole == nullptr) return nullptr;
    const bool empty = response.status == 204;
    Dress clothes{empty ? std::string_view{} : std::string_view(response.media_type),
                  payload.cache_control(), variant->etag, selection, gzip};
    dress(variant->whole, clothes, &response);
    return add_not_modified(*variant, clothes) ? variant : nullptr;
}

bool Preparer::add_not_modified(Variant& variant, Dress clothes) const {
    if (variant.etag.empty()) return true;
    variant.not_modified = MHD_create_response_from_buffer(0, nullptr, MHD_RESPMEM_PERSISTENT);
    if (variant.not_modified == nullptr) return false;
    const std::string media_type = with_charset(clothes.media_type);
    clothes.gzip = false;
    dress(variant.not_modified, clothes, nullptr);
    MHD_del_response_header(variant.not_modified, "Content-Type", media_type.c_str());
    return true;
}

std::shared_ptr<const Variant> Preparer::prepare_stream(Response response,
                                                        std::string_view cache_control,
                                                        Selection selection,
                                                        std::string_view tag) const {
    const bool gzip = selection.gzip && worth_gzip(response);
    Generator generator = std::move(response.stream);
    if (gzip) generator = answers::gzip_stream(std::move(generator), kFastLevel);

    auto variant = std::make_shared<Variant>();
    variant->status = static_cast<unsigned>(response.status);
    // Weak: made from the data version, before a byte of the body is known.
    if (!tag.empty()) variant->etag = "W/" + quoted_tag(tag, gzip);
    auto pull = std::make_unique<Pull>(std::move(generator));
    variant->whole =
        MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, kStreamBlock, read_pull, pull.get(),
                                          [](void* owner) { delete static_cast<Pull*>(owner); });
    if (variant->whole == nullptr) return nullptr;
    static_cast<void>(pull.release());
    const Dress clothes{response.media_type, cache_control, variant->etag, selection, gzip};
    dress(variant->whole, clothes, &response);
    return add_not_modified(*variant, clothes) ? variant : nullptr;
}

void Preparer::dress_events(MHD_Response* response, Selection selection) const {
    dress(response, {kEventStream, "no-store", {}, selection, false}, nullptr);
    header(response, "X-Accel-Buffering", "no");  // nginx would hold events back otherwise
}

}  // namespace hashprice::service::http
