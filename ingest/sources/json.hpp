#pragma once
#include <simdjson.h>

#include <array>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/facts.hpp"
#include "domain/result.hpp"
#include "domain/time.hpp"
#include "domain/units.hpp"

/// Strict reading of a provider's JSON: type, then range, then value.
///
/// The first thing that is wrong is noted in the body's Verdict, and what is read after it means
/// nothing; Json::finish hands out either the value or that first complaint, which names the field.
namespace hashprice::ingest {

/// The first complaint about a body.
class Verdict {
public:
    void refuse(domain::Errc code, std::string what) {
        if (!first_) first_ = domain::Error{code, std::move(what)};
    }
    void refuse(const domain::Error& error) { refuse(error.code, error.what); }
    [[nodiscard]] bool good() const { return !first_; }
    [[nodiscard]] const std::optional<domain::Error>& first() const { return first_; }

private:
    std::optional<domain::Error> first_;
};

/// A value in the body and where it stands: "blocks[3].height".
///
///   outlives  the Json and the string literals that named it must outlive it
class Node {
public:
    Node(simdjson::dom::element value, Verdict& verdict) : value_(value), verdict_(&verdict) {}

    /// The field of an object; missing, or there twice, is refused.
    Node operator[](std::string_view key) const;
    /// The element of an array; missing is refused.
    Node operator[](std::size_t index) const;
    /// The one field of an object that is not called `key`, whatever its name.
    [[nodiscard]] Node other_than(std::string_view key) const;
    /// Whether the object has this field and it is not null.
    [[nodiscard]] bool has(std::string_view key) const;
    /// All elements of an array of at most `most`; `name` is what complaints call it.
    [[nodiscard]] std::vector<Node> rows(std::string_view name, std::size_t most) const;

    [[nodiscard]] std::int64_t integer(std::int64_t least, std::int64_t most) const;
    [[nodiscard]] double number(double least, double most) const;
    [[nodiscard]] bool boolean() const;
    [[nodiscard]] std::string_view text(std::size_t longest) const;  ///< printable ASCII only
    [[nodiscard]] domain::BlockHash hash() const;

    [[nodiscard]] domain::MicroUsd price() const;       ///< from a number
    [[nodiscard]] domain::MicroUsd price_text() const;  ///< from a decimal string
    /// A decimal string, as an integer of 10^-places; not negative.
    [[nodiscard]] std::int64_t decimal_text(int places) const;

    /// Times from Bitcoin's first block to `latest`.
    [[nodiscard]] domain::UtcSeconds time(domain::UtcSeconds latest) const;       ///< unix seconds
    [[nodiscard]] domain::UtcSeconds time_text(domain::UtcSeconds latest) const;  ///< "1763854710"
    [[nodiscard]] domain::UtcSeconds time_ms(domain::UtcSeconds latest) const;
    [[nodiscard]] domain::UtcSeconds time_iso(domain::UtcSeconds latest) const;  ///< "...T..Z"

    [[nodiscard]] std::string place() const;
    /// Notes a complaint about this value.
    void refuse(domain::Errc code, std::string_view why) const;

private:
    friend class Fields;
    Node() = default;
    [[nodiscard]] Node missing(std::string_view key, std::string_view why) const;
    [[nodiscard]] domain::MicroUsd checked_price(std::optional<std::int64_t> micro) const;
    [[nodiscard]] domain::UtcSeconds checked_time(std::int64_t unix_s,
                                                  domain::UtcSeconds latest) const;

    static constexpr std::int64_t kNone = -1;

    simdjson::dom::element value_;
    bool there_ = true;  ///< false: nothing may be read from value_
    Verdict* verdict_ = nullptr;
    std::string_view list_;  ///< the array it stands in
    std::int64_t index_ = kNone;
    std::string_view field_;
    std::int64_t column_ = kNone;
};

/// Several fields of one object, found in one pass over it: what a row of many fields is read with.
///
///   outlives  as Node; `keys` are literals, eight at the most, below 64 characters
class Fields {
public:
    Fields(const Node& object, std::initializer_list<std::string_view> keys);

    /// One of the keys; missing, or there twice, is refused.
    Node operator[](std::string_view key) const;
    /// Whether it is there and not null.
    [[nodiscard]] bool has(std::string_view key) const;

private:
    struct Found {
        std::string_view key;
        simdjson::dom::element value;
        int times = 0;
    };
    [[nodiscard]] const Found& found(std::string_view key) const;

    Node object_;
    std::array<Found, 8> found_;
    std::size_t count_ = 0;
    std::uint64_t lengths_ = 0;  ///< bit n: a key of n characters is asked for
};

/// A body, parsed whole: trailing bytes, bad UTF-8, deep nesting and numbers beyond their type are
/// refused.
class Json {
public:
    explicit Json(std::string_view body);
    [[nodiscard]] Node root() { return {root_, verdict_}; }
    [[nodiscard]] Verdict& verdict() { return verdict_; }
    /// Whether there is a root to read at all.
    [[nodiscard]] bool parsed() const { return parsed_; }

    template <class T>
    [[nodiscard]] domain::Result<T> finish(T value) const {
        if (verdict_.first()) return tl::unexpected(*verdict_.first());
        return value;
    }

private:
    /// A parser keeps its buffers: the thread's next body uses them again.
    struct GiveBack {
        void operator()(simdjson::dom::parser* parser) const;
    };
    std::unique_ptr<simdjson::dom::parser, GiveBack> parser_;
    simdjson::dom::element root_;
    Verdict verdict_;
    bool parsed_ = false;
};

/// Parses, reads and judges in one go: `read` turns the root into a value.
template <class Read>
auto decode_json(std::string_view body, const Read& read)
    -> domain::Result<decltype(read(std::declval<const Node&>(), std::declval<Verdict&>()))> {
    Json json(body);
    if (!json.parsed()) return tl::unexpected(*json.verdict().first());
    auto value = read(json.root(), json.verdict());
    return json.finish(std::move(value));
}

}  // namespace hashprice::ingest
