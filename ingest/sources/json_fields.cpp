#include <algorithm>
#include <cassert>
#include <span>

#include "ingest/sources/json.hpp"

namespace hashprice::ingest {

Fields::Fields(const Node& object, std::initializer_list<std::string_view> keys) : object_(object) {
    assert(keys.size() <= found_.size());
    for (const std::string_view key : keys) {
        found_[count_++].key = key;
        lengths_ |= std::uint64_t{1} << key.size();
    }
    simdjson::dom::object fields;
    if (!object.there_ || object.value_.get(fields)) {
        object_ = object.missing({}, "is no object");
        return;
    }
    const auto asked = std::span(found_).first(count_);
    for (const auto field : fields) {
        // most fields of a large object are nobody's: their length alone says so; it only saves
        // time
        if (field.key.size() > 63 || (lengths_ >> field.key.size() & 1) == 0)
            continue;  // no mutant
        const auto match = std::ranges::find(asked, field.key, &Found::key);
        if (match == asked.end()) continue;
        match->value = field.value;
        ++match->times;
    }
}

const Fields::Found& Fields::found(std::string_view key) const {
    const auto* const match = std::ranges::find(found_, key, &Found::key);
    assert(match != found_.end());
    return *match;
}

Node Fields::operator[](std::string_view key) const {
    const Found& match = found(key);
    if (!object_.there_) return object_;
    if (match.times != 1)
        return object_.missing(key, match.times == 0 ? "is missing" : "is there twice");
    Node node = object_;
    node.value_ = match.value;
    node.field_ = key;
    node.column_ = Node::kNone;
    return node;
}

bool Fields::has(std::string_view key) const {
    const Found& match = found(key);
    return match.times > 0 && !match.value.is_null();
}

}  // namespace hashprice::ingest
