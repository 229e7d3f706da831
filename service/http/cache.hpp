#pragma once
#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "service/http/prepared.hpp"

namespace hashprice::service::http {

/// Finished answers by canonical question, so that a repeated question costs a lookup.
///
///   owns     the answers, least recently used thrown out, within `max_bytes`
///   threads  thread-safe
class AnswerCache {
public:
    explicit AnswerCache(std::size_t max_bytes) : max_bytes_(max_bytes) {}

    /// What an answer was true for; another stamp means: not known.
    struct Stamp {
        std::uint64_t version = 0;
        std::int64_t bucket = 0;
        friend bool operator==(const Stamp&, const Stamp&) = default;
    };
    struct Found {
        std::shared_ptr<const Payload> payload;
        std::shared_ptr<const Variant> variant;  ///< may be missing while the payload is there
    };

    [[nodiscard]] Found find(std::string_view key, Stamp stamp, std::size_t variant);
    void store(std::string_view key, Stamp stamp, std::shared_ptr<const Payload> payload);
    /// Ignored when the payload has left the cache meanwhile.
    void store_variant(std::string_view key, const std::shared_ptr<const Payload>& payload,
                       std::size_t index, std::shared_ptr<const Variant> variant);
    [[nodiscard]] std::size_t bytes() const;
    [[nodiscard]] std::size_t size() const;

private:
    struct Entry {
        std::string key;
        Stamp stamp;
        std::shared_ptr<const Payload> payload;
        std::vector<std::shared_ptr<const Variant>> variants;
        std::size_t bytes = 0;
    };
    using Entries = std::list<Entry>;
    void drop(Entries::iterator entry);
    void make_room();

    const std::size_t max_bytes_;
    mutable std::mutex m_;
    Entries entries_;  // guarded by m_; newest first
    // guarded by m_; the keys are views into entries_
    std::unordered_map<std::string_view, Entries::iterator> by_key_;
    std::size_t bytes_ = 0;  // guarded by m_
};

}  // namespace hashprice::service::http
