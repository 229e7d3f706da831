// A small fixed piece of a series for instructions_test.py: points written, and answers put
// together from what was written.
#include <cstdio>

#include "service/answers/series_pieces.hpp"

namespace {

using namespace hashprice;
namespace answers = hashprice::service::answers;
using domain::utc;

constexpr int kDays = 1'024;  // of instructions_test.py
const domain::Range kRange{utc(1672531200), utc(1672531200) + domain::kDay* kDays};  // from 2023

std::vector<answers::Point> points_of(const domain::Range& range) {
    std::vector<answers::Point> points;
    for (auto at = range.from; at < range.to; at += domain::kDay) {
        const double mean = 40 + static_cast<double>(domain::unix_s(at) % 7919) / 313;
        points.push_back({at, domain::Ohlc{mean, mean * 1.01, mean / 1.01, mean + 0.1, mean}, 1});
    }
    return points;
}

// What is counted between entry and return: kept whole, whatever is inlined.
[[gnu::noinline]] std::size_t counted_points(answers::SeriesWriter& writer,
                                             const std::vector<answers::Point>& points) {
    return writer.points(points).size();
}

[[gnu::noinline]] std::size_t counted_pieces(answers::SeriesWriter& writer,
                                             answers::SeriesPieces& pieces) {
    std::string answer;
    for (auto at = kRange.from; at < kRange.to;) {
        const auto piece =
            pieces.find(writer, domain::Step::day, at, 1, [](const domain::Range& stretch) {
                return domain::Result<std::vector<answers::Point>>(points_of(stretch));
            });
        const auto end =
            std::min(answers::SeriesPieces::stretch(domain::Step::day, at).to, kRange.to);
        writer.add(**piece, {at, end}, answer);
        at = end;
    }
    return answer.size();
}

}  // namespace

int main() {
    answers::SeriesQuery query;
    query.range = kRange;
    const auto fresh = [&] {
        return answers::SeriesWriter(answers::SeriesFormat::json, query, domain::Step::day);
    };
    auto writer = fresh();
    const std::size_t written = counted_points(writer, points_of(kRange));
    answers::SeriesPieces pieces(std::size_t{4} << 20U);
    const auto put_together = [&] {
        auto another = fresh();
        return counted_pieces(another, pieces);
    };
    std::size_t same = put_together();  // this one has to write them first
    for (int n = 1; n < 10; ++n) same += put_together();
    if (same != 10 * written) {
        std::fputs("the answers differ\n", stderr);
        return 1;
    }
    return 0;
}
