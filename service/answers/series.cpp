#include "service/answers/series.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "domain/printable.hpp"
#include "storage/bars.hpp"

namespace hashprice::service::answers {
namespace {

using domain::Errc;
using domain::fail;
using domain::Ohlc;

constexpr int kChunkBars = 250;  // a piece costs a fraction of a millisecond: others wait for it
// Of the live grid 360 observations; a stretch with few of them is read in longer pieces.
constexpr seconds kShortestRawChunk = 6 * domain::kHour;
constexpr seconds kLongestRawChunk = 64 * domain::kDay;
constexpr std::size_t kFewPoints = 100;

template <class Value, std::size_t N>
Result<Value> one_of(std::string_view text, std::string_view what,
                     const std::array<std::pair<std::string_view, Value>, N>& values) {
    std::string known;
    for (const auto& [name, value] : values) {
        if (name == text) return value;
        known += (known.empty() ? "" : ", ") + std::string(name);
    }
    return fail(Errc::usage,
                fmt::format("{} '{}' is none of {}", what, domain::printable(text, 40), known));
}

double factor_of(const SeriesQuery& q) {
    const double per = q.per == Per::th ? 1e-3 : q.per == Per::eh ? 1e3 : 1.0;
    return q.denomination == Denomination::btc ? per / domain::kSatPerBtc : per;
}

Ohlc times(const Ohlc& o, double factor) {
    if (factor == 1.0) return o;
    return {o.open * factor, o.high * factor, o.low * factor, o.close * factor, o.mean * factor};
}

Ohlc scaled(const SeriesQuery& q, const Ohlc& usd, const Ohlc& sat) {
    return times(q.denomination == Denomination::usd ? usd : sat, factor_of(q));
}

double length_of(Step step, UtcSeconds start) {
    return static_cast<double>((next_bar(step, start) - start).count());
}

/// How many bars a range has, those that reach over its ends among them; not for months.
std::int64_t bars_touched(const domain::Range& range, Step step) {
    const UtcSeconds first = bar_start(step, range.from + seconds{1});
    return (bar_start(step, range.to) - first) / domain::step_length(step) + 1;
}

}  // namespace

Result<Denomination> parse_denomination(std::string_view text) {
    return one_of(text, "denomination",
                  std::array{std::pair{std::string_view("usd"), Denomination::usd},
                             std::pair{std::string_view("btc"), Denomination::btc},
                             std::pair{std::string_view("sat"), Denomination::sat}});
}

Result<Per> parse_per(std::string_view text) {
    return one_of(text, "per",
                  std::array{std::pair{std::string_view("th"), Per::th},
                             std::pair{std::string_view("ph"), Per::ph},
                             std::pair{std::string_view("eh"), Per::eh}});
}

Result<SeriesFormat> parse_series_format(std::string_view text) {
    return one_of(text, "format",
                  std::array{std::pair{std::string_view("json"), SeriesFormat::json},
                             std::pair{std::string_view("rows"), SeriesFormat::rows},
                             std::pair{std::string_view("columns"), SeriesFormat::columns},
                             std::pair{std::string_view("csv"), SeriesFormat::csv}});
}

std::string unit_of(Denomination denomination, Per per) {
    constexpr std::array kMoney{"USD", "BTC", "sat"};
    constexpr std::array kRate{"TH", "PH", "EH"};
    return fmt::format("{}/{}/day", kMoney.at(static_cast<std::size_t>(denomination)),
                       kRate.at(static_cast<std::size_t>(per)));
}

Result<Step> step_of(storage::Database& db, const SeriesQuery& query) {
    if (query.step) return *query.step;
    const auto last = storage::observations_before(db, query.range.to, 1);
    if (!last) return tl::unexpected(last.error());
    const seconds native = last->empty() ? seconds{60} : last->front().observation.span;
    const seconds length = query.range.to - query.range.from;
    if (native < domain::kHour && (length + native - seconds{1}) / native <= query.max_points)
        return Step::raw;
    for (const Step step : {Step::hour, Step::six_hours, Step::day, Step::week}) {
        if (domain::step_length(step) < native) continue;
        if (bars_touched(query.range, step) <= query.max_points) return step;
    }
    return Step::month;
}

UtcSeconds first_bar(Step step, UtcSeconds from) { return bar_start(step, from + seconds{1}); }

Result<std::vector<Point>> bars_in(storage::Database& db, const SeriesQuery& query, Step step,
                                   const domain::Range& range) {
    UtcSeconds at = first_bar(step, range.from);
    if (at < range.from) at = next_bar(step, at);
    const auto bars = storage::bars_between(db, step, {at, range.to});
    if (!bars) return tl::unexpected(bars.error());
    std::vector<Point> points;
    auto bar = bars->begin();
    for (; at < range.to; at = next_bar(step, at)) {
        if (bar == bars->end() || bar->start != at) {
            points.push_back({at, std::nullopt, 0});
            continue;
        }
        points.push_back({at, scaled(query, bar->usd, bar->sat),
                          static_cast<double>(bar->covered_s) / length_of(step, at)});
        ++bar;
    }
    return points;
}

SeriesReader::SeriesReader(const SeriesQuery& query, Step step)
    : query_(query), step_(step), at_(query.range.from) {
    if (step == Step::raw) {
        at_ -= seconds{1};  // observations are asked for as (from, to]
    } else {
        at_ = first_bar(step, at_);
    }
}

Result<std::vector<Point>> SeriesReader::next(storage::Database& db) {
    return step_ == Step::raw ? next_raw(db) : next_bars(db);
}

/// Over what is empty, to just before the next observation; to `last` where none is left.
domain::Status SeriesReader::skip_to_the_next(storage::Database& db, UtcSeconds last) {
    const auto reach = storage::observation_after(db, at_);
    if (!reach) return tl::unexpected(reach.error());
    at_ = !*reach || **reach > last ? last : std::max(at_, **reach - seconds{1});
    return {};
}

void SeriesReader::learn_chunk(std::size_t found) {
    if (found < kFewPoints)
        raw_chunk_ = std::min(raw_chunk_ * 2, kLongestRawChunk);
    else if (raw_chunk_ > kShortestRawChunk && found > 4 * kFewPoints)
        raw_chunk_ /= 2;
}

Result<std::vector<Point>> SeriesReader::next_raw(storage::Database& db) {
    std::vector<Point> points;
    const UtcSeconds last = query_.range.to - seconds{1};
    while (points.empty() && at_ < last) {
        // what is empty today may have held something earlier
        const domain::Status skipped = query_.as_of ? domain::Status{} : skip_to_the_next(db, last);
        if (!skipped) return tl::unexpected(skipped.error());
        const UtcSeconds end = std::min(at_ + raw_chunk_, last);
        const auto kept = query_.as_of ? storage::observations_as_of(db, {at_, end}, *query_.as_of)
                                       : storage::observations_between(db, at_, end);
        if (!kept) return tl::unexpected(kept.error());
        for (const auto& k : *kept) {
            const domain::BarPiece piece = piece_of(k.observation);
            points.push_back({k.observation.time, scaled(query_, piece.usd, piece.sat), 1.0});
        }
        at_ = end;
        learn_chunk(points.size());
    }
    return points;
}

Result<std::vector<Point>> SeriesReader::next_bars(storage::Database& db) {
    UtcSeconds end = at_;
    for (int i = 0; i < kChunkBars && end < query_.range.to; ++i) end = next_bar(step_, end);
    auto points = bars_in(db, query_, step_, {at_, end});
    at_ = end;
    return points;
}

}  // namespace hashprice::service::answers
