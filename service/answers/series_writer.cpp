#include "service/answers/series_writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "service/answers/json.hpp"

namespace hashprice::service::answers {

namespace {

/// A value of a point, and the key that stands before it in JSON.
struct Field {
    std::string_view key;
    double domain::Ohlc::*value;  ///< none: coverage

    [[nodiscard]] std::optional<double> of(const Point& p) const {
        if (value == nullptr) return p.coverage;
        return p.value ? std::optional((*p.value).*value) : std::nullopt;
    }
};

using domain::Ohlc;
constexpr std::array<Field, 6> kFields{{{",\"mean\":", &Ohlc::mean},
                                        {",\"open\":", &Ohlc::open},
                                        {",\"high\":", &Ohlc::high},
                                        {",\"low\":", &Ohlc::low},
                                        {",\"close\":", &Ohlc::close},
                                        {",\"coverage\":", nullptr}}};

// A series is thousands of points with the same seven keys: appended as they are, where a writer
// that escapes each key and asks a stream for each time took three times as long.
void append_json(std::string& text, const std::optional<double>& value) {
    std::array<char, 32> room{};
    text += value ? number_text(*value, room) : "null";
}

void append_csv(std::string& text, const std::optional<double>& value) {
    text += ',';
    if (value) fmt::format_to(std::back_inserter(text), "{}", *value);
}

/// Where the points of a range stand: from the first up to before the second.
std::pair<std::size_t, std::size_t> places(const PointTexts& texts, const domain::Range& range) {
    const auto place = [&](UtcSeconds t) {
        return static_cast<std::size_t>(std::ranges::lower_bound(texts.times, t) -
                                        texts.times.begin());
    };
    return {place(range.from), place(range.to)};
}

/// The n-th text of the points first..last-1.
std::string_view between(const PointTexts& texts, std::size_t n, std::size_t first,
                         std::size_t last) {
    const std::size_t begin = first == 0 ? 0 : texts.ends[n][first - 1];
    return std::string_view(texts.texts[n]).substr(begin, texts.ends[n][last - 1] - begin);
}

void append_seconds(std::string& text, UtcSeconds t) {
    const fmt::format_int digits(unix_s(t));
    text.append(digits.data(), digits.size());
}

}  // namespace

std::size_t PointTexts::bytes() const {
    std::size_t sum = sizeof *this + times.capacity() * sizeof times[0];
    for (const std::string& text : texts) sum += text.capacity();
    for (const auto& end : ends) sum += end.capacity() * sizeof end[0];
    return sum;
}

const std::vector<std::string>& series_fields() {
    static const std::vector<std::string> all{"mean", "open", "high", "low", "close", "coverage"};
    return all;
}

SeriesWriter::SeriesWriter(SeriesFormat format, const SeriesQuery& query, Step step,
                           const std::vector<std::string>& fields)
    : format_(format), query_(query), step_(step) {
    for (std::size_t n = 0; n < kFields.size(); ++n) {
        if (fields.empty() || std::ranges::find(fields, series_fields()[n]) != fields.end())
            fields_.push_back(n);
    }
    columns_.resize(format == SeriesFormat::columns ? 1 + fields_.size() : 0);
}

std::uint32_t SeriesWriter::look() const {
    std::uint32_t fields = 0;
    for (const std::size_t n : fields_) fields |= 1U << n;
    return fields << 6U | static_cast<std::uint32_t>(format_) << 4U |
           static_cast<std::uint32_t>(query_.denomination) << 2U |
           static_cast<std::uint32_t>(query_.per);
}

void SeriesWriter::append(std::vector<std::string>& texts, const Point& p) const {
    std::string& text = texts.front();
    switch (format_) {
        case SeriesFormat::json:
        case SeriesFormat::rows:
            text.append(R"(,{"time":")").append(format_time(p.time)).append(R"(","time_s":)");
            append_seconds(text, p.time);
            for (const std::size_t n : fields_)
                append_json(text.append(kFields[n].key), kFields[n].of(p));
            text += '}';
            return;
        case SeriesFormat::csv:
            text.append(format_time(p.time)).append(",");
            append_seconds(text, p.time);
            for (const std::size_t n : fields_) append_csv(text, kFields[n].of(p));
            text += '\n';
            return;
        case SeriesFormat::columns:
            break;
    }
    append_seconds(text.append(","), p.time);
    for (std::size_t n = 0; n < fields_.size(); ++n)
        append_json(texts[n + 1].append(","), kFields[fields_[n]].of(p));
}

PointTexts SeriesWriter::texts_of(const std::vector<Point>& points) const {
    PointTexts made;
    const std::size_t count = format_ == SeriesFormat::columns ? 1 + fields_.size() : 1;
    made.texts.resize(count);
    made.ends.resize(count);
    made.times.reserve(points.size());
    for (auto& ends : made.ends) ends.reserve(points.size());
    for (const Point& p : points) {
        made.times.push_back(p.time);
        append(made.texts, p);
        for (std::size_t n = 0; n < count; ++n)
            made.ends[n].push_back(static_cast<std::uint32_t>(made.texts[n].size()));
    }
    for (std::string& text : made.texts) text.shrink_to_fit();
    return made;
}

/// Everything of the JSON answer up to its points, without the closing brace.
std::string SeriesWriter::head() const {
    std::string text = json_text([&](Json& json) {
        object(json, [&] {
            put_time(json, "from", query_.range.from);
            put_time(json, "to", query_.range.to);
            put(json, "step", step_name(step_));
            put(json, "step_s", step_length(step_).count());
            put(json, "unit", unit_of(query_.denomination, query_.per));
        });
    });
    text.pop_back();
    return text;
}

std::string SeriesWriter::begin() {
    switch (format_) {
        case SeriesFormat::json:
            return head() + ",\"points\":[";
        case SeriesFormat::rows:
            return "[";
        case SeriesFormat::columns:
            return head();
        case SeriesFormat::csv:
            break;
    }
    std::string line = "time,time_s";
    for (const std::size_t n : fields_) line += "," + series_fields()[n];
    return line + "\n";
}

std::string SeriesWriter::points(const std::vector<Point>& points) {
    std::string text;
    if (!points.empty())
        add(texts_of(points), {points.front().time, points.back().time + seconds{1}}, text);
    return text;
}

void SeriesWriter::add(const PointTexts& texts, const domain::Range& range, std::string& answer) {
    const std::pair place = places(texts, range);
    if (place.first >= place.second) return;
    const std::size_t comma = first_ && format_ != SeriesFormat::csv ? 1 : 0;
    first_ = false;
    const auto part = [&](std::size_t n) {
        return between(texts, n, place.first, place.second).substr(comma);
    };
    if (columns_.empty()) answer += part(0);
    for (std::size_t n = 0; n < columns_.size(); ++n) columns_[n] += part(n);
}

std::size_t SeriesWriter::length(const PointTexts& texts, const domain::Range& range) {
    const auto [first, last] = places(texts, range);
    if (first >= last) return 0;
    std::size_t sum = 0;
    for (std::size_t n = 0; n < texts.texts.size(); ++n)
        sum += between(texts, n, first, last).size();
    return sum;
}

std::string SeriesWriter::columns() const {
    std::string text = ",\"columns\":{\"time_s\":[" + columns_.front() + "]";
    for (std::size_t n = 0; n < fields_.size(); ++n)
        text.append(kFields[fields_[n]].key).append("[").append(columns_[n + 1]).append("]");
    return text + "}}";
}

std::string SeriesWriter::end() {
    switch (format_) {
        case SeriesFormat::json:
            return "]}";
        case SeriesFormat::rows:
            return "]";
        case SeriesFormat::columns:
            return columns();
        case SeriesFormat::csv:
            break;
    }
    return {};
}

}  // namespace hashprice::service::answers
