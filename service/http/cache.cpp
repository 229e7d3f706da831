#include "service/http/cache.hpp"

namespace hashprice::service::http {
namespace {

constexpr std::size_t kEntryOverhead = 512;  // list node, map node, payload, strings

}

AnswerCache::Found AnswerCache::find(std::string_view key, Stamp stamp, std::size_t variant) {
    const std::lock_guard lock(m_);
    const auto found = by_key_.find(key);
    if (found == by_key_.end()) return {};
    const Entries::iterator entry = found->second;
    if (entry->stamp != stamp) {
        drop(entry);
        return {};
    }
    if (entry != entries_.begin()) entries_.splice(entries_.begin(), entries_, entry);
    if (variant >= entry->variants.size()) return {entry->payload, nullptr};
    return {entry->payload, entry->variants[variant]};
}

void AnswerCache::store(std::string_view key, Stamp stamp, std::shared_ptr<const Payload> payload) {
    const std::size_t body = payload->body() ? payload->body()->size() : 0;
    const std::size_t bytes = body + 2 * key.size() + kEntryOverhead;
    if (bytes > max_bytes_ / 2) return;  // one giant must not push everything else out

    const std::lock_guard lock(m_);
    if (const auto old = by_key_.find(key); old != by_key_.end()) drop(old->second);
    entries_.push_front({std::string(key), stamp, std::move(payload), {}, bytes});
    by_key_.emplace(entries_.front().key, entries_.begin());
    bytes_ += bytes;
    make_room();
}

void AnswerCache::store_variant(std::string_view key, const std::shared_ptr<const Payload>& payload,
                                std::size_t index, std::shared_ptr<const Variant> variant) {
    const std::lock_guard lock(m_);
    const auto found = by_key_.find(key);
    if (found == by_key_.end() || found->second->payload != payload) return;
    Entry& entry = *found->second;
    if (entry.variants.size() <= index) entry.variants.resize(index + 1);
    if (entry.variants[index]) return;
    entry.bytes += variant->bytes;
    bytes_ += variant->bytes;
    entry.variants[index] = std::move(variant);
    make_room();
}

std::size_t AnswerCache::bytes() const {
    const std::lock_guard lock(m_);
    return bytes_;
}

std::size_t AnswerCache::size() const {
    const std::lock_guard lock(m_);
    return entries_.size();
}

void AnswerCache::drop(Entries::iterator entry) {
    bytes_ -= entry->bytes;
    by_key_.erase(entry->key);
    entries_.erase(entry);
}

void AnswerCache::make_room() {
    while (bytes_ > max_bytes_ && !entries_.empty()) drop(std::prev(entries_.end()));
}

}  // namespace hashprice::service::http
