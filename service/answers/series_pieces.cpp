#include "service/answers/series_pieces.hpp"

namespace hashprice::service::answers {
namespace {

constexpr int kStretchBars =
    256;  // making one costs a fraction of a millisecond: others wait for it

}  // namespace

domain::Range SeriesPieces::stretch(Step step, UtcSeconds at) {
    const seconds length = domain::step_length(step) * kStretchBars;
    const seconds since = at.time_since_epoch() % length;
    const UtcSeconds start = at - (since < seconds{0} ? since + length : since);
    return {start, start + length};
}

Result<SeriesPieces::Piece> SeriesPieces::find(const SeriesWriter& writer, Step step, UtcSeconds at,
                                               std::uint64_t version, const Read& read) {
    const domain::Range range = stretch(step, at);
    const Key key{step, writer.look(), range.from};
    if (Piece piece = kept(key, version)) return piece;
    const auto points = read(range);
    if (!points) return tl::unexpected(points.error());
    auto piece = std::make_shared<const PointTexts>(writer.texts_of(*points));
    if (version != 0) keep(key, version, piece);
    return piece;
}

SeriesPieces::Piece SeriesPieces::kept(const Key& key, std::uint64_t version) {
    const std::lock_guard lock(m_);
    if (version != version_) return nullptr;
    const auto found = pieces_.find(key);
    return found == pieces_.end() ? nullptr : found->second;
}

void SeriesPieces::keep(const Key& key, std::uint64_t version, const Piece& piece) {
    const std::lock_guard lock(m_);
    if (version != version_ || bytes_ + piece->bytes() > max_bytes_) {
        pieces_.clear();
        bytes_ = 0;
        version_ = version;
    }
    if (pieces_.emplace(key, piece).second) bytes_ += piece->bytes();
}

}  // namespace hashprice::service::answers
