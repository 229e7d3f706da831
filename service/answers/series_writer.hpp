#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "service/answers/series.hpp"

namespace hashprice::service::answers {

/// mean, open, high, low, close, coverage.
const std::vector<std::string>& series_fields();

/// Some points of a series as text that any answer can take a part of: one text, or of columns one
/// for the times and one for each field. Every point of JSON has its comma before it.
struct PointTexts {
    std::vector<UtcSeconds> times;  ///< of each point, ascending
    std::vector<std::string> texts;
    std::vector<std::vector<std::uint32_t>> ends;  ///< of each text: where each point ends in it
    [[nodiscard]] std::size_t bytes() const;
};

/// Writes points as they come; the text of all calls together is the answer.
class SeriesWriter {
public:
    /// `fields`: which of series_fields(), in that order; empty: all.
    SeriesWriter(SeriesFormat format, const SeriesQuery& query, Step step,
                 const std::vector<std::string>& fields = {});
    std::string begin();
    std::string points(const std::vector<Point>& points);
    std::string end();

    /// The same in two steps, so that texts can be kept: of the points of any range, and of those
    /// of them that lie in one.
    [[nodiscard]] PointTexts texts_of(const std::vector<Point>& points) const;
    void add(const PointTexts& texts, const domain::Range& range, std::string& answer);
    /// How much of it that is, a comma more or less.
    [[nodiscard]] static std::size_t length(const PointTexts& texts, const domain::Range& range);

    /// What texts depend on besides the points: format, fields, denomination and hash rate.
    [[nodiscard]] std::uint32_t look() const;

private:
    void append(std::vector<std::string>& texts, const Point& p) const;
    [[nodiscard]] std::string head() const;
    [[nodiscard]] std::string columns() const;

    SeriesFormat format_;
    SeriesQuery query_;
    Step step_;
    std::vector<std::size_t> fields_;   ///< of series_fields()
    std::vector<std::string> columns_;  ///< columns cannot be streamed
    bool first_ = true;
};

}  // namespace hashprice::service::answers
