#include <fmt/format.h>

#include <algorithm>

#include "service/answers/series.hpp"

namespace hashprice::service::answers {
namespace {

std::optional<double> field_of(const Point& p, std::string_view field) {
    if (field == "coverage") return p.coverage;
    if (!p.value) return std::nullopt;
    if (field == "mean") return p.value->mean;
    if (field == "open") return p.value->open;
    if (field == "high") return p.value->high;
    if (field == "low") return p.value->low;
    return p.value->close;
}

}  // namespace

const std::vector<std::string>& series_fields() {
    static const std::vector<std::string> all{"mean", "open", "high", "low", "close", "coverage"};
    return all;
}

SeriesWriter::SeriesWriter(SeriesFormat format, const SeriesQuery& query, Step step,
                           std::vector<std::string> fields)
    : format_(format), query_(query), step_(step) {
    for (const std::string& field : series_fields()) {
        if (fields.empty() || std::ranges::find(fields, field) != fields.end())
            fields_.push_back(field);
    }
}

void SeriesWriter::put_point(Json& json, const Point& p) const {
    object(json, [&] {
        put_time(json, "time", p.time);
        for (const std::string& field : fields_) put(json, field, field_of(p, field));
    });
}

std::string SeriesWriter::csv_line(const Point& p) const {
    std::string line = fmt::format("{},{}", format_time(p.time), unix_s(p.time));
    for (const std::string& field : fields_) {
        const auto value = field_of(p, field);
        line += value ? fmt::format(",{}", *value) : ",";
    }
    return line + "\n";
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
    return fmt::format("time,time_s,{}\n", fmt::join(fields_, ","));
}

std::string SeriesWriter::points(const std::vector<Point>& points) {
    std::string text;
    if (format_ == SeriesFormat::columns) kept_.insert(kept_.end(), points.begin(), points.end());
    if (format_ == SeriesFormat::csv) {
        for (const Point& p : points) text += csv_line(p);
    }
    if (format_ == SeriesFormat::csv || format_ == SeriesFormat::columns) return text;
    rapidjson::StringBuffer buffer;
    for (const Point& p : points) {
        if (!first_) buffer.Put(',');
        first_ = false;
        Json json(buffer);
        put_point(json, p);
    }
    return {buffer.GetString(), buffer.GetSize()};
}

std::string SeriesWriter::end() {
    switch (format_) {
        case SeriesFormat::json:
            return "]}";
        case SeriesFormat::rows:
            return "]";
        case SeriesFormat::csv:
            return {};
        case SeriesFormat::columns:
            break;
    }
    const std::string columns = json_text([&](Json& json) {
        object(json, [&] {
            array(json, "time_s", [&] {
                for (const Point& p : kept_) put(json, unix_s(p.time));
            });
            for (const std::string& field : fields_) {
                array(json, field, [&] {
                    for (const Point& p : kept_) put(json, field_of(p, field));
                });
            }
        });
    });
    return ",\"columns\":" + columns + "}";
}

}  // namespace hashprice::service::answers
