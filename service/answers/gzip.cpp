#include "service/answers/gzip.hpp"

#include <zlib.h>

#include <memory>

namespace hashprice::service::answers {
namespace {

using domain::Errc;
using domain::fail;

/// One zlib stream.
///
///   owns  zlib's state
class Deflater {
public:
    explicit Deflater(int level) {
        constexpr int kGzipWindow = 15 + 16;  // zlib.h: 16 more asks for the gzip wrapper
        constexpr int kMemory = 8;
        ready_ = deflateInit2(&stream_, level, Z_DEFLATED, kGzipWindow, kMemory,
                              Z_DEFAULT_STRATEGY) == Z_OK;
    }
    Deflater(const Deflater&) = delete;
    Deflater& operator=(const Deflater&) = delete;
    ~Deflater() {
        if (ready_) deflateEnd(&stream_);
    }

    /// Appends to `out` what comes of `in`; `last` closes the stream.
    domain::Status add(std::string_view in, bool last, std::string& out) {
        if (!ready_) return fail(Errc::stopped, "zlib: out of memory");
        // zlib reads through a pointer that it declares without const, and does not write to it.
        stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));
        stream_.avail_in = static_cast<uInt>(in.size());
        int outcome = Z_OK;
        do {
            const std::size_t before = out.size();
            out.resize(before + deflateBound(&stream_, stream_.avail_in) + kSpare);
            stream_.next_out = reinterpret_cast<Bytef*>(out.data() + before);
            stream_.avail_out = static_cast<uInt>(out.size() - before);
            outcome = deflate(&stream_, last ? Z_FINISH : Z_NO_FLUSH);
            out.resize(out.size() - stream_.avail_out);
        } while (outcome == Z_OK && (stream_.avail_in > 0 || last));
        if (outcome == Z_STREAM_ERROR) return fail(Errc::stopped, "zlib: broken stream");
        return {};
    }

private:
    static constexpr std::size_t kSpare = 64;
    z_stream stream_{};
    bool ready_ = false;
};

}  // namespace

domain::Result<std::string> gzip(std::string_view body, int level) {
    Deflater deflater(level);
    std::string out;
    const domain::Status added = deflater.add(body, true, out);
    if (!added) return tl::unexpected(added.error());
    out.shrink_to_fit();
    return out;
}

Pieces gzip_stream(Pieces plain, int level) {
    // A std::function is copied, a zlib stream must not be: it is shared by all copies.
    auto deflater = std::make_shared<Deflater>(level);
    auto piece = std::make_shared<std::string>();
    return [plain = std::move(plain), deflater, piece](std::string& chunk) -> domain::Result<bool> {
        piece->clear();
        domain::Result<bool> more = plain(*piece);
        if (!more) return more;
        const domain::Status added = deflater->add(*piece, !*more, chunk);
        if (!added) return tl::unexpected(added.error());
        return *more;
    };
}

}  // namespace hashprice::service::answers
