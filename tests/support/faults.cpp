#include "tests/support/faults.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <stdexcept>
#include <utility>

namespace hashprice::fake {
namespace {

using enum FaultKind;
constexpr std::array kNames{std::pair{FaultKind::close, std::string_view("close")},
                            std::pair{slow_headers, std::string_view("slow_headers")},
                            std::pair{slow_body, std::string_view("slow_body")},
                            std::pair{truncated, std::string_view("truncated")},
                            std::pair{endless, std::string_view("endless")},
                            std::pair{FaultKind::gzip_bomb, std::string_view("gzip_bomb")},
                            std::pair{redirect, std::string_view("redirect")},
                            std::pair{status, std::string_view("status")},
                            std::pair{empty, std::string_view("empty")},
                            std::pair{garbage, std::string_view("garbage")},
                            std::pair{html, std::string_view("html")},
                            std::pair{depth_bomb, std::string_view("depth_bomb")},
                            std::pair{cut, std::string_view("cut")},
                            std::pair{duplicate_keys, std::string_view("duplicate_keys")},
                            std::pair{not_a_number, std::string_view("not_a_number")},
                            std::pair{huge_number, std::string_view("huge_number")},
                            std::pair{negative, std::string_view("negative")},
                            std::pair{zero, std::string_view("zero")},
                            std::pair{minus_one, std::string_view("minus_one")},
                            std::pair{numbers_as_text, std::string_view("numbers_as_text")},
                            std::pair{text_as_numbers, std::string_view("text_as_numbers")},
                            std::pair{milliseconds, std::string_view("milliseconds")},
                            std::pair{future, std::string_view("future")},
                            std::pair{reversed, std::string_view("reversed")},
                            std::pair{doubled, std::string_view("doubled")},
                            std::pair{frozen, std::string_view("frozen")},
                            std::pair{spike, std::string_view("spike")},
                            std::pair{wrong_chain, std::string_view("wrong_chain")}};

}  // namespace

std::string_view fault_name(FaultKind kind) {
    return std::ranges::find(kNames, kind, [](const auto& n) { return n.first; })->second;
}

std::optional<FaultKind> parse_fault(std::string_view name) {
    const auto* const found =
        std::ranges::find(kNames, name, [](const auto& n) { return n.second; });
    return found == kNames.end() ? std::nullopt : std::optional(found->first);
}

const std::vector<FaultKind>& all_faults() {
    static const std::vector<FaultKind> all = [] {
        std::vector<FaultKind> kinds;
        kinds.reserve(kNames.size());
        for (const auto& [kind, name] : kNames) kinds.push_back(kind);
        return kinds;
    }();
    return all;
}

namespace {

/// A run of characters that is a JSON number, plain or in quotes.
struct Token {
    std::string digits;
    bool quoted = false;
};
using Change = std::function<std::string(const Token&)>;

bool is_numeric(std::string_view text) {
    return !text.empty() && text.find_first_of("0123456789") != std::string_view::npos &&
           text.find_first_not_of("+-.eE0123456789") == std::string_view::npos;
}

std::string as_written(const Token& token) {
    return token.quoted ? '"' + token.digits + '"' : token.digits;
}

/// Rewrites every value that is a number or a string of one; keys stay.
std::string change_numbers(const std::string& body, const Change& change) {
    std::string out;
    for (std::size_t at = 0; at < body.size();) {
        const bool quoted = body[at] == '"';
        const std::size_t begin = quoted ? at + 1 : at;
        const std::size_t end =
            quoted ? std::min(body.find('"', begin), body.size())
                   : std::min(body.find_first_of(",]}[{: \n\"", begin), body.size());
        if (!quoted && end == begin) {
            out += body[at++];
            continue;
        }
        const std::string word = body.substr(begin, end - begin);
        const std::size_t next = quoted ? std::min(end + 1, body.size()) : end;
        const bool key = quoted && next < body.size() && body[next] == ':';
        const bool number = is_numeric(word) && !key;
        out += number ? change({word, quoted}) : body.substr(at, next - at);
        at = next;
    }
    return out;
}

bool is_time(const Token& token, std::size_t digits) {
    return token.digits.size() == digits && token.digits.find('.') == std::string::npos &&
           (token.digits.front() == '1' || token.digits.front() == '2');
}

Token other_unit(Token token) {
    if (is_time(token, 10)) {
        token.digits += "000";
    } else if (is_time(token, 13)) {
        token.digits.resize(10);
    }
    return token;
}

Token ten_years_on(Token token) {
    const std::int64_t unit = is_time(token, 13) ? 1000 : 1;
    if (is_time(token, 10) || is_time(token, 13)) {
        token.digits = std::to_string(std::stoll(token.digits) + 315'360'000 * unit);
    }
    return token;
}

/// ISO times too: the year's third digit.
std::string iso_ten_years_on(std::string body) {
    for (std::size_t at = body.find("\"20"); at != std::string::npos;
         at = body.find("\"20", at + 1)) {
        if (at + 5 < body.size() && body[at + 5] == '-') ++body[at + 3];
    }
    return body;
}

/// Where the outermost array that holds rows begins; npos: there is none.
std::size_t array_of_rows(const std::string& body) {
    for (std::size_t at = body.find('['); at != std::string::npos; at = body.find('[', at + 1)) {
        const std::size_t next = body.find_first_not_of(" \n", at + 1);
        if (next != std::string::npos && (body[next] == '[' || body[next] == '{')) return at;
    }
    return std::string::npos;
}

/// Where its rows stand: [first, last).
std::pair<std::size_t, std::size_t> rows_span(const std::string& body) {
    const std::size_t first = array_of_rows(body);
    if (first == std::string::npos) return {0, 0};
    int depth = 0;
    for (std::size_t at = first; at < body.size(); ++at) {
        if (body[at] == '[' || body[at] == '{') ++depth;
        if ((body[at] == ']' || body[at] == '}') && --depth == 0) return {first + 1, at};
    }
    return {0, 0};
}

std::vector<std::string> rows_of(std::string_view rows) {
    std::vector<std::string> out(1);
    int depth = 0;
    for (const char c : rows) {
        if (c == '[' || c == '{') ++depth;
        if (c == ']' || c == '}') --depth;
        if (c == ',' && depth == 0) {
            out.emplace_back();
        } else {
            out.back() += c;
        }
    }
    return out;
}

std::string change_rows(const std::string& body, bool reverse) {
    const auto [first, last] = rows_span(body);
    if (first == last) return body;
    std::vector<std::string> rows = rows_of(std::string_view(body).substr(first, last - first));
    if (reverse) {
        std::ranges::reverse(rows);
    } else {
        const std::vector<std::string> once = rows;
        for (std::size_t i = 0; i < once.size(); ++i)
            rows.insert(rows.begin() + static_cast<std::ptrdiff_t>(2 * i), once[i]);
    }
    return body.substr(0, first) + fmt::format("{}", fmt::join(rows, ",")) + body.substr(last);
}

std::string double_keys(const std::string& body) {
    std::string out;
    for (std::size_t at = 0; at < body.size(); ++at) {
        out += body[at];
        if (body[at] != '{' || at + 1 >= body.size() || body[at + 1] != '"') continue;
        const std::size_t end = body.find('"', at + 2);
        if (end == std::string::npos) continue;
        out += body.substr(at + 1, end - at) + ":1,";
    }
    return out;
}

Change fixed(std::string text) {
    return [text = std::move(text)](const Token& token) {
        return token.quoted ? '"' + text + '"' : text;
    };
}

Change change_of(FaultKind kind) {
    switch (kind) {
        case not_a_number:
            return fixed("NaN");
        case huge_number:
            return fixed("1e999");
        case zero:
            return fixed("0");
        case minus_one:
            return fixed("-1");
        case negative:
            return [](const Token& t) { return as_written({"-" + t.digits, t.quoted}); };
        case numbers_as_text:
            return [](const Token& t) { return '"' + t.digits + '"'; };
        case text_as_numbers:
            return [](const Token& t) { return t.digits; };
        case FaultKind::milliseconds:
            return [](const Token& t) { return as_written(other_unit(t)); };
        case future:
            return [](const Token& t) { return as_written(ten_years_on(t)); };
        default:
            return as_written;
    }
}

}  // namespace

std::string spoiled(FaultKind kind, const std::string& body, std::int64_t amount) {
    switch (kind) {
        case empty:
            return "";
        case garbage:
            return std::string("\x00\xff\xfe\x17{]\"\\u12", 11) + body.substr(body.size() / 2);
        case html:
            return "<html><head><title>502 Bad Gateway</title></head><body></body></html>\n";
        case depth_bomb:
            return std::string(100'000, '[') + std::string(100'000, ']');
        case cut:
            return body.substr(0, static_cast<std::size_t>(amount));
        case duplicate_keys:
            return double_keys(body);
        case reversed:
            return change_rows(body, true);
        case doubled:
            return change_rows(body, false);
        case future:
            return iso_ten_years_on(change_numbers(body, change_of(kind)));
        default:
            return change_numbers(body, change_of(kind));
    }
}

std::string gzip_bomb() {
    const std::string plain(16U << 20U, ' ');
    z_stream stream{};
    constexpr int kGzip = 16;
    if (deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, MAX_WBITS + kGzip, 9, Z_DEFAULT_STRATEGY) !=
        Z_OK) {
        throw std::runtime_error("zlib does not start");
    }
    std::string packed(deflateBound(&stream, static_cast<uLong>(plain.size())), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(plain.data()));
    stream.avail_in = static_cast<uInt>(plain.size());
    stream.next_out = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_out = static_cast<uInt>(packed.size());
    deflate(&stream, Z_FINISH);
    packed.resize(stream.total_out);
    deflateEnd(&stream);
    return packed;
}

}  // namespace hashprice::fake
