#include "ingest/sources/json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "ingest/sources/decimal.hpp"

namespace hashprice::ingest {

using domain::Errc;
using domain::MicroUsd;
using domain::UtcSeconds;

namespace {

constexpr std::size_t kDeepest = 32;
constexpr std::int64_t kSurelyMilliseconds = 100'000'000'000;  // as seconds: the year 5138

/// Buffers of a larger body are not worth keeping: they are some ten times its size.
constexpr std::size_t kKeptCapacity = 256U << 10U;
thread_local std::unique_ptr<simdjson::dom::parser> spare_parser;

bool printable(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7f; });
}

}  // namespace

void Json::GiveBack::operator()(simdjson::dom::parser* parser) const {
    std::unique_ptr<simdjson::dom::parser> done(parser);
    if (done->capacity() <= kKeptCapacity) spare_parser = std::move(done);
}

Json::Json(std::string_view body)
    : parser_(spare_parser ? spare_parser.release() : new simdjson::dom::parser) {
    if (body.empty()) {
        verdict_.refuse(Errc::bad_payload, "the body is empty");
        return;
    }
    auto error = simdjson::SUCCESS;
    if (parser_->capacity() < body.size() || parser_->max_depth() != kDeepest) {
        error = parser_->allocate(body.size(), kDeepest);
    }
    if (!error) error = parser_->parse(body.data(), body.size()).get(root_);
    parsed_ = !error;
    if (!parsed_) {
        verdict_.refuse(Errc::bad_payload, fmt::format("the body is no valid JSON: {}",
                                                       simdjson::error_message(error)));
    }
}

std::string Node::place() const {
    std::string place(list_);
    if (index_ >= 0) place += fmt::format("[{}]", index_);
    if (!field_.empty()) place += (place.empty() ? "" : ".") + std::string(field_);
    if (column_ >= 0) place += fmt::format("[{}]", column_);
    return place.empty() ? "the body" : place;
}

void Node::refuse(Errc code, std::string_view why) const {
    if (verdict_->good()) verdict_->refuse(code, fmt::format("{} {}", place(), why));
}

Node Node::missing(std::string_view key, std::string_view why) const {
    Node node = *this;
    // from here on a complaint is noted, and nothing that is read changes it
    node.there_ = false;  // no mutant
    if (!key.empty()) node.field_ = key;
    if (there_) node.refuse(Errc::bad_payload, why);
    return node;
}

Node Node::operator[](std::string_view key) const {
    simdjson::dom::object object;
    if (!there_ || value_.get(object)) return missing({}, "is no object");
    Node found = *this;
    int times = 0;
    for (const auto field : object) {
        if (field.key != key) continue;
        found.value_ = field.value;
        ++times;
    }
    if (times != 1) return missing(key, times == 0 ? "is missing" : "is there twice");
    found.field_ = key;
    found.column_ = kNone;
    return found;
}

Node Node::other_than(std::string_view key) const {
    simdjson::dom::object object;
    if (!there_ || value_.get(object)) return missing({}, "is no object");
    Node found = *this;
    int times = 0;
    for (const auto field : object) {
        if (field.key == key) continue;
        found.value_ = field.value;
        ++times;
    }
    if (times != 1) return missing({}, "has not the one field that it should have");
    return found;
}

Node Node::operator[](std::size_t index) const {
    simdjson::dom::array array;
    if (!there_ || value_.get(array)) return missing({}, "is no array");
    Node found = *this;
    found.column_ = static_cast<std::int64_t>(index);
    std::size_t at = 0;
    for (const auto element : array) {
        if (at++ != index) continue;
        found.value_ = element;
        return found;
    }
    return found.missing({}, "is missing");
}

bool Node::has(std::string_view key) const {
    simdjson::dom::object object;
    if (!there_ || value_.get(object)) return false;
    return std::any_of(object.begin(), object.end(), [key](const auto& field) {
        return field.key == key && !field.value.is_null();
    });
}

std::vector<Node> Node::rows(std::string_view name, std::size_t most) const {
    std::vector<Node> rows;
    simdjson::dom::array array;
    if (!there_ || value_.get(array)) {
        (void)missing({}, "is no array");
        return rows;
    }
    if (array.size() > most) {
        refuse(Errc::bad_payload, fmt::format("has {} rows, {} are the most", array.size(), most));
        return rows;
    }
    rows.reserve(array.size());
    for (const auto element : array) {
        Node row(element, *verdict_);
        row.list_ = name;
        row.index_ = static_cast<std::int64_t>(rows.size());
        rows.push_back(row);
    }
    return rows;
}

