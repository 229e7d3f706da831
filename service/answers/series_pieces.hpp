#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <tuple>

#include "service/answers/series_writer.hpp"

namespace hashprice::service::answers {

/// The texts of bars by stretches of the time grid, kept while the data stand: an answer over a
/// range that nobody asked for before is put together from what other answers were made of.
///
///   owns     the texts, within `max_bytes`; what does not fit throws all out
///   threads  thread-safe
class SeriesPieces {
public:
    explicit SeriesPieces(std::size_t max_bytes) : max_bytes_(max_bytes) {}

    /// The stretch of the grid that `at`, the start of a bar, lies in.
    static domain::Range stretch(Step step, UtcSeconds at);

    using Piece = std::shared_ptr<const PointTexts>;
    using Read = std::function<Result<std::vector<Point>>(const domain::Range& stretch)>;
    /// Every bar that begins in the stretch around `at`. Read only when it is not kept as of
    /// `version`; of version 0, which is unknown, nothing is kept.
    Result<Piece> find(const SeriesWriter& writer, Step step, UtcSeconds at, std::uint64_t version,
                       const Read& read);

private:
    using Key = std::tuple<Step, std::uint32_t, UtcSeconds>;  ///< step, look, start of the stretch

    Piece kept(const Key& key, std::uint64_t version);
    void keep(const Key& key, std::uint64_t version, const Piece& piece);

    const std::size_t max_bytes_;
    std::mutex m_;
    std::map<Key, Piece> pieces_;  // guarded by m_; all of version_
    std::uint64_t version_ = 0;    // guarded by m_
    std::size_t bytes_ = 0;        // guarded by m_
};

}  // namespace hashprice::service::answers