std::int64_t Node::integer(std::int64_t least, std::int64_t most) const {
    std::int64_t n{};
    if (!there_) return n;
    if (value_.get(n)) {
        refuse(Errc::bad_payload, "is no integer");
    } else if (n < least || n > most) {
        refuse(Errc::out_of_range, fmt::format("is {}, not within {} to {}", n, least, most));
    }
    return n;
}

double Node::number(double least, double most) const {
    double n{};
    if (!there_) return n;
    if (value_.get(n)) {
        refuse(Errc::bad_payload, "is no number");
    } else if (!(n >= least && n <= most)) {
        refuse(Errc::out_of_range, fmt::format("is {}, not within {} to {}", n, least, most));
    }
    return n;
}

bool Node::boolean() const {
    bool yes{};
    if (there_ && value_.get(yes)) refuse(Errc::bad_payload, "is neither true nor false");
    return yes;
}

std::string_view Node::text(std::size_t longest) const {
    std::string_view text;
    if (!there_) return text;
    if (value_.get(text)) {
        refuse(Errc::bad_payload, "is no string");
    } else if (text.size() > longest || !printable(text)) {
        refuse(Errc::bad_payload, "is too long or holds strange characters");
        text = {};
    }
    return text;
}

domain::BlockHash Node::hash() const {
    std::string_view digits;
    if (there_ && !value_.get(digits) && digits.size() == 64) {
        if (const auto hash = domain::parse_hash(digits)) return *hash;
    }
    (void)text(64);  // says what is wrong where it is no text at all
    refuse(Errc::bad_payload, "is no hash of 64 hex digits");
    return {};
}

MicroUsd Node::checked_price(std::optional<std::int64_t> micro) const {
    if (!micro) {
        refuse(Errc::bad_payload, "is no price in plain decimal digits");
        return {};
    }
    if (*micro <= 0 || *micro > domain::MicroUsd{kHighestPrice}.value) {
        refuse(Errc::out_of_range, fmt::format("is {} micro-USD, no price of one BTC", *micro));
    }
    return MicroUsd{*micro};
}

MicroUsd Node::price() const { return checked_price(decimal_of(number(0.0, 1e9), 6)); }

MicroUsd Node::price_text() const { return checked_price(parse_decimal(text(40), 6)); }

std::int64_t Node::decimal_text(int places) const {
    if (const auto n = parse_decimal(text(40), places)) return *n;
    refuse(Errc::bad_payload, "is no plain decimal number");
    return {};
}

UtcSeconds Node::checked_time(std::int64_t unix_s, UtcSeconds latest) const {
    const UtcSeconds t = domain::utc(std::clamp(unix_s, std::int64_t{0}, kSurelyMilliseconds));
    if (unix_s >= kSurelyMilliseconds) {
        refuse(Errc::out_of_range, fmt::format("is {}: milliseconds, not seconds?", unix_s));
    } else if (t < domain::kGenesisTime) {
        refuse(Errc::out_of_range, fmt::format("is {}, before the first block", unix_s));
    } else if (t > latest) {
        refuse(Errc::out_of_range, fmt::format("is {}, in the future", domain::format_time(t)));
    }
    return t;
}

UtcSeconds Node::time(UtcSeconds latest) const {
    return checked_time(integer(INT64_MIN, INT64_MAX), latest);
}

UtcSeconds Node::time_text(UtcSeconds latest) const {
    const std::string_view digits = text(20);
    std::int64_t n{};
    const char* end = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(digits.data(), end, n);
    if (error != std::errc{} || stop != end) {
        refuse(Errc::bad_payload, "is no time in unix seconds");
    }
    return checked_time(n, latest);
}

UtcSeconds Node::time_ms(UtcSeconds latest) const {
    const std::int64_t ms = integer(INT64_MIN, INT64_MAX);
    if (ms < kSurelyMilliseconds) {
        refuse(Errc::out_of_range, fmt::format("is {}: not in milliseconds", ms));
    }
    return checked_time(ms / 1000, latest);
}

UtcSeconds Node::time_iso(UtcSeconds latest) const {
    const std::string_view written = text(40);
    const bool shaped = written.size() >= 20 && written[10] == 'T' && written.back() == 'Z';
    const auto t = domain::parse_time(shaped ? written : std::string_view{}, UtcSeconds{});
    if (!t) {
        refuse(Errc::bad_payload, "is no time like 2025-11-15T00:00:00Z");
        return {};
    }
    return checked_time(domain::unix_s(t->at), latest);
}

}  // namespace hashprice::ingest
